import type { FileStep, Step } from "../../step";
import { fileText } from "./text";

/**
 * How things were on this host before we first touched them, where nothing else on it tells: a line of JSON for each thing.
 * It is on the host and not in Pulumi's state alone, because a first run that is cut off leaves no state.
 */
export const ORIGINAL_STATE_FILE = "/var/lib/pulumi-lvs/before";

export const originalState = fileText(ORIGINAL_STATE_FILE);

/** What is remembered of a thing. */
export function originalOf(text: string | undefined, kind: string, key: string): unknown {
  const line = linesOf(text).find((one) => one.startsWith(prefix(kind, key)));
  return line === undefined ? undefined : (JSON.parse(line) as readonly unknown[])[2];
}

/** The first memory stays: a later one would be of our own doing. */
export function recordOriginal(kind: string, key: string, value: unknown): FileStep {
  const line = JSON.stringify([kind, key, value]);
  return {
    file: ORIGINAL_STATE_FILE,
    summary: `remember how ${key} was: ${JSON.stringify(value)}`,
    edit: (text) => (originalOf(text, kind, key) === undefined ? textOf([...linesOf(text), line]) : text),
  };
}

/** With the last line goes the file, and with it the directory. */
export function dropOriginal(kind: string, key: string): readonly Step[] {
  return [
    {
      file: ORIGINAL_STATE_FILE,
      summary: `forget how ${key} was`,
      edit: (text) => textOf(linesOf(text).filter((line) => !line.startsWith(prefix(kind, key)))),
    },
    {
      command: { sh: 'rmdir -- "$1" 2>/dev/null || :', args: [ORIGINAL_STATE_FILE.replace(/\/[^/]*$/, "")] },
      once: true,
    },
  ];
}

function prefix(kind: string, key: string): string {
  return `${JSON.stringify([kind, key]).slice(0, -1)},`;
}

function linesOf(text: string | undefined): string[] {
  return (text ?? "").split("\n").filter((line) => line !== "");
}

function textOf(lines: readonly string[]): string | undefined {
  return lines.length === 0 ? undefined : `${lines.join("\n")}\n`;
}
