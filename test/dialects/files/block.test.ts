import fc from "fast-check";
import {
  emptyBlock,
  findBlock,
  formatBlock,
  hasBlock,
  type Marks,
  withoutBlock,
} from "../../../provider/dialects/files/block";

const marks: Marks = { begin: "# ours begin", end: "# ours end" };
const put = (text: string | undefined) => formatBlock({ ...emptyBlock(text), block: ["rule\n"] }, marks);
const taken = (text: string) => {
  const file = findBlock(text, marks);
  return file === undefined ? text : withoutBlock(file);
};

test.each([
  { why: "a file that was not there goes with the block", text: undefined, note: " (new file)" },
  { why: "an empty file stays", text: "", note: "" },
  { why: "a complete file needs no note", text: "theirs\n", note: "" },
  { why: "an open last line is open again afterwards", text: "theirs", note: " (no newline before)" },
])("$why", ({ text, note }) => {
  const above = text === undefined || text === "" ? "" : "theirs\n";
  expect(put(text)).toBe(`${above}# ours begin${note}\nrule\n# ours end\n`);
  expect(taken(put(text))).toBe(text);
});

test("lines that somebody adds below stay, and keep their line end", () => {
  expect(taken(`${put("theirs")}more\n`)).toBe("theirs\nmore\n");
  expect(taken(`${put(undefined)}more\n`)).toBe("more\n");
});

test("blocks with other marks are other blocks", () => {
  const other: Marks = { begin: "# ours begin 2", end: "# ours end 2" };
  const both = formatBlock({ ...emptyBlock(put("theirs\n")), block: ["2\n"] }, other);
  expect(findBlock(both, marks)?.block).toEqual(["rule\n"]);
  expect(findBlock(both, other)?.block).toEqual(["2\n"]);
  expect([hasBlock(both, other), hasBlock("# ours end 2\n", other)]).toEqual([true, false]);
});

test("a block without an end is an error: what is ours cannot be told from what is not", () => {
  expect(() => findBlock("# ours begin\nrule\ntheirs\n", marks)).toThrow(
    'the block that starts with "# ours begin" has no line "# ours end": put it back, or remove the block',
  );
});

test("a block that comes and goes leaves any file byte for byte", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom("a", "", "# b", " ")), fc.constantFrom("", "\n"), (lines, end) => {
      const text = lines.join("\n") + end;
      expect(taken(put(text))).toBe(text);
      expect(findBlock(put(text), marks)?.block).toEqual(["rule\n"]);
    }),
  );
});
