import { hostname, userInfo } from "node:os";
import { ownValue } from "../../../model/own-value";
import { expandHome, sshHome } from "../local-files";
import { type Directive, lineError } from "./directives";

/** What `%h` and the like stand for. */
export interface Tokens {
  readonly original: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly hostKeyAlias: string | undefined;
}

/** `HostName %h.example.net` of a host. */
export function expandHostName(directive: Directive, original: string): string {
  return replaceTokens(directive.words[0] ?? "", directive, { "%": "%", h: original }).toLowerCase();
}

/** A path with `~`, tokens and variables of the environment. */
export function expandPath(word: string, { where, name }: Directive, tokens: Tokens): string {
  const { original, host, port, user, hostKeyAlias } = tokens;
  const me = userInfo();
  const local = hostname();
  const values = {
    "%": "%",
    d: sshHome(),
    h: host,
    i: String(me.uid),
    k: hostKeyAlias ?? original,
    L: local.split(".")[0] ?? "",
    l: local,
    n: original,
    p: String(port),
    r: user,
    u: me.username,
  };
  refuseOtherHome(word, { where, name });
  const expanded = replaceTokens(expandHome(word, sshHome()), { where, name }, values);
  return expanded.replaceAll(/\$\{([^}]*)\}/g, (_whole, variable: string) => {
    const value = ownValue(process.env, variable);
    if (value === undefined) throw lineError(where, `${name} names the variable ${variable}, which is not set`);
    return value;
  });
}

/** `~ops/key` would be looked for elsewhere. */
export function refuseOtherHome(word: string, { where, name }: Pick<Directive, "where" | "name">): void {
  const [other] = /^~[^/]+/.exec(word) ?? [];
  if (other === undefined) return;
  throw lineError(where, `${name} has ${other}, the home of another user, which is not supported: write its path`);
}

function replaceTokens(
  text: string,
  { where, name }: Pick<Directive, "where" | "name">,
  values: Readonly<Record<string, string>>,
): string {
  return text.replaceAll(/%(.?)/gs, (whole, letter: string) => {
    const value = ownValue(values, letter);
    if (value === undefined) throw lineError(where, `${name} has ${whole}, which is not supported there`);
    return value;
  });
}
