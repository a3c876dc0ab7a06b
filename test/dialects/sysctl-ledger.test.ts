import fc from "fast-check";
import { claim, drop, type Entry, entriesOf, keep, release } from "../../provider/dialects/sysctl-ledger";

const word = fc.stringMatching(/^[a-z][a-z0-9 ]{0,8}[a-z0-9]$/);
const key = fc.stringMatching(/^net\.[a-z]{1,6}(?:\/[0-9])?\.[a-z_]{1,9}$/);
const wanted = fc.uniqueArray(
  fc.record({
    key,
    value: fc.integer({ min: 0, max: 9 }).map(String),
    reason: word,
    was: fc.constantFrom("0", "3\t50", ""),
  }),
  {
    selector: (one) => one.key,
    minLength: 1,
    maxLength: 4,
  },
);
const owner = fc.record({ name: word, boot: fc.boolean() });

test("what is claimed is read back", () => {
  fc.assert(
    fc.property(owner, wanted, (who, settings) => {
      const entries: Entry[] = settings.map((setting) => ({ ...setting, given: setting.value, owners: [who] }));
      expect(entriesOf(claim(undefined, who, settings))).toEqual(entries);
    }),
  );
});

test("claiming again changes nothing, and a release with a drop undoes it byte for byte", () => {
  fc.assert(
    fc.property(owner, wanted, owner, wanted, (first, settings, second, others) => {
      fc.pre(first.name !== second.name);
      const fresh = others.filter((one) => settings.every((setting) => setting.key !== one.key));
      const before = claim(undefined, first, settings);
      const after = claim(before, second, fresh);
      expect(claim(after, second, fresh)).toBe(after);
      expect(
        drop(
          release(after, second.name),
          fresh.map((one) => one.key),
        ),
      ).toBe(before);
      expect(
        drop(
          release(before, first.name),
          settings.map((one) => one.key),
        ),
      ).toBeUndefined();
    }),
  );
});

test("owners of one setting: the order in which they come leaves no trace", () => {
  const setting = { key: "net.ipv4.x", value: "1", reason: "why", was: "0" };
  const [a, b] = [
    { name: "a", boot: true },
    { name: "b", boot: false },
  ];
  expect(claim(claim(undefined, a, [setting]), b, [setting])).toBe(claim(claim(undefined, b, [setting]), a, [setting]));
});

test("what was before is recorded once", () => {
  const first = claim(undefined, { name: "a", boot: true }, [{ key: "net.x", value: "1", reason: "why", was: "0" }]);
  const again = claim(first, { name: "b", boot: true }, [{ key: "net.x", value: "1", reason: "why", was: "1" }]);
  expect(entriesOf(again)[0]?.was).toBe("0");
});

test("lines that somebody else wrote stay where they are", () => {
  const theirs = "# a note\nnet.core.somaxconn = 1024";
  const ours = claim(undefined, { name: "a", boot: true }, [{ key: "net.x", value: "1", reason: "why", was: "0" }]);
  const mixed = `${ours}\n${theirs}\n`;
  expect(claim(mixed, { name: "a", boot: true }, [{ key: "net.x", value: "1", reason: "why", was: "0" }])).toBe(mixed);
  expect(drop(release(mixed, "a"), ["net.x"])).toContain(theirs);
});

test("only what nobody owns can be dropped or kept", () => {
  const text = claim(undefined, { name: "a", boot: true }, [{ key: "net.x", value: "1", reason: "why", was: "0" }]);
  expect(drop(text, ["net.x"])).toBe(text);
  expect(keep(text, ["net.x"], "no")).toBe(text);
  expect(entriesOf(keep(release(text, "a"), ["net.x"], "a VIP is up"))[0]?.kept).toBe("a VIP is up");
});

test("an owner without boot alone leaves nothing for the next boot to set", () => {
  const text = claim(undefined, { name: "a", boot: false }, [{ key: "net.x", value: "1", reason: "why", was: "0" }]);
  expect(text.split("\n").filter((line) => line !== "" && !line.startsWith("#"))).toEqual([]);
});
