import { canonicalAddress } from "../../model/network/address";
import type { Fact } from "../fact";

/** An address of the host. */
export interface Address {
  readonly device: string;
  readonly ip: string;
  readonly prefix: number;
  /** What the kernel says in the label's place: the name of the device where there is none. IPv4 only. */
  readonly label?: string;
  /** The kernel keeps it behind another address of the same subnet, and takes it along when that one goes. */
  readonly secondary: boolean;
  /** IPv6: duplicate address detection found somebody else, so the address is there and not used. */
  readonly failed: boolean;
}

/** What the host has in the way of addresses and interfaces. */
export interface Addresses {
  readonly addresses: readonly Address[];
  /** All interfaces, those without an address too. */
  readonly devices: readonly string[];
  /** Interfaces on which a secondary address outlives its primary. */
  readonly promotes: readonly string[];
  /** Interfaces that carry our mark, so we may remove them again. */
  readonly ours: readonly string[];
}

/** The text in an interface's `ifalias` by which we know it again. */
export const MARK = "pulumi-lvs";

// `-o` and no `-j`: RHEL 6 and 7 have an ip that knows no JSON. The rest is built into the shell, and costs no process.
const LOOK = `all=0
{ read -r all </proc/sys/net/ipv4/conf/all/promote_secondaries; } 2>/dev/null
for dir in /sys/class/net/*; do
  [ -d "$dir" ] || continue
  name=\${dir##*/} own=0 alias=
  echo "device $name"
  { read -r own <"/proc/sys/net/ipv4/conf/$name/promote_secondaries"; } 2>/dev/null
  [ "$all$own" = 00 ] || echo "promotes $name"
  { read -r alias <"$dir/ifalias"; } 2>/dev/null
  [ "$alias" = "$1" ] && echo "ours $name"
done
ip -o addr show`;

/** All addresses and interfaces of the host. */
export const addresses: Fact<Addresses> = { command: { sh: LOOK, args: [MARK], inShell: true }, parse: parseAddresses };

export function parseAddresses(output: string): Addresses {
  const lines = output.split("\n").filter((line) => line.trim() !== "");
  const named = (word: string) =>
    lines.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1));
  return {
    devices: named("device"),
    promotes: named("promotes"),
    ours: named("ours"),
    addresses: lines.filter((line) => /^\d+: /.test(line)).flatMap(parseAddress),
  };
}

/** `2: eth0    inet 192.168.4.5/32 scope global eth0:0\       valid_lft forever preferred_lft forever` */
function parseAddress(line: string): Address[] {
  const [front = "", ...back] = line.split("\\");
  const [, name = "", family, local = "", ...words] = front.trim().split(/\s+/);
  if (family !== "inet" && family !== "inet6") return [];
  // An interface with a peer says `inet 10.0.0.1 peer 10.0.0.2/32`: the prefix is the peer's.
  const [ip = "", prefix = words[0] === "peer" ? words[1]?.split("/")[1] : undefined] = local.split("/");
  const address = {
    device: name,
    ip: canonical(ip, line),
    prefix: prefix === undefined ? (family === "inet" ? 32 : 128) : Number(prefix),
    // IPv6 too: there `secondary` is another word for a temporary address.
    secondary: family === "inet" && words.includes("secondary"),
    failed: [...words, ...back].includes("dadfailed"),
  };
  return [family === "inet" ? { ...address, label: labelOf(words, name) } : address];
}

function canonical(ip: string, line: string): string {
  try {
    return canonicalAddress(ip);
  } catch (cause) {
    throw new Error(`cannot read "${line}" as an address, from ip -o addr`, { cause });
  }
}

/** The label comes after the flags. Where the kernel has none, the line has the name of the device there, or nothing. */
function labelOf(words: readonly string[], name: string): string {
  return words.findLast((word) => word === name || word.startsWith(`${name}:`)) ?? name;
}
