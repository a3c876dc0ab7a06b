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
/** One that takes longer than this for a part is asked for the full length, for which a quadratic one takes minutes. */
const QUICK = 40;
const FULL = 1000;
/** Of a parser with a longest text: an eighth of it, for which a quadratic one takes a 64th of the time. */
const QUICK_EIGHTH = (4 * FULL) / 64;

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

/** All fillers, in as many runs as there are. */
const everything = Object.values(FILLERS)
  .map((filler) => repeated(filler, LONG / Object.keys(FILLERS).length))
  .join("\n");

test.each(Object.entries(PARSERS))(
  "%s takes time in proportion to the length of its text",
  (_name, { read, around, longest }) => {
    const timed = (frame: string, text: string) => cpuOf(() => read(frame.replaceAll("…", () => text)));
    const quick = longest === undefined ? QUICK : QUICK_EIGHTH;
    // The first time, the code is not compiled yet.
    const twice = (frame: string, text: string) => {
      const first = timed(frame, text);
      return first < quick || first > 10 * quick ? first : Math.min(first, timed(frame, text));
    };
    const [short, long, limit] = longest === undefined ? [SHORT, LONG, FULL] : [longest >> 3, longest, 4 * FULL];
    const slow = around.flatMap((frame) =>
      Object.entries(FILLERS).flatMap(([name, filler]) => {
        const part = twice(frame, repeated(filler, short));
        const all =
          part < quick ? 0 : part > 10 * quick ? Infinity : timed(frame, repeated(filler, long - frame.length));
        // A busy machine needs more processor time for the same work: twice in proportion to the part is no fault.
        return all < Math.max(limit, (2 * part * long) / short)
          ? []
          : [`${name} in ${JSON.stringify(frame)}: ${part} ms for ${short} characters, ${all} for ${long}`];
      }),
    );
    expect(slow).toEqual([]);
    // Parts are measured above; this is as long and as varied as a hostile host could make it.
    const [first = "…"] = around;
    expect(timed(first, everything)).toBeLessThan(FULL);
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
