import { isIP } from "node:net";
import { userInfo } from "node:os";
import type { Reach } from "../../../model/connection";
import { ownValue } from "../../../model/own-value";
import { type Directive, lineError } from "./directives";
import { isPort, type Jump, parseJumps } from "./jumps";
import { REFUSED } from "./keywords";
import { readValues, type Values } from "./read";
import { expandHostName, expandPath, type Tokens } from "./tokens";

/** What ssh_config says about a host, with what its entry says itself. */
export interface Found {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** Undefined: the usual ones, as far as they are there. */
  readonly identityFiles: readonly string[] | undefined;
  readonly certificateFiles: readonly string[];
  readonly identitiesOnly: boolean;
  /** A socket, `none`, or undefined: that of the environment. */
  readonly agent: string | undefined;
  /** In the order in which they are passed. */
  readonly jumps: readonly Jump[];
  /** The first is written to. */
  readonly userKnownHosts: readonly string[] | undefined;
  readonly globalKnownHosts: readonly string[] | undefined;
  readonly hostKeyAlias: string | undefined;
  /** A list, or changes to the usual one. */
  readonly hostKeyAlgorithms: string | undefined;
  readonly hostKeyCheck: "strict" | "accept-new";
  readonly hashKnownHosts: boolean;
  readonly connectTimeout: number | undefined;
  /** Bits. */
  readonly requiredRsaSize: number;
  /** 0: any. */
  readonly family: 0 | 4 | 6;
}

/** Throws a DialError for what cannot be followed, with its file and line. */
export async function readSshConfig(reach: Reach, path: true | string): Promise<Found> {
  const { host: original } = reach;
  const values = await readValues(path, { host: original, user: reach.user });
  refuse(values, reach);
  const value = (keyword: string) => single(values.first.get(keyword));
  const hostName = values.first.get("hostname");
  const host = hostName === undefined ? original.toLowerCase() : expandHostName(hostName, original);
  const port = reach.port ?? portOf(values.first.get("port"));
  const user = reach.user ?? userOf(values.first.get("user")) ?? userInfo().username;
  const hostKeyAlias = value("hostkeyalias")?.toLowerCase();
  const tokens: Tokens = { original, host, port, user, hostKeyAlias };
  const paths = (directives: readonly Directive[]) =>
    directives.flatMap((one) => one.words.map((word) => expandPath(word, one, tokens)));
  const pathsOf = (keyword: string) => {
    const directive = values.first.get(keyword);
    return directive && paths([directive]).filter((path) => path.toLowerCase() !== "none");
  };
  const identities = values.lists.get("identityfile");
  return {
    host,
    port,
    user,
    hostKeyAlias,
    identityFiles: identities && unique(paths(identities).filter((path) => path.toLowerCase() !== "none")),
    certificateFiles: unique(paths(values.lists.get("certificatefile") ?? [])),
    identitiesOnly: flag(values.first.get("identitiesonly")),
    agent: agentOf(values.first.get("identityagent"), tokens),
    jumps: jumpsOf(values.first.get("proxyjump")),
    userKnownHosts: pathsOf("userknownhostsfile"),
    // ssh expands nothing in these.
    globalKnownHosts: values.first.get("globalknownhostsfile")?.words.filter((word) => word.toLowerCase() !== "none"),
    hostKeyAlgorithms: value("hostkeyalgorithms"),
    hostKeyCheck: value("stricthostkeychecking")?.toLowerCase() === "accept-new" ? "accept-new" : "strict",
    hashKnownHosts: flag(values.first.get("hashknownhosts")),
    connectTimeout: seconds(values.first.get("connecttimeout")),
    requiredRsaSize: bitsOf(values.first.get("requiredrsasize")),
    family: familyOf(values.first.get("addressfamily")),
  };
}

/** What the entry of the host says itself takes the place of a line that could not be followed. */
function refuse({ first }: Values, reach: Reach): void {
  const { proxy, hostKey, hostKeyCheck } = reach;
  for (const [keyword, allowed] of Object.entries(REFUSED)) {
    const directive = first.get(keyword);
    if (directive === undefined || (keyword === "checkhostip" && hasNoAddressToCheck(first, reach))) continue;
    if (allowed.includes(directive.words.join(" ").toLowerCase())) continue;
    throw lineError(directive.where, `${directive.name} is not supported, and would change who is reached or trusted`, [
      // Some have no value that changes nothing.
      allowed.length === 0
        ? "Give the fields in lvs:hosts without sshConfig, or as sshConfig a file without this line."
        : `Say "${directive.name} ${allowed[0]}" above it for this host, or give the fields in lvs:hosts without sshConfig.`,
    ]);
  }
  const jump = first.get("proxyjump");
  if (jump?.keyword === "proxycommand" && jump.words.join(" ").toLowerCase() !== "none" && proxy === undefined) {
    throw lineError(jump.where, "ProxyCommand is not supported: no program is started to reach a host", [
      "Say it by ProxyJump, or by proxy in lvs:hosts, which counts before this line.",
    ]);
  }
  const check = first.get("stricthostkeychecking");
  if (check === undefined || hostKeyCheck !== undefined || hostKey !== undefined) return;
  if (!["no", "off", "false"].includes(single(check)?.toLowerCase() ?? "")) return;
  throw lineError(check.where, `${check.name} ${check.words.join(" ")} would trust any host`, [
    'Set hostKeyCheck ("strict" or "accept-new") or hostKey in lvs:hosts, which counts before this line.',
  ]);
}

/** ssh looks up no address of its own where it goes through another host, or the name is one. With `hostKey`, nothing is looked up. */
function hasNoAddressToCheck(first: Values["first"], { host, proxy, hostKey }: Reach): boolean {
  const jump = first.get("proxyjump")?.words.join(" ").toLowerCase() ?? "none";
  const hostName = first.get("hostname");
  const name = hostName === undefined ? host : expandHostName(hostName, host);
  return hostKey !== undefined || proxy !== undefined || jump !== "none" || isIP(name) !== 0;
}

function single(directive: Directive | undefined): string | undefined {
  if (directive === undefined) return undefined;
  const { name, where, words } = directive;
  const [word, ...more] = words;
  if (word === undefined) throw lineError(where, `nothing follows ${name}`);
  if (more.length > 0) throw lineError(where, `${name} takes one word, not ${words.length}`);
  return word;
}

/** A later ssh puts something in the place of a token, and an earlier one takes it as it is. */
function userOf(directive: Directive | undefined): string | undefined {
  const user = single(directive);
  if (directive === undefined || user === undefined || !/%[%CdhijkLlnpru]|\$\{/.test(user)) return user;
  throw lineError(
    directive.where,
    `${directive.name} has ${JSON.stringify(user)}, which not every ssh takes alike: write it out`,
  );
}

function portOf(directive: Directive | undefined): number {
  const port = single(directive) ?? "22";
  if (isPort(port)) return Number(port);
  throw lineError(directive?.where ?? "", `${JSON.stringify(port)} is no port`);
}

function bitsOf(directive: Directive | undefined): number {
  const bits = single(directive) ?? "1024";
  if (/^\d{1,6}$/.test(bits)) return Number(bits);
  throw lineError(directive?.where ?? "", `${JSON.stringify(bits)} is no number of bits`);
}

function flag(directive: Directive | undefined): boolean {
  const word = single(directive)?.toLowerCase() ?? "no";
  if (word === "yes" || word === "true") return true;
  if (word === "no" || word === "false") return false;
  throw lineError(directive?.where ?? "", `${directive?.name} is yes or no, not ${JSON.stringify(word)}`);
}

/** A variable's name as a whole counts as its value, and there is no agent where it has none. */
function agentOf(directive: Directive | undefined, tokens: Tokens): string | undefined {
  const word = single(directive);
  if (directive === undefined || word === undefined || word === "SSH_AUTH_SOCK") return undefined;
  const [, variable] = /^\$(\w+)$/.exec(word) ?? [];
  if (variable !== undefined) return ownValue(process.env, variable) ?? "none";
  return word.toLowerCase() === "none" ? "none" : expandPath(word, directive, tokens);
}

function jumpsOf(directive: Directive | undefined): readonly Jump[] {
  const word = directive?.keyword === "proxyjump" ? single(withoutComment(directive)) : undefined;
  return directive === undefined || word === undefined ? [] : parseJumps(directive, word);
}

/** In a jump, a comment begins with any `#`, also within a word. */
function withoutComment(directive: Directive): Directive {
  const [text = ""] = directive.words.join(" ").split("#");
  return { ...directive, words: text.split(" ").filter((word) => word !== "") };
}

const UNITS: Readonly<Record<string, number>> = { "": 1, s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/** As `perDialTimeout`: a timer that is to run for weeks would run off at once. */
const LONGEST = 600;

/** `90`, `1m30s` */
function seconds(directive: Directive | undefined): number | undefined {
  const word = single(directive)?.toLowerCase();
  if (directive === undefined || word === undefined || word === "none" || word === "0") return undefined;
  const parts = [...word.matchAll(/(\d+)([a-z]?)/g)].map(([whole, count, unit = ""]) => {
    return { whole, seconds: Number(count) * (ownValue(UNITS, unit) ?? Number.NaN) };
  });
  const sum = parts.reduce((all, part) => all + part.seconds, 0);
  if (parts.map(({ whole }) => whole).join("") === word && !Number.isNaN(sum)) return Math.min(sum, LONGEST);
  throw lineError(directive.where, `${directive.name} has ${JSON.stringify(word)}, which is no time`);
}

function familyOf(directive: Directive | undefined): 0 | 4 | 6 {
  const word = single(directive)?.toLowerCase() ?? "any";
  const family = ownValue<0 | 4 | 6>({ any: 0, inet: 4, inet6: 6 }, word);
  if (family !== undefined) return family;
  throw lineError(directive?.where ?? "", `${directive?.name} is any, inet or inet6, not ${JSON.stringify(word)}`);
}

function unique(words: readonly string[]): readonly string[] {
  return [...new Set(words)];
}
