import type { Fact } from "./fact";
import { type Files, fileLines, type Line, parseLines } from "./lines";

/** What the network managers of a host have lying about: the programs that show which is there, and the files they read at boot. */
export interface Network {
  /** Of the paths that tell managers apart, those that are there. */
  readonly there: ReadonlySet<string>;
  readonly files: Files;
}

/** Asked by paths alone: no manager is run. Patterns, because units and links may have several homes. */
export function network(signs: readonly string[], files: readonly string[]): Fact<Network> {
  const lines = fileLines(...files).command;
  if (!("sh" in lines)) throw new Error("files are read by a shell");
  return {
    command: { sh: SIGNS + lines.sh, args: [String(signs.length), ...signs, ...files] },
    parse: parseNetwork,
  };
}

const SIGNS = `left=$1; shift
while [ "$left" -gt 0 ]; do
  for sign in $1; do if [ -e "$sign" ] || [ -L "$sign" ]; then echo "there	$1"; break; fi; done
  shift; left=$((left - 1))
done
`;

export function parseNetwork(output: string): Network {
  const lines = output.split("\n");
  const isSign = (line: string) => line.startsWith("there\t");
  return {
    there: new Set(lines.filter(isSign).map((line) => line.slice("there\t".length))),
    files: parseLines(lines.filter((line) => !isSign(line)).join("\n")),
  };
}

/** The lines of a file; undefined when there is no such file. */
export function textOf({ files }: Network, path: string): string[] | undefined {
  return files.get(path)?.map(({ text }: Line) => text);
}
