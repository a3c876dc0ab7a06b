import type { Fact } from "../fact";
import { FRAGMENTS_PATTERN, fragmentName, RUN_FOLDER } from "./paths";

/** Of the files that say that rules are to be kept, with the name of the service behind it. */
export const KEPT_PREFIX = `${RUN_FOLDER}/kept-`;

/** Names of files of ours. */
export interface OursThere {
  readonly fragments: readonly string[];
  /** Of services whose rules are added again and again now, or were when a run was cut. */
  readonly kept: readonly string[];
}

/** Cheap, for hosts that may have none. */
export const oursThere: Fact<OursThere> = {
  command: {
    inShell: true,
    sh: `for file in ${FRAGMENTS_PATTERN} ${KEPT_PREFIX}*; do [ ! -e "$file" ] || printf '%s\\n' "$file"; done`,
  },
  parse: (output) => {
    const files = output.split("\n").filter((line) => line !== "");
    const kept = files.filter((file) => file.startsWith(KEPT_PREFIX));
    return {
      fragments: files.filter((file) => !kept.includes(file)).map(fragmentName),
      kept: kept.map((file) => file.slice(KEPT_PREFIX.length)),
    };
  },
};

/** The answer where there is a file of ours, and elsewhere that of a host without keepalived: for those who have only something to remove. */
export function whereOurs<T>(fact: Fact<T>): Fact<T> {
  const { command } = fact;
  if (!("sh" in command)) return fact;
  const sh = `for file in ${FRAGMENTS_PATTERN}; do\n[ ! -e "$file" ] || {\n${command.sh}\n}\nbreak\ndone`;
  return { ...fact, command: { ...command, sh } };
}
