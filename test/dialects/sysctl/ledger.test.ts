import fc from "fast-check";
import { claim, drop, entriesOf, keep, release } from "../../../provider/dialects/sysctl/ledger";
import type { Entry } from "../../../provider/dialects/sysctl/ledger-text";

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

describe("what somebody wrote into the file", () => {
  const who = { name: "a", boot: true };
  const settings = [
    { key: "net.x", value: "1", reason: "why", was: "0" },
    { key: "net.y", value: "2", reason: "because", was: "5" },
  ];
  const ours = claim(undefined, who, settings);
  const line = fc.constantFrom(
    "# a note",
    "net.core.somaxconn = 1024",
    "; kernel.x=1",
    "# net.x is for us",
    "net.y2 = 1",
  );

  test.each([
    ["at the end", `${ours}net.z = 1\n`, ["net.z = 1"]],
    ["apart, at the end", `${ours}\n# a note\nnet.z = 1\n`, ["# a note", "net.z = 1"]],
    ["at the top", `net.z = 1\n${ours}`, ["net.z = 1"]],
    ["between", ours.replace("\n\n# because", "\nnet.z = 1\n# because"), ["net.z = 1"]],
    ["before an entry", ours.replace("# because", "# a note\n# because"), ["# a note"]],
    ["in an entry", ours.replace("# was: 5", "# a note\n# was: 5"), ["# a note"]],
    ["in an entry, a setting", ours.replace("# was: 5", "net.z = 1\n# was: 5"), ["net.z = 1"]],
  ])("%s: it stays, and our entries keep their stories", (_where, text, theirs) => {
    expect(entriesOf(text)).toEqual(entriesOf(ours));
    const left = drop(release(claim(text, who, settings), "a"), ["net.x", "net.y"]);
    expect(left).toBe(`${theirs.join("\n")}\n`);
  });

  test.each([
    ["changed", "net.y = 7", "7"],
    ["spelled otherwise", "net.y=2", "2"],
    ["silenced", "#net.y = 2", undefined],
    ["silenced with a semicolon", "; net.y=2", undefined],
    ["taken out", "", undefined],
  ])("a setting that is %s is still ours, and made again", (_how, written, value) => {
    const text = ours.replace("\nnet.y = 2\n", written === "" ? "\n" : `\n${written}\n`);
    const [first, { value: _, ...rest } = { value: "", key: "" }] = entriesOf(ours);
    expect(entriesOf(text)).toEqual([first, { ...rest, ...(value !== undefined && { value }) }]);
    expect(claim(text, who, settings)).toBe(ours);
    expect(drop(release(text, "a"), ["net.x", "net.y"])).toBeUndefined();
  });

  test.each([
    ["the first of two", ours.replace("\nnet.x = 1\n", "\n")],
    ["the first of two, with the empty line behind it", ours.replace("\nnet.x = 1\n\n", "\n")],
  ])("%s is taken out: the one behind it keeps its story, and it keeps its own", (_which, text) => {
    const [{ value: _, ...first } = { value: "", key: "" }, second] = entriesOf(ours);
    expect(entriesOf(text)).toEqual([first, second]);
    expect(claim(text, who, settings)).toBe(ours);
  });

  test("a setting that somebody took out is not made by a write for another one", () => {
    const text = ours.replace("\nnet.y = 2\n", "\n");
    expect(claim(text, { name: "b", boot: true }, [{ key: "net.b", value: "1", reason: "else" }])).not.toMatch(
      /^net\.y/m,
    );
  });

  test("any lines, anywhere: all of them are there after a destroy, and none of ours", () => {
    const inserted = fc.array(fc.tuple(fc.nat(), fc.oneof(line, fc.constant(""))), { maxLength: 6 });
    fc.assert(
      fc.property(inserted, (insertions) => {
        const lines = ours.trimEnd().split("\n");
        for (const [where, text] of insertions) {
          const at = where % (lines.length + 1);
          // Between a reason and the notes nobody can tell a comment from a reason.
          lines.splice(/^# (?:why|because)$/.test(lines[at - 1] ?? "") ? at - 1 : at, 0, text);
        }
        const claimed = claim(`${lines.join("\n")}\n`, who, settings);
        expect(claim(claimed, who, settings)).toBe(claimed);
        expect(entriesOf(claimed).map(({ key, was }) => [key, was])).toEqual([
          ["net.x", "0"],
          ["net.y", "5"],
        ]);
        const left = (drop(release(claimed, "a"), ["net.x", "net.y"]) ?? "").split("\n").filter((text) => text !== "");
        expect(left.sort()).toEqual(
          insertions
            .map(([, text]) => text)
            .filter((text) => text !== "")
            .sort(),
        );
      }),
    );
  });
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
