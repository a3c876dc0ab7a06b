import fc from "fast-check";
import {
  addOwner,
  dropUnowned,
  keepUnowned,
  parseEntries,
  removeOwner,
} from "../../../provider/dialects/sysctl/ledger";
import type { LedgerEntry } from "../../../provider/dialects/sysctl/ledger-text";

const word = fc.stringMatching(/^[a-z][a-z0-9 ]{0,8}[a-z0-9]$/);
const key = fc.stringMatching(/^net\.[a-z]{1,6}(?:\/[0-9])?\.[a-z_]{1,9}$/);
const wanted = fc.uniqueArray(
  fc.record({
    key,
    desired: fc.integer({ min: 0, max: 9 }).map(String),
    reason: word,
    original: fc.constantFrom("0", "3\t50", ""),
  }),
  {
    selector: (one) => one.key,
    minLength: 1,
    maxLength: 4,
  },
);
const owner = fc.record({ name: word, boot: fc.boolean() });

test("settings that are written are read back", () => {
  fc.assert(
    fc.property(owner, wanted, (who, settings) => {
      const entries: LedgerEntry[] = settings.map((setting) => ({
        ...setting,
        written: setting.desired,
        owners: [who],
      }));
      expect(parseEntries(addOwner(undefined, who, settings))).toEqual(entries);
    }),
  );
});

test("adding an owner twice changes nothing, and removing it with its settings restores the text byte for byte", () => {
  fc.assert(
    fc.property(owner, wanted, owner, wanted, (first, settings, second, others) => {
      fc.pre(first.name !== second.name);
      const fresh = others.filter((one) => settings.every((setting) => setting.key !== one.key));
      const before = addOwner(undefined, first, settings);
      const after = addOwner(before, second, fresh);
      expect(addOwner(after, second, fresh)).toBe(after);
      expect(
        dropUnowned(
          removeOwner(after, second.name),
          fresh.map((one) => one.key),
        ),
      ).toBe(before);
      expect(
        dropUnowned(
          removeOwner(before, first.name),
          settings.map((one) => one.key),
        ),
      ).toBeUndefined();
    }),
  );
});

test("the order in which owners are added does not show in the text", () => {
  const setting = { key: "net.ipv4.x", desired: "1", reason: "why", original: "0" };
  const [a, b] = [
    { name: "a", boot: true },
    { name: "b", boot: false },
  ];
  expect(addOwner(addOwner(undefined, a, [setting]), b, [setting])).toBe(
    addOwner(addOwner(undefined, b, [setting]), a, [setting]),
  );
});

test("the original value is recorded once, by the first owner", () => {
  const first = addOwner(undefined, { name: "a", boot: true }, [
    { key: "net.x", desired: "1", reason: "why", original: "0" },
  ]);
  const again = addOwner(first, { name: "b", boot: true }, [
    { key: "net.x", desired: "1", reason: "why", original: "1" },
  ]);
  expect(parseEntries(again)[0]?.original).toBe("0");
});

test("lines of others after the entries stay there", () => {
  const theirs = "# a note\nnet.core.somaxconn = 1024";
  const ours = addOwner(undefined, { name: "a", boot: true }, [
    { key: "net.x", desired: "1", reason: "why", original: "0" },
  ]);
  const mixed = `${ours}\n${theirs}\n`;
  expect(
    addOwner(mixed, { name: "a", boot: true }, [{ key: "net.x", desired: "1", reason: "why", original: "0" }]),
  ).toBe(mixed);
  expect(dropUnowned(removeOwner(mixed, "a"), ["net.x"])).toContain(theirs);
});

describe("lines of others, and edited lines", () => {
  const who = { name: "a", boot: true };
  const settings = [
    { key: "net.x", desired: "1", reason: "why", original: "0" },
    { key: "net.y", desired: "2", reason: "because", original: "5" },
  ];
  const ours = addOwner(undefined, who, settings);
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
  ])("%s: they stay, and our entries are read as before", (_where, text, theirs) => {
    expect(parseEntries(text)).toEqual(parseEntries(ours));
    const left = dropUnowned(removeOwner(addOwner(text, who, settings), "a"), ["net.x", "net.y"]);
    expect(left).toBe(`${theirs.join("\n")}\n`);
  });

  test.each([
    ["edited", "net.y = 7", "7"],
    ["written without blanks", "net.y=2", "2"],
    ["commented out", "#net.y = 2", undefined],
    ["commented out with a semicolon", "; net.y=2", undefined],
    ["removed", "", undefined],
  ])("a line that was %s still belongs to its entry, and is written again", (_how, written, value) => {
    const text = ours.replace("\nnet.y = 2\n", written === "" ? "\n" : `\n${written}\n`);
    const [first, { written: _, ...rest } = { value: "", key: "" }] = parseEntries(ours);
    expect(parseEntries(text)).toEqual([first, { ...rest, ...(value !== undefined && { written: value }) }]);
    expect(addOwner(text, who, settings)).toBe(ours);
    expect(dropUnowned(removeOwner(text, "a"), ["net.x", "net.y"])).toBeUndefined();
  });

  test.each([
    ["the first of two", ours.replace("\nnet.x = 1\n", "\n")],
    ["the first of two, with the empty line after it", ours.replace("\nnet.x = 1\n\n", "\n")],
  ])("%s is removed: its entry and the next one keep their notes", (_which, text) => {
    const [{ written: _, ...first } = { value: "", key: "" }, second] = parseEntries(ours);
    expect(parseEntries(text)).toEqual([first, second]);
    expect(addOwner(text, who, settings)).toBe(ours);
  });

  test("a removed line is not written again by a change of another entry", () => {
    const text = ours.replace("\nnet.y = 2\n", "\n");
    expect(addOwner(text, { name: "b", boot: true }, [{ key: "net.b", desired: "1", reason: "else" }])).not.toMatch(
      /^net\.y/m,
    );
  });

  test("lines inserted anywhere are all there after a destroy, and no line of ours is", () => {
    const inserted = fc.array(fc.tuple(fc.nat(), fc.oneof(line, fc.constant(""))), { maxLength: 6 });
    fc.assert(
      fc.property(inserted, (insertions) => {
        const lines = ours.trimEnd().split("\n");
        for (const [where, text] of insertions) {
          const at = where % (lines.length + 1);
          // Between a reason and its notes, a comment cannot be told from a reason.
          lines.splice(/^# (?:why|because)$/.test(lines[at - 1] ?? "") ? at - 1 : at, 0, text);
        }
        const claimed = addOwner(`${lines.join("\n")}\n`, who, settings);
        expect(addOwner(claimed, who, settings)).toBe(claimed);
        expect(parseEntries(claimed).map(({ key: name, original }) => [name, original])).toEqual([
          ["net.x", "0"],
          ["net.y", "5"],
        ]);
        const left = (dropUnowned(removeOwner(claimed, "a"), ["net.x", "net.y"]) ?? "")
          .split("\n")
          .filter((text) => text !== "");
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

test("only settings without an owner can be dropped or kept", () => {
  const text = addOwner(undefined, { name: "a", boot: true }, [
    { key: "net.x", desired: "1", reason: "why", original: "0" },
  ]);
  expect(dropUnowned(text, ["net.x"])).toBe(text);
  expect(keepUnowned(text, ["net.x"], "no")).toBe(text);
  expect(parseEntries(keepUnowned(removeOwner(text, "a"), ["net.x"], "a VIP is up"))[0]?.keptBecause).toBe(
    "a VIP is up",
  );
});

test("with owners that do not persist it, the next boot sets nothing", () => {
  const text = addOwner(undefined, { name: "a", boot: false }, [
    { key: "net.x", desired: "1", reason: "why", original: "0" },
  ]);
  expect(text.split("\n").filter((line) => line !== "" && !line.startsWith("#"))).toEqual([]);
});
