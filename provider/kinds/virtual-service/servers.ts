import { OWNERS_FILE, stackOf } from "../../facts/files/owners";
import { serviceKey } from "../../model/ipvs/service-key";
import type { VirtualService, WantedVirtualService } from "../../model/ipvs/virtual-service";
import type { Parts } from "../kind";
import { serverKey, serverRule } from "../real-server/rules";
import type { ServiceSeen } from "./observe";
import { inlineServers } from "./rules";

/** The servers of a service: its own ones among those of others, or all of them. */
export const servers: Parts<WantedVirtualService, VirtualService, ServiceSeen> = {
  of: (want) => {
    return new Map([...inlineServers(want)].map(([address, server]) => [address, [serverRule(server)]]));
  },
  isWhole: ({ exclusive }) => exclusive !== false,
  ownedElsewhere: (seen, want, names) => {
    const service = serviceKey(want);
    const all = new Set([...names, ...(seen.ipvs.servers.get(service)?.keys() ?? [])]);
    return [...all].filter((address) => ownersOfServer(seen, service, address).length > 0);
  },
  on: ({ ipvs }, want, address) => {
    const service = serviceKey(want);
    const settings = ipvs.servers.get(service)?.get(address);
    return settings === undefined ? [] : [serverRule({ service, address, ...settings })];
  },
  only: (have, names) => {
    const those = Object.entries(have.realServers ?? {}).filter(([address]) => names.includes(address));
    return have.realServers === undefined ? have : { ...have, realServers: Object.fromEntries(those) };
  },
  in: ({ realServers = {} }) => Object.keys(realServers),
  record: ({ record }) => record,
  with: (seen, ourServers, othersServers) => ({ ...seen, ourServers, othersServers }),
};

/** The resources of their own that a server is. */
export function ownersOfServer({ owners }: ServiceSeen, service: string, address: string): readonly string[] {
  return owners("RealServer", serverKey({ service, address }))?.names ?? [];
}

/** Servers that other stacks have as resources, and that a service with all of its servers removes. Its own stack does so on purpose. */
export function removedRealServers(
  { owners }: ServiceSeen,
  want: WantedVirtualService,
  resource: string,
): string | undefined {
  const { realServers, exclusive } = want;
  if (realServers === undefined || exclusive === false) return undefined;
  const start = `${serviceKey(want)} -> `;
  const missing = [...owners.ofKind("RealServer")].flatMap(([key, { names }]) => {
    const others = names.filter((name) => stackOf(name) !== stackOf(resource));
    const address = key.slice(start.length);
    const isMissing = key.startsWith(start) && others.length > 0 && !Object.hasOwn(realServers, address);
    return isMissing ? [`${address} is a RealServer of ${others.join(", ")}`] : [];
  });
  if (missing.length === 0) return undefined;
  return (
    `${missing.join("; ")}, as ${OWNERS_FILE} of this host says. It is not in realServers, which are all that this service keeps. ` +
    "Add it there, or set exclusive: false"
  );
}
