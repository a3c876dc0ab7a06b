import { formatAddressAndPort, parseAddressAndPort } from "../../model/network/address";
import { ownValue } from "../../model/own-value";

/** What `ipvsadm --save` omits: the thresholds and the connections of a real server. */
export interface Listed {
  readonly upperThreshold: number;
  readonly lowerThreshold: number;
  /** Established connections and those being opened: the kernel counts SYN_RECV and SYN_SENT, too. */
  readonly active: number;
}

const PROTOCOLS: Readonly<Record<string, string>> = { TCP: "tcp", UDP: "udp", SCTP: "sctp", FWM: "fwmark" };

/**
 * Parses `ipvsadm -Ln --thresholds`, by `service -> server`. Long addresses overflow the columns, so lines are split into words.
 *
 *     TCP  192.0.2.10:80 wlc
 *       -> 10.0.0.11:80                 100        50         3          0
 */
export function parseList(text: string): ReadonlyMap<string, Listed> {
  const listed = new Map<string, Listed>();
  let service: string | undefined;
  for (const line of text.split("\n")) {
    const words = line.trim().split(/\s+/);
    const [first = "", name = ""] = words;
    const protocol = ownValue(PROTOCOLS, first);
    if (protocol === "fwmark") service = words[2] === "IPv6" ? `fwmark ${name} ipv6` : `fwmark ${name}`;
    else if (protocol !== undefined) service = `${protocol} ${canonical(name)}`;
    else if (first === "->" && service !== undefined)
      listed.set(`${service} -> ${canonical(name)}`, readServer(words.slice(2), line));
    else if (line.trim() !== "" && !isHeading(line)) throw new Error(`"${line}" is neither a service nor a server`);
  }
  return listed;
}

function readServer(columns: readonly string[], line: string): Listed {
  const [upper, lower, active, inactive, ...more] = columns.map(Number);
  if (inactive === undefined || more.length > 0 || columns.some((column) => !/^\d+$/.test(column)))
    throw new Error(`"${line}" does not have four numbers after the address`);
  return { upperThreshold: upper ?? 0, lowerThreshold: lower ?? 0, active: active ?? 0 };
}

function isHeading(line: string): boolean {
  return (
    line.startsWith("IP Virtual Server version") || line.startsWith("Prot ") || line.startsWith("  -> RemoteAddress")
  );
}

function canonical(text: string): string {
  const { address, port = 0 } = parseAddressAndPort(text);
  return formatAddressAndPort(address, port);
}
