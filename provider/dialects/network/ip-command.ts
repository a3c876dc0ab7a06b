import { wordsOf } from "../../facts/files/blanks";
import { familyOf } from "../../model/network/address";
import { HOST_PREFIX } from "../../model/network/interface-address";
import { ownValue } from "../../model/own-value";
import { canonicalOrUndefined, prefixOf } from "./address-text";

/** The address that one shell command adds. */
export interface AddedAddress {
  readonly address: string;
  readonly device: string;
  readonly label?: string;
}

/**
 * What a command such as `ip addr add 192.168.4.5/32 dev eth0 label eth0:0 || true` adds; undefined if it is another command, or has more to it.
 * `variables` are those that the manager sets for its hooks: `$IFACE`.
 */
export function addedBy(command: string, variables: Readonly<Record<string, string>>): AddedAddress | undefined {
  const [program = "", ...rest] = wordsOfCommand(command, variables) ?? [];
  if (!isProgram(program, "ip")) return undefined;
  const args = rest.slice(rest.findIndex((word) => !word.startsWith("-")));
  const [object = "", verb = "", ...more] = args;
  if (object === "" || !"address".startsWith(object) || !["add", "a", "ad", "replace", "change"].includes(verb)) {
    return undefined;
  }
  return readArguments(more);
}

/** The words of one command without pipes, lists and the like; undefined if only a shell could read it. */
export function wordsOfCommand(command: string, variables: Readonly<Record<string, string>>): string[] | undefined {
  const words = wordsOf(withoutTail(command)).map((word) => valueOf(word, variables));
  return words.every((word) => word !== undefined) ? words : undefined;
}

export function isProgram(word: string, name: "ip" | "route"): boolean {
  return word.replace(/^\/(?:usr\/)?s?bin\//, "") === name;
}

/** Redirections, and `|| true`, which change nothing about the address. */
function withoutTail(command: string): string {
  const parts = command.split("||");
  const [first = "", ...others] = parts;
  if (!others.every((part) => ["true", ":", "/bin/true"].includes(part.trim()))) return command;
  return wordsOf(first)
    .filter((word) => !/^(?:[12&]?>|2>&1)/.test(word) || !/^(?:[12&]?>(?:\/dev\/null)?|2>&1)$/.test(word))
    .filter((word) => word !== "/dev/null")
    .join(" ");
}

function valueOf(word: string, variables: Readonly<Record<string, string>>): string | undefined {
  const [, quoted] = /^"([^"\\`]*)"$/.exec(word) ?? /^'([^'$]*)'$/.exec(word) ?? [];
  const text = (quoted ?? word).replaceAll(/\$\{(\w+)\}|\$(\w+)/g, (whole, braced?: string, bare?: string) => {
    const name = braced ?? bare ?? "";
    return ownValue(variables, name) ?? whole;
  });
  return /^[\w.:/+-]+$/.test(text) ? text : undefined;
}

function readArguments(args: readonly string[]): AddedAddress | undefined {
  let address: string | undefined;
  let device: string | undefined;
  let label: string | undefined;
  for (let index = 0; index < args.length; index++) {
    const word = args[index] ?? "";
    if (word === "dev") device = args[++index];
    else if (word === "label") label = args[++index];
    else if (["brd", "broadcast", "scope"].includes(word)) index++;
    else if (["nodad", "noprefixroute", "local"].includes(word)) continue;
    else if (address === undefined && canonicalOrUndefined(word.split("/")[0] ?? "") !== undefined) address = word;
    else return undefined;
  }
  const [text = "", prefix] = (address ?? "").split("/");
  const ip = canonicalOrUndefined(text);
  if (ip === undefined || device === undefined) return undefined;
  const length =
    prefix === undefined ? HOST_PREFIX[ip.includes(":") ? "ipv6" : "ipv4"] : prefixOf(prefix, familyOf(ip));
  if (length === undefined) return undefined;
  const [name = ""] = device.split(":");
  return { address: `${ip}/${length}`, device: name, ...(label !== undefined && { label }) };
}
