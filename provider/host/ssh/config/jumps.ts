import { isIPv6 } from "node:net";
import { type Directive, lineError } from "./directives";

/** A host of `ProxyJump`. */
export interface Jump {
  readonly host: string;
  readonly user: string | undefined;
  readonly port: number | undefined;
}

/** `ops@bastion:2222,ssh://inner` in the order in which they are passed. */
export function parseJumps(directive: Directive, words: string): readonly Jump[] {
  if (words.toLowerCase() === "none") return [];
  return words.split(",").map((word) => parseJump(word, directive));
}

function parseJump(word: string, { where, name }: Directive): Jump {
  // ssh makes a command of it, in which %h is the host behind it, and %r its user. In a URI, %40 is an @.
  if (word.includes("%"))
    throw lineError(
      where,
      `${name} has ${JSON.stringify(word)}: % is not supported there, write out what it stands for`,
    );
  const plain = word
    .trim()
    .replace(/^ssh:\/\//i, "")
    .replace(/\/$/, "");
  const at = plain.lastIndexOf("@");
  const [user, target] = at === -1 ? [undefined, plain] : [plain.slice(0, at), plain.slice(at + 1)];
  const found = isIPv6(target) ? ["", "", target] : /^(?:\[([^\]]+)\]|([^:[\]]+))(?::(\d{0,5}))?$/.exec(target);
  const [, bracketed = "", bare = "", port = ""] = found ?? [];
  const host = bracketed === "" ? bare : bracketed;
  if (host === "" || user === "" || (port !== "" && !isPort(port)))
    throw lineError(where, `${name} has ${JSON.stringify(word)}, which is no [user@]host[:port]`);
  return { host, user, port: port === "" ? undefined : Number(port) };
}

export function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) > 0 && Number(text) < 65536;
}
