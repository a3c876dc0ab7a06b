import fc from "fast-check";
import { SCHEDULERS } from "../../provider/model/ipvs/scheduler";
import { type Family, formatAddressAndPort } from "../../provider/model/network/address";

/** What a user may write about a virtual service with its servers: every protocol, family, field and flag. */
export interface Written {
  readonly protocol: string;
  readonly address?: string;
  readonly fwmark?: number;
  readonly family?: Family;
  readonly realServers: Readonly<Record<string, object>>;
}

/** The key that it has to get. */
export function keyOf({ protocol, address, fwmark, family }: Written): string {
  if (protocol !== "fwmark") return `${protocol} ${address ?? ""}`;
  return `fwmark ${fwmark ?? 0}${family === "ipv6" ? " ipv6" : ""}`;
}

/** Services of one host, each with another key. */
export const table: fc.Arbitrary<readonly Written[]> = fc.uniqueArray(
  fc.oneof(
    { weight: 3, arbitrary: fc.tuple(fc.constantFrom("tcp", "udp", "sctp"), family()).chain(addressed) },
    { weight: 1, arbitrary: fc.tuple(fc.integer({ min: 1, max: 2147483647 }), family()).chain(marked) },
  ),
  { maxLength: 4, selector: keyOf },
);

/** The same tables every time. */
export function sampleTables(count: number): readonly (readonly Written[])[] {
  return fc.sample(table, { numRuns: count, seed: 20 });
}

function addressed([protocol, family]: [string, Family]): fc.Arbitrary<Written> {
  return fc.tuple(ip(family), fc.oneof(port(), fc.constant(0))).chain(([address, port]) =>
    fc
      .tuple(fields(family, protocol === "udp", port === 0), servers(family, port, false))
      .map(([rest, realServers]) => ({
        protocol,
        address: formatAddressAndPort(address, port),
        ...rest,
        realServers,
      })),
  );
}

function marked([fwmark, family]: [number, Family]): fc.Arbitrary<Written> {
  return fc
    .tuple(fields(family, true, false), servers(family, 0, true))
    .map(([rest, realServers]) => ({ protocol: "fwmark", fwmark, family, ...rest, realServers }));
}

function fields(family: Family, mayOnePacket: boolean, persistent: boolean): fc.Arbitrary<object> {
  const persistence = fc.record(
    { persistenceTimeout: fc.integer({ min: 1, max: 2678400 }), netmask: netmask(family) },
    { requiredKeys: ["persistenceTimeout"] },
  );
  return fc
    .tuple(
      scheduling(),
      persistent ? persistence : fc.oneof(fc.constant({}), persistence),
      fc.record({ persistenceEngine: fc.constant("sip") }, { requiredKeys: [] }),
      mayOnePacket ? fc.record({ onePacket: fc.boolean() }) : fc.constant({}),
    )
    .map((parts) => Object.assign({}, ...parts) as object);
}

/** The kernel of the lab is built without `twos`. */
function scheduling(): fc.Arbitrary<object> {
  return fc.constantFrom(...SCHEDULERS.filter((name) => name !== "twos")).chain((scheduler) => {
    const own = scheduler === "sh" || scheduler === "mh" ? [`${scheduler}-port`, `${scheduler}-fallback`] : ["flag-3"];
    return fc.record({ scheduler: fc.constant(scheduler), schedulerFlags: fc.subarray(["flag-2", "flag-1", ...own]) });
  });
}

function netmask(family: Family): fc.Arbitrary<string> {
  if (family === "ipv6") return fc.integer({ min: 1, max: 128 }).map(String);
  return fc.integer({ min: 1, max: 32 }).map((prefix) => {
    const bits = 2 ** 32 - 2 ** (32 - prefix);
    return [24, 16, 8, 0].map((shift) => Math.floor(bits / 2 ** shift) % 256).join(".");
  });
}

function servers(family: Family, port: number, fwmark: boolean): fc.Arbitrary<Record<string, object>> {
  const direct = fc.tuple(ip(family), fc.constant({ forwarding: "direct" }), fc.constant(port));
  const masquerade = fc.tuple(ip(family), fc.constant({ forwarding: "masquerade" }), natPort(port, fwmark));
  const tunnel = fc.tuple(fc.oneof(ip("ipv4"), ip("ipv6")), tunnelled(), fc.constant(port));
  return fc
    .array(fc.tuple(fc.oneof(direct, masquerade, tunnel), weights()), { maxLength: 4 })
    .map((all) =>
      Object.fromEntries(
        all.map(([[address, way, port], weights]) => [formatAddressAndPort(address, port), { ...way, ...weights }]),
      ),
    );
}

function natPort(service: number, fwmark: boolean): fc.Arbitrary<number> {
  return service === 0 || fwmark ? fc.oneof(port(), fc.constant(0)) : port();
}

function tunnelled(): fc.Arbitrary<object> {
  const checksum = fc.constantFrom("nocsum", "csum");
  return fc
    .oneof(
      fc.constant({}),
      fc.constant({ type: "ipip" }),
      fc.record({ type: fc.constant("gre"), checksum }, { requiredKeys: ["type"] }),
      fc.record({ type: fc.constant("gue"), port: port(), checksum: fc.oneof(checksum, fc.constant("remcsum")) }),
    )
    .map((tunnel) => ({ forwarding: "tunnel", ...(Object.keys(tunnel).length === 0 ? {} : { tunnel }) }));
}

function weights(): fc.Arbitrary<object> {
  const limits = fc
    .tuple(fc.integer({ min: 0, max: 2147483647 }), fc.integer({ min: 0, max: 2147483647 }))
    .map(([a, b]) => ({ upperThreshold: Math.max(a, b), lowerThreshold: Math.min(a, b) }));
  return fc
    .tuple(fc.integer({ min: 0, max: 65535 }), fc.oneof(fc.constant({}), limits))
    .map(([weight, thresholds]) => ({ weight, ...thresholds }));
}

function family(): fc.Arbitrary<Family> {
  return fc.constantFrom<Family>("ipv4", "ipv6");
}

function port(): fc.Arbitrary<number> {
  return fc.integer({ min: 1, max: 65535 });
}

/** Addresses that no host of the lab has, and that are no network's broadcast address. */
function ip(family: Family): fc.Arbitrary<string> {
  const octet = fc.integer({ min: 1, max: 254 });
  if (family === "ipv4") return fc.tuple(octet, octet, octet).map((octets) => `12.${octets.join(".")}`);
  const word = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 65535 }));
  return fc
    .array(word, { minLength: 6, maxLength: 6 })
    .map((words) => `2001:db8:${words.map((part) => part.toString(16)).join(":")}`);
}
