import { matchesPatterns } from "../patterns";
import { type Directive, lineError } from "./directives";

/** The host that is looked up, as far as it is known at a line of the file. */
export interface Requested {
  /** As it was given. */
  readonly original: string;
  /** With the HostName that was read so far. */
  readonly host: string;
  readonly user: string;
  readonly localUser: string;
  /** The files are read for the second time, because `Match final` asks for it. */
  readonly isFinal: boolean;
}

/** Whether the lines below a `Match` apply. */
export function matchApplies({ words, where }: Directive, requested: Requested): boolean {
  const criteria = criteriaOf(words, where);
  const isAll = criteria.some(({ attribute }) => attribute === "all");
  if (isAll && criteria.some(({ attribute }) => !ALONE.includes(attribute)))
    throw lineError(where, "Match all stands alone");
  const unknown: string[] = [];
  let result = true;
  for (const { attribute, negated, argument } of criteria) {
    const found = check(attribute, argument, requested);
    if (found === undefined) unknown.push(argument.includes("'") ? `${attribute} ${argument}` : attribute);
    else if (found === negated) result = false;
  }
  // Whatever the others say, the lines do not apply.
  if (!result || unknown.length === 0) return result;
  throw lineError(where, `Match ${unknown.join(", ")} is not supported, and decides here about ${requested.original}`, [
    "Match host, originalhost, user, localuser, final and all are read. Give the fields in lvs:hosts instead, or as sshConfig a file without this line.",
  ]);
}

/** Whether the files have to be read a second time. */
export function wantsFinal({ keyword, words }: Directive): boolean {
  return keyword === "match" && words.some((word) => /^!?final$/i.test(word));
}

interface Criterion {
  readonly attribute: string;
  readonly negated: boolean;
  readonly argument: string;
}

const ALONE = ["all", "canonical", "final"];

function criteriaOf(words: readonly string[], where: string): readonly Criterion[] {
  const criteria: Criterion[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const [first, joined] = splitAt(words[at] ?? "", "=");
    const negated = first.startsWith("!");
    const attribute = (negated ? first.slice(1) : first).toLowerCase();
    const argument = ALONE.includes(attribute) ? "" : (joined ?? words[(at += 1)]);
    if (argument === undefined) throw lineError(where, `nothing follows Match ${attribute}`);
    criteria.push({ attribute, negated, argument });
  }
  return criteria;
}

function splitAt(word: string, separator: string): readonly [string, string?] {
  const at = word.indexOf(separator);
  return at === -1 ? [word] : [word.slice(0, at), word.slice(at + 1)];
}

/** Undefined: it cannot be told. Earlier versions of ssh take a single quotation mark for a part of the argument. */
function check(attribute: string, argument: string, requested: Requested): boolean | undefined {
  if (argument.includes("'")) return undefined;
  switch (attribute) {
    case "all":
      return true;
    case "canonical":
    case "final":
      return requested.isFinal;
    case "host":
      return matchesPatterns(requested.host.toLowerCase(), argument.toLowerCase().split(","));
    case "originalhost":
      return matchesPatterns(requested.original.toLowerCase(), argument.toLowerCase().split(","));
    case "user":
      return matchesPatterns(requested.user, argument.split(","));
    case "localuser":
      return matchesPatterns(requested.localUser, argument.split(","));
    default:
      return undefined;
  }
}
