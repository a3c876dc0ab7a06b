import { isInBlock, isPersisted } from "../../dialects/ipvs/boot-rules";
import type { RuleOwner } from "../../dialects/ipvs/rules-file";
import { refuseUnreadable } from "../../facts/ipvs/table";
import { serviceKey } from "../../model/ipvs/service-key";
import type { VirtualService as Have, Servers, WantedVirtualService as Want } from "../../model/ipvs/virtual-service";
import type { Seen } from "../real-server/kind";
import { rulesOf } from "./words";

/** What is in the kernel counts; where there is nothing, what the next boot would put there. */
export function find(seen: Seen, want: Want, known?: Have): Have | undefined {
  const key = serviceKey(want);
  refuseUnreadable(
    seen.ipvs,
    (other) => other === key || (want.realServers !== undefined && other.startsWith(`${key} -> `)),
  );
  const service = seen.ipvs.services.get(key);
  const owner = ownerOf(want, known);
  if (service === undefined && !isInBlock(seen, owner)) return undefined;
  const realServers = findServers(seen, want, known);
  const have = service === undefined ? absent(want) : { ...service, live: true, ...(realServers && { realServers }) };
  // A file that agrees with the kernel is right, too: then it is the rules that are not as wanted, and not the file.
  const booted = want.boot
    ? [want, have].some((at) => isPersisted(seen, owner, rulesOf(at), want.rulesLoader))
    : isInBlock(seen, owner);
  return { ...have, boot: booted };
}

function absent({ exclusive: _, drain: __, allowUnknownScheduler: ___, rulesLoader: ____, ...service }: Want): Have {
  return { ...service, live: false };
}

/** All servers of the service; where others may add theirs, only those that we know of. */
function findServers({ ipvs }: Seen, want: Want, known: Have | undefined): Servers | undefined {
  if (want.realServers === undefined) return undefined;
  const ours = new Set([...Object.keys(want.realServers), ...Object.keys(known?.realServers ?? {})]);
  const there = [...(ipvs.servers.get(serviceKey(want)) ?? [])];
  return Object.fromEntries(there.filter(([address]) => want.exclusive !== false || ours.has(address)));
}

/** With all servers of an exclusive service; with those that we know of otherwise; with none where they are others' business. */
export function ownerOf(want: Have & { readonly exclusive?: boolean }, known: Have | undefined): RuleOwner {
  const service = serviceKey(want);
  if (want.realServers === undefined) return { service, itself: true, servers: [] };
  if (want.exclusive !== false) return { service, itself: true, servers: "all" };
  return {
    service,
    itself: true,
    servers: [...Object.keys(want.realServers), ...Object.keys(known?.realServers ?? {})],
  };
}
