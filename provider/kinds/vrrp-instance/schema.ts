import { z } from "zod";
import { checkedBy, compact, settings, whole } from "../../model/fields";
import { canonicalAddress, type Family, familyOf } from "../../model/network/address";
import { device } from "../../model/network/device";
import { splitPrefix, vipAddress } from "../../model/network/interface-address";
import { LONGEST_LABEL } from "../../model/network/label";
import { unitName } from "../../model/unit-name";

/** An address that the master has. */
export interface VrrpAddress {
  /** With its prefix length. */
  readonly address: string;
  readonly device: string;
  readonly label?: string;
}

/** What has to be well on a host that is master. */
export interface Track {
  readonly devices?: readonly string[];
  readonly services?: readonly string[];
  readonly hosts?: readonly string[];
  readonly scripts?: readonly string[];
}

/** The observed state of an instance on one host. */
export interface VrrpInstance {
  readonly device: string;
  readonly virtualRouterId: number;
  readonly addresses: readonly VrrpAddress[];
  readonly priority: number;
  readonly advertInterval: number;
  readonly preempt: false | { readonly delay: number };
  readonly peers?: readonly string[];
  readonly source?: string;
  readonly track?: Track;
  /** The file has more than that, or says it in another way. */
  readonly file?: "differs";
  /** keepalived runs. */
  readonly live: boolean;
  /** A boot starts it, and brings up none of the addresses before it. */
  readonly boot: boolean;
  /** It has read the file as it is. */
  readonly loaded: boolean;
}

const isTrue = (what: string) => z.literal(true, { error: `is an output: ${what}` }).default(true);

const ip = z.string({ error: 'must be an IP address, such as "192.168.4.3"' }).transform(checkedBy(canonicalAddress));

const UNIT = 'must be the name of a service, such as "nginx"';

/** Without the backslash, which means something in keepalived's files. */
const unit = unitName(UNIT).refine((name) => !name.includes("\\"), { error: UNIT });

const SCRIPT =
  'must be a command with the path of its program, such as "/usr/bin/curl -sf -m 1 http://127.0.0.1/health", without " # ! $ ~ \\ and line ends';

/** Others mean something to keepalived, in some versions also in quotes. */
const script = z.string({ error: SCRIPT }).regex(/^\/[^"#!$~\\\p{Cc}]{0,500}$/u, { error: SCRIPT });

const entry = z.union(
  [
    vipAddress.transform((address): Omit<VrrpAddress, "device"> & { readonly device?: string } => ({ address })),
    z.strictObject({
      address: vipAddress,
      device: device.optional(),
      label: z.string({ error: 'must be a label such as "eth0:0"' }).optional(),
    }),
  ],
  { error: 'must be an address, such as "192.168.4.5", or an object with address, device and label' },
);

const listOf = <T extends z.ZodType>(one: T, what: string) =>
  z.array(one, { error: `must be a list of ${what}` }).min(1, { error: "must not be empty: leave it out" });

/** An instance of VRRP on one host. */
export const vrrpInstance = z
  .strictObject({
    device,
    virtualRouterId: whole(1, 255),
    addresses: z
      .array(entry, { error: 'must be a list of addresses, such as ["192.168.4.5"]' })
      .min(1, { error: "must not be empty: an instance without an address moves nothing" }),
    priority: whole(1, 254),
    advertInterval: z.number({ error: "must be a number of seconds, such as 1 or 0.3" }).default(1),
    preempt: z
      .union([z.literal(false), z.strictObject({ delay: whole(1, 1000).default(60) })], {
        error:
          "must be false, or { delay: 60 }: the seconds that a host waits before it takes the addresses back, 1 to 1000",
      })
      .default(false),
    peers: listOf(ip, "addresses of the other hosts").optional(),
    source: ip.optional(),
    track: settings(
      {
        devices: listOf(device, "network interfaces").optional(),
        services: listOf(unit, "services").optional(),
        hosts: listOf(ip, "addresses of hosts").optional(),
        scripts: listOf(script, "commands").optional(),
      },
      '{ services: ["nginx"] }',
    ).optional(),
    live: isTrue("whether keepalived runs"),
    boot: isTrue("whether a boot starts it"),
    loaded: isTrue("whether keepalived has read the file"),
    file: z.undefined({ error: "is an output" }).optional(),
  })
  .transform(({ addresses, track, ...input }, ctx): VrrpInstance => {
    const all = addresses.map((one) => compact({ ...one, device: one.device ?? input.device }));
    const known = track === undefined || Object.keys(compact(track)).length === 0 ? undefined : compact(track);
    const want: VrrpInstance = compact({ ...input, addresses: all, track: known });
    for (const { path, reason } of [...addressProblems(want), ...problems(want)]) {
      ctx.addIssue({ code: "custom", path: [...path], message: reason, input: path[0] });
    }
    return want;
  });

/** The words of a program, which a record keeps after a refresh that found what no program could want. */
type InWords = Omit<VrrpInstance, "addresses"> & {
  readonly addresses: readonly (string | (Pick<VrrpAddress, "address"> & Partial<VrrpAddress>))[];
};

/** The same with addresses in one form. */
export function withAddresses(want: InWords): VrrpInstance {
  const addresses = want.addresses.map((one) => ({
    device: want.device,
    ...(typeof one === "string" ? { address: one } : one),
  }));
  return { ...want, addresses };
}

/** The family in which the hosts of an instance tell each other who is master. */
export function familyOfInstance({ addresses: [first] }: Pick<VrrpInstance, "addresses">): Family {
  return first === undefined ? "ipv4" : splitPrefix(first.address).family;
}

/** Version 2 knows whole seconds and IPv4. */
export function needsVersion3(want: Pick<VrrpInstance, "addresses" | "advertInterval">): boolean {
  return !Number.isInteger(want.advertInterval) || familyOfInstance(want) === "ipv6";
}

interface InputProblem {
  readonly path: readonly (string | number)[];
  readonly reason: string;
}

function addressProblems({ addresses }: VrrpInstance): readonly InputProblem[] {
  const ips = addresses.map(({ address }) => splitPrefix(address).ip);
  return addresses.flatMap(({ address, device: on, label }, index): InputProblem[] => {
    const { ip: own, family } = splitPrefix(address);
    const reasons = [
      ...(ips.indexOf(own) === index ? [] : [{ at: "address", reason: `is there twice: ${own}` }]),
      ...(on === "lo" ? [{ at: "device", reason: "must be a NIC: an address on lo answers no client" }] : []),
      ...(label === undefined ? [] : labelProblems(label, on, family).map((reason) => ({ at: "label", reason }))),
    ];
    return reasons.map(({ at, reason }) => ({ path: ["addresses", index, at], reason }));
  });
}

function labelProblems(label: string, on: string, family: Family): readonly string[] {
  if (family === "ipv6") return ["is for IPv4 only: the kernel keeps no label of an IPv6 address. Leave it out"];
  if (!label.startsWith(`${on}:`)) return [`must start with the device, "${on}:", got "${label}"`];
  if (label.length > LONGEST_LABEL)
    return [`must have at most 15 characters, got ${label.length} in "${label}": the kernel has no room for more`];
  return /^[0-9A-Za-z_]+$/.test(label.slice(on.length + 1))
    ? []
    : [`must have letters, digits or _ after the colon, got "${label}"`];
}

function problems(want: VrrpInstance): readonly InputProblem[] {
  const { advertInterval, peers = [], source, track, device: own } = want;
  const family = familyOfInstance(want);
  const isOther = (address: string) => familyOf(address) !== family;
  const [least, most] = needsVersion3(want) ? [0.01, 40] : [1, 255];
  const isOff =
    advertInterval < least || advertInterval > most || !Number.isInteger(Math.round(advertInterval * 1e6) / 1e4);
  const range = needsVersion3(want) ? "0.01 to 40 seconds, with at most two decimals" : "whole seconds from 1 to 255";
  return [
    ...(isOff ? [{ path: ["advertInterval"], reason: `must be ${range}, not ${advertInterval}` }] : []),
    ...(peers.some(isOther)
      ? [{ path: ["peers"], reason: `must be ${FAMILY[family]} addresses, as the first of "addresses" is` }]
      : []),
    ...(source !== undefined && isOther(source)
      ? [{ path: ["source"], reason: `must be an ${FAMILY[family]} address, as the first of "addresses" is` }]
      : []),
    ...(track?.devices?.includes(own) === true
      ? [{ path: ["track", "devices"], reason: `has ${own}, which is tracked in any case` }]
      : []),
  ];
}

const FAMILY = { ipv4: "IPv4", ipv6: "IPv6" } as const;
