import type { Fact } from "../fact";
import { ORIGINAL_STATE_FILE } from "../files/original-state";
import { FRAGMENTS_PATTERN, fragmentName, KEEPALIVED_DROP_IN, LOADED, RUN_FOLDER } from "./paths";

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

/** The answer where anything of ours is left, and elsewhere undefined: for those who have only something to remove. */
export function whereOurs<T>(fact: Fact<T>): Fact<T | undefined> {
  const { command, parse } = fact;
  if (!("sh" in command)) return fact;
  return {
    ...fact,
    command: { ...command, sh: `if ${IS_OURS}; then\necho ours\n${command.sh}\nfi` },
    parse: (output) => (output.startsWith("ours\n") ? parse(output.slice(5)) : undefined),
  };
}

// What was there before us is recorded first, and forgotten last.
const IS_OURS = `for file in ${FRAGMENTS_PATTERN} ${LOADED} ${KEEPALIVED_DROP_IN}; do
  [ ! -e "$file" ] || break
done
[ -e "$file" ] || { [ -e ${ORIGINAL_STATE_FILE} ] && grep -q '^\\["keepalived",' ${ORIGINAL_STATE_FILE} 2>/dev/null; }`;
