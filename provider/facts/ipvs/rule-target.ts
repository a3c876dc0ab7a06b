import { formatAddressAndPort, parseAddressAndPort } from "../../model/network/address";
import { ownValue } from "../../model/own-value";

/** Long options of ipvsadm, which an operator may use in a rules file, and the short ones that `--save` prints. */
const SHORT: Readonly<Record<string, string>> = {
  "--add-service": "-A",
  "--edit-service": "-E",
  "--add-server": "-a",
  "--edit-server": "-e",
  "--tcp-service": "-t",
  "--udp-service": "-u",
  "--fwmark-service": "-f",
  "--ipv6": "-6",
  "--real-server": "-r",
};

/** The object that a line of rules defines: a server, or the service itself if there is no `server`. */
export interface RuleTarget {
  readonly service: string;
  readonly server?: string;
}

const PROTOCOLS: Readonly<Record<string, string>> = {
  "-t": "tcp",
  "-u": "udp",
  "--sctp-service": "sctp",
  "-f": "fwmark",
};

/** The target of `--set`, the timeouts of the whole table. */
export const TIMEOUTS = "timeouts";

/** The target of `--start-daemon`. */
export function daemonTarget(state: string): string {
  return `daemon ${state}`;
}

/** Splits a line into words, with options by their short names and `--option=value` as two words. */
export function splitRule(line: string): string[] {
  const words = line.trim().split(/\s+/);
  if (words[0] === "ipvsadm" || words[0]?.endsWith("/ipvsadm") === true) words.shift();
  return words.flatMap((word) => {
    const [, option, value] = /^(--[a-z0-9-]+)=(.*)$/.exec(word) ?? [];
    if (option !== undefined && value !== undefined) return [ownValue(SHORT, option) ?? option, value];
    return [ownValue(SHORT, word) ?? word];
  });
}

/** The object that a line defines, even where the rest of it makes no sense; undefined for a comment or anything else. */
export function ruleTarget(line: string): RuleTarget | undefined {
  const words = splitRule(line);
  const [operation] = words;
  if (operation === "--set") return { service: TIMEOUTS };
  if (operation === "--start-daemon") return { service: daemonTarget(words[1] ?? "") };
  if (operation === undefined || !["-A", "-E", "-a", "-e"].includes(operation)) return undefined;
  const at = words.findIndex((word) => Object.hasOwn(PROTOCOLS, word));
  const protocol = ownValue(PROTOCOLS, words[at] ?? "");
  const name = words[at + 1];
  if (protocol === undefined || name === undefined) return undefined;
  const service = `${protocol} ${protocol === "fwmark" ? name : canonical(name, 0)}${words.includes("-6") ? " ipv6" : ""}`;
  if (operation === "-A" || operation === "-E") return { service };
  const server = words[words.indexOf("-r") + 1];
  if (!words.includes("-r") || server === undefined) return undefined;
  return { service, server: canonical(server, protocol === "fwmark" ? 0 : portOf(name)) };
}

/** `tcp 192.0.2.10:80 -> 10.0.0.11:80`. Sorted by this key, servers follow their service. */
export function targetKey({ service, server }: RuleTarget): string {
  return server === undefined ? service : `${service} -> ${server}`;
}

function canonical(text: string, defaultPort: number): string {
  if (CANONICAL.test(text)) return text;
  try {
    const { address, port = defaultPort } = parseAddressAndPort(text);
    return formatAddressAndPort(address, port);
  } catch {
    // A name, or a spelling that we never write: it equals none of our keys.
    return text;
  }
}

/** `192.0.2.10:80`, as we and `ipvsadm --save` write it. Most lines have no other address, and parsing is slow. */
const CANONICAL = /^(?:0|[1-9]\d{0,2})(?:\.(?:0|[1-9]\d{0,2})){3}:(?:0|[1-9]\d{0,4})$/;

function portOf(text: string): number {
  return Number(/:(\d+)$/.exec(text)?.[1] ?? 0);
}
