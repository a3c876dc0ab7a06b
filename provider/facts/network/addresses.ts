import { canonicalAddress } from "../../model/network/address";
import { HOST_PREFIX } from "../../model/network/interface-address";
import type { Fact } from "../fact";

/** An address of an interface. */
export interface Address {
  readonly device: string;
  readonly ip: string;
  readonly prefix: number;
  /** IPv4 only. An address without a label has the name of its device here, as in the output of `ip addr`. */
  readonly label?: string;
  /** Another address of the interface is the primary one of this subnet. When that is deleted, the kernel deletes this one too. */
  readonly secondary: boolean;
  /** IPv6: duplicate address detection found another host with the address, so the kernel does not use it. */
  readonly dadFailed: boolean;
  /** Peer, broadcast, scope, flags and lifetimes, as `ip addr add` takes them: with these words the address comes back as it was. */
  readonly attributes?: readonly string[];
}

/** The addresses and interfaces of a host. */
export interface Addresses {
  readonly addresses: readonly Address[];
  /** All interfaces, with or without an address. */
  readonly devices: readonly string[];
  /** Interfaces on which the kernel promotes a secondary address when its primary is deleted. */
  readonly promoteSecondaries: readonly string[];
  /** Interfaces on whose own network nobody is answered, and why. On others the kernel answers for their addresses all the same. */
  readonly withoutLink: ReadonlyMap<string, string>;
  /** Interfaces with our mark: we created them, so we may remove them. */
  readonly markedDevices: readonly string[];
}

/** The text in the `ifalias` of an interface that marks it as created by us. */
export const LINK_MARK = "pulumi-lvs";

// `-o` and not `-j`: the ip of RHEL 6 and 7 has no JSON. All other commands are shell built-ins, which start no process.
const READ_ADDRESSES = `all=0
{ read -r all </proc/sys/net/ipv4/conf/all/promote_secondaries; } 2>/dev/null
for dir in /sys/class/net/*; do
  [ -d "$dir" ] || continue
  name=\${dir##*/} own=0 flags=1 carrier=1 alias=
  echo "device $name"
  { read -r own <"/proc/sys/net/ipv4/conf/$name/promote_secondaries"; } 2>/dev/null
  [ "$all$own" = 00 ] || echo "promotes $name"
  { read -r flags <"$dir/flags"; } 2>/dev/null
  { read -r carrier <"$dir/carrier"; } 2>/dev/null
  if [ $((\${flags:-1} & 1)) = 0 ]; then echo "down $name"; elif [ "$carrier" = 0 ]; then echo "unplugged $name"; fi
  { read -r alias <"$dir/ifalias"; } 2>/dev/null
  [ "$alias" = "$1" ] && echo "ours $name"
done
ip -o addr show`;

/** All addresses and interfaces of the host. */
export const addresses: Fact<Addresses> = {
  command: { sh: READ_ADDRESSES, args: [LINK_MARK], inShell: true },
  parse: parseAddresses,
};

export function parseAddresses(output: string): Addresses {
  const lines = output.split("\n").filter((line) => line.trim() !== "");
  const valuesOf = (word: string) =>
    lines.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1));
  return {
    devices: valuesOf("device"),
    promoteSecondaries: valuesOf("promotes"),
    withoutLink: new Map([
      ...valuesOf("down").map((name) => [name, "is down"] as const),
      ...valuesOf("unplugged").map((name) => [name, "has no carrier"] as const),
    ]),
    markedDevices: valuesOf("ours"),
    addresses: lines.filter((line) => /^\d+: /.test(line)).flatMap(parseAddress),
  };
}

/** `2: eth0    inet 192.168.4.5/32 scope global eth0:0\       valid_lft forever preferred_lft forever` */
function parseAddress(line: string): Address[] {
  const [front = "", ...back] = line.split("\\");
  const [, name = "", family, local = "", ...words] = front.trim().split(/\s+/);
  const lifetimes = back.join(" ").split(/\s+/);
  if (family !== "inet" && family !== "inet6") return [];
  // With a peer the line is `inet 10.0.0.1 peer 10.0.0.2/32`: the prefix length is the peer's.
  const [ip = "", prefix = words[0] === "peer" ? words[1]?.split("/")[1] : undefined] = local.split("/");
  const attributes = [...attributesOf(words), ...lifetimesOf(lifetimes)];
  const address = {
    device: name,
    ip: canonical(ip, line),
    prefix: prefix === undefined ? HOST_PREFIX[family === "inet" ? "ipv4" : "ipv6"] : Number(prefix),
    // For IPv6, `secondary` means a temporary address.
    secondary: family === "inet" && words.includes("secondary"),
    dadFailed: [...words, ...lifetimes].includes("dadfailed"),
    ...(attributes.length > 0 && { attributes }),
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

/** The label follows the flags. Without a label, the line has the name of the device in its place, or nothing. */
function labelOf(words: readonly string[], name: string): string {
  return words.findLast((word) => word === name || word.startsWith(`${name}:`)) ?? name;
}

/** The words that `ip addr add` takes as `ip addr` prints them, without the usual scope. */
function attributesOf(words: readonly string[]): string[] {
  const pairs = ["peer", "brd", "metric", "scope"].flatMap((name) => {
    const value = words.find((_, index) => words[index - 1] === name);
    return value === undefined || value === "global" ? [] : [name, value];
  });
  return [...pairs, ...words.filter((word) => FLAGS.has(word))];
}

const FLAGS = new Set(["noprefixroute", "mngtmpaddr", "home", "nodad", "autojoin"]);

/** `valid_lft 85sec preferred_lft 85sec`; none for an address without end. */
function lifetimesOf(words: readonly string[]): string[] {
  return words.flatMap((word, index) => {
    const name = words[index - 1] ?? "";
    const isLimit = (name === "valid_lft" || name === "preferred_lft") && word !== "forever";
    return isLimit ? [name, word.replace(/sec$/, "")] : [];
  });
}
