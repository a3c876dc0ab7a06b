import { PARSERS, WITHOUT_TEXT } from "./parsers";
import { providerSources } from "./sources";

/** What a host's file may hold by accident or by intent. Each grows to the length that is asked for. */
const FILLERS: Readonly<Record<string, string>> = {
  blanks: " ",
  tabs: "\t",
  "blanks that only JavaScript knows": "\u00a0",
  "empty lines": "\n",
  "DOS lines": "\r\n",
  "lines of blanks": "   \n",
  words: "a ",
  "one word": "a",
  commas: "a,",
  digits: "1",
  slashes: "/",
  dots: "..",
  colons: "a:",
  dashes: "-",
  stars: "*?",
  comments: "# a = b\n",
  "one comment": "#",
  semicolons: ";a\n",
  "double quotes": '"',
  "single quotes": "'",
  "quoted blanks": '" " ',
  backslashes: "\\",
  continuations: "\\\n",
  "continued words": "a \\\n",
  "continued comments": "# \\\n",
  "octal codes": "\\040",
  equals: "=",
  assignments: "a = b\n",
  "assignments with long blanks": `a${" ".repeat(500)}=${" ".repeat(500)}b\n`,
  parentheses: "(",
  clients: "a(rw) ",
  brackets: "[",
  braces: "{",
  sections: "[a]\n",
  lists: "- a\n",
  nests: "a:\n ",
  rules: "-a -t 1.2.3.4:80 -r 1.2.3.5:80\n",
  dollars: "$a",
  backquotes: "`",
};

const SHORT = 1 << 15;
const LONG = 1 << 20;
/** A quadratic parser takes minutes for as much; one that takes longer than this is asked for the full length. */
const QUICK = 40;
const FULL = 1000;

/** Milliseconds of this process: other work of the machine does not count. */
function cpuOf(work: () => void): number {
  const before = process.cpuUsage();
  try {
    work();
  } catch {
    // Refused: in its time, too.
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

const repeated = (filler: string, length: number) => filler.repeat(Math.ceil(length / filler.length));

/** All fillers, in as many runs as there are, in one text of the full length. */
const mixed = Object.values(FILLERS)
  .map((filler) => repeated(filler, LONG / Object.keys(FILLERS).length))
  .join("\n");

test.each(Object.entries(PARSERS))(
  "%s takes time in proportion to the length of its text",
  (_name, { read, around, longest }) => {
    const timed = (frame: string, text: string) => cpuOf(() => read(frame.replaceAll("…", () => text)));
    const slow = around.flatMap((frame) => [
      ...Object.entries(FILLERS).flatMap(([name, filler]) => {
        const short = timed(frame, repeated(filler, (longest ?? SHORT) - frame.length));
        if (longest !== undefined) return short < 4 * FULL ? [] : [`${name} in ${JSON.stringify(frame)}: ${short} ms`];
        const long = short < QUICK ? 0 : short > 10 * QUICK ? Infinity : timed(frame, repeated(filler, LONG));
        return long < FULL
          ? []
          : [`${name} in ${JSON.stringify(frame)}: ${short} ms for ${SHORT} characters, then ${long}`];
      }),
      ...(timed(frame, mixed) < FULL ? [] : [`everything in ${JSON.stringify(frame)}`]),
    ]);
    expect(slow).toEqual([]);
  },
  120_000,
);

test("every parser of provider/ is in the table, or takes no text of a host", () => {
  const found = providerSources().flatMap(({ text }) =>
    [
      ...text.matchAll(
        /^export (?:function|const) ((?:parse|split|unescape|declaredBy|declaredIn)[A-Z]\w*|read[A-Z]\w*)\b/gm,
      ),
    ].map(([, name = ""]) => name),
  );
  expect(found.length).toBeGreaterThan(30);
  const known = [...Object.keys(PARSERS).map((name) => name.split(" ")[0]), ...WITHOUT_TEXT];
  expect(found.filter((name) => !known.includes(name))).toEqual([]);
});
