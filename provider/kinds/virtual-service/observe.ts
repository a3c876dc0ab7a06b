import { hasBootTraces, isInBlock, isPersisted } from "../../dialects/ipvs/boot-rules";
import type { RuleOwner } from "../../dialects/ipvs/rules-file";
import type { OwnersOf } from "../../facts/files/owners";
import { refuseUnreadable } from "../../facts/ipvs/table";
import { serviceKey } from "../../model/ipvs/service-key";
import type { VirtualService as Have, Servers, WantedVirtualService as Want } from "../../model/ipvs/virtual-service";
import type { Seen } from "../real-server/kind";
import { serviceRules } from "./rules";

export type ServiceSeen = Seen & {
  readonly owners: OwnersOf;
  /** Servers that the host's record says are ours. */
  readonly ourServers?: readonly string[];
  /** Those that other resources want in it. */
  readonly othersServers?: readonly string[];
};

/** The service in the kernel; if it is not there, the one that the next boot would add. */
export function observe(seen: ServiceSeen, want: Want, known?: Have, requested?: Want): Have | undefined {
  const { ourServers = [], othersServers = [] } = seen;
  const all = [...ourServers, ...Object.keys(requested?.realServers ?? {}), ...Object.keys(known?.realServers ?? {})];
  // What is theirs as well stays when it is not wanted here any more.
  const last = all.filter((address) => !othersServers.includes(address));
  const key = serviceKey(want);
  refuseUnreadable(
    seen.ipvs,
    (other) => other === key || (want.realServers !== undefined && other.startsWith(`${key} -> `)),
  );
  const service = seen.ipvs.services.get(key);
  const owner = ownerOf(want, last);
  if (service === undefined && !isInBlock(seen, owner)) return undefined;
  const realServers = observeServers(seen, want, last);
  const have = service === undefined ? absent(want) : { ...service, live: true, ...(realServers && { realServers }) };
  // The file is current, too, if it equals the kernel: then only the kernel differs from the desired state.
  const boot = want.boot
    ? [want, have].some((service) => isPersisted(seen, owner, serviceRules(service), want.rulesLoader))
    : hasBootTraces(seen, owner);
  return { ...have, boot };
}

function absent({ exclusive: _, drain: __, allowUnknownScheduler: ___, rulesLoader: ____, ...service }: Want): Have {
  return { ...service, live: false };
}

/** All servers of an exclusive service; otherwise only the desired ones and those of earlier runs. */
function observeServers({ ipvs }: Seen, want: Want, last: readonly string[]): Servers | undefined {
  if (want.realServers === undefined) return undefined;
  const managed = new Set([...Object.keys(want.realServers), ...last]);
  const observed = [...(ipvs.servers.get(serviceKey(want)) ?? [])];
  return Object.fromEntries(observed.filter(([address]) => want.exclusive !== false || managed.has(address)));
}

/** The lines that belong to the service: its own, and those of the servers that it manages. */
export function ownerOf(want: Have & { readonly exclusive?: boolean }, last: readonly string[] = []): RuleOwner {
  const service = serviceKey(want);
  if (want.realServers === undefined) return { service, itself: true, servers: [] };
  if (want.exclusive !== false) return { service, itself: true, servers: "all" };
  return {
    service,
    itself: true,
    servers: [...Object.keys(want.realServers), ...last],
  };
}
