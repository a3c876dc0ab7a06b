import { hasBootTraces, isInBlock, isPersisted } from "../../dialects/ipvs/boot-rules";
import type { RuleOwner } from "../../dialects/ipvs/rules-file";
import type { OwnersOf } from "../../facts/files/owners";
import { refuseUnreadable } from "../../facts/ipvs/table";
import { serviceKey } from "../../model/ipvs/service-key";
import type { VirtualService as Have, Servers, WantedVirtualService as Want } from "../../model/ipvs/virtual-service";
import type { Seen } from "../real-server/kind";
import { isCurrent } from "./checks/current";
import { observedChecks, UNREAD, withoutChecks } from "./checks/declared";
import { type ChecksSeen, isChecked, isKept, mayBeLoaded, type OwnFile, ownFile } from "./checks/seen";
import { ownerOf } from "./owner";
import { serviceRules } from "./rules";

export type ServiceSeen = Seen &
  ChecksSeen & {
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
  const file = ownFile(seen, want);
  const isNowhere = service === undefined && file === undefined && !isInBlock(seen, owner);
  if (isNowhere && !isKept(seen, want)) return undefined;
  const realServers = observeServers(seen, want, last, file);
  const plain = service === undefined ? absent(want) : { ...service, live: true, ...(realServers && { realServers }) };
  const have = { ...plain, ...checksIn(seen, plain, file, want) };
  return { ...have, boot: isAtBoot(seen, want, have, owner, file) };
}

/** Whether the next boot does as declared. Where none is wanted: whether it has anything to do. */
function isAtBoot(seen: ServiceSeen, want: Want, have: Omit<Have, "boot">, owner: RuleOwner, file?: OwnFile): boolean {
  if (isChecked(want))
    return file !== undefined && !hasBootTraces(seen, owner) && isCurrent(seen, want, { ...have, boot: true });
  if (!want.boot) return file !== undefined || hasBootTraces(seen, owner);
  // The file is current, too, if it equals the kernel: then only the kernel differs from the desired state.
  const isKept = [want, have].some((service) => isPersisted(seen, owner, serviceRules(service), want.rulesLoader));
  return file === undefined && isKept;
}

/** Of a service that is checked no more, what keepalived has left is to go, too. */
function checksIn(
  seen: ServiceSeen,
  have: Omit<Have, "boot">,
  file: OwnFile | undefined,
  want: Want,
): Pick<Have, "healthCheck"> {
  if (file?.fragment !== undefined && !isKept(seen, want))
    return observedChecks({ ...have, boot: true }, file.fragment, want);
  const isLeft = isKept(seen, want) || (!isChecked(want) && mayBeLoaded(seen, want));
  return file !== undefined || isLeft ? { healthCheck: UNREAD } : {};
}

function absent({
  exclusive: _,
  drain: __,
  allowUnknownScheduler: ___,
  rulesLoader: ____,
  healthCheck: _____,
  ...service
}: Want): Omit<Have, "boot"> {
  return { ...service, live: false };
}

/** All servers of an exclusive service; otherwise only the desired ones and those of earlier runs. */
function observeServers(
  { ipvs }: Seen,
  want: Want,
  last: readonly string[],
  file: OwnFile | undefined,
): Servers | undefined {
  if (want.realServers === undefined) return undefined;
  const managed = new Set([...Object.keys(want.realServers), ...last]);
  const observed = [...(ipvs.servers.get(serviceKey(want)) ?? [])];
  const servers = Object.fromEntries(observed.filter(([address]) => want.exclusive !== false || managed.has(address)));
  return isChecked(want) && file !== undefined ? withoutChecks(servers, want, file) : servers;
}
