import { hasKeepalivedTraces } from "../../../dialects/keepalived/keepalived";
import { type KeepalivedSeen, keepalivedFacts } from "../../../dialects/keepalived/seen";
import type { Facts } from "../../../facts/fact";
import type { OriginalState } from "../../../facts/files/original-state";
import type { IpvsTable } from "../../../facts/ipvs/table";
import { parseKeepalivedConfig } from "../../../facts/keepalived/config";
import { type KeepalivedDaemon, keepalivedDaemon, parseKeepalivedDaemon } from "../../../facts/keepalived/daemon";
import { type OursThere, oursThere, whereOurs } from "../../../facts/keepalived/fragments";
import { serviceKey } from "../../../model/ipvs/service-key";
import type { VirtualService, WantedVirtualService } from "../../../model/ipvs/virtual-service";
import { type CheckedService, fragmentName } from "./fragment";
import { type Fragment, parseFragment } from "./parse-fragment";

/** What keepalived has to do with a service. */
export type ChecksSeen = Partial<KeepalivedSeen> & { readonly oursThere: OursThere };

export type CheckedSeen = ChecksSeen & { readonly ipvs: IpvsTable; readonly record: OriginalState };

/** All of keepalived where the service is to be checked; else as much as it takes to end that, and its own file is not read. */
export function checksFacts(want: VirtualService): Facts<ChecksSeen> {
  const all = keepalivedFacts(fragmentName(want));
  if (want.healthCheck !== undefined) return { oursThere, ...all };
  const { keepalivedFragment: _, keepalivedConfig: __, ...rest } = all;
  return { oursThere, ...rest, keepalivedDaemon: DAEMON_WHERE_OURS };
}

const DAEMON_WHERE_OURS = whereOurs(keepalivedDaemon);

/** Of a daemon that was not looked at nothing is to be changed. */
const NOT_READ: KeepalivedDaemon = {
  ...parseKeepalivedDaemon(""),
  unit: { exists: true, activeState: "active", fileState: "enabled" },
};

/** All that a removal of a file of ours looks at. */
export function keepalivedOf(seen: ChecksSeen & { readonly record: OriginalState }): KeepalivedSeen {
  const isRead = seen.oursThere.fragments.length > 0 || "keepalivedFragment" in seen;
  return {
    keepalivedDaemon: (isRead ? seen.keepalivedDaemon : undefined) ?? NOT_READ,
    keepalivedConfig: seen.keepalivedConfig ?? parseKeepalivedConfig(""),
    keepalivedMain: seen.keepalivedMain,
    keepalivedDropIn: seen.keepalivedDropIn,
    keepalivedFragment: seen.keepalivedFragment,
    keepalivedBefore: seen.record,
  };
}

/** Whether anything of ours is left where no file of ours is. */
export function hasTraces(seen: ChecksSeen & { readonly record: OriginalState }): boolean {
  return hasKeepalivedTraces(keepalivedOf(seen));
}

/** The file by which keepalived checks a service. */
export interface OwnFile {
  /** Undefined: it was not read. */
  readonly text: string | undefined;
  /** Undefined: somebody has made another one of it. */
  readonly fragment: Fragment | undefined;
}

/** Undefined: there is none. */
export function ownFile(seen: ChecksSeen, service: VirtualService): OwnFile | undefined {
  const text = seen.keepalivedFragment;
  if (text !== undefined) return { text, fragment: parseFragment(text, serviceKey(service)) };
  return seen.oursThere.fragments.includes(fragmentName(service)) ? { text, fragment: undefined } : undefined;
}

export function isChecked<Service extends VirtualService>(want: Service): want is CheckedService & Service {
  return want.healthCheck !== undefined && want.realServers !== undefined;
}

export type CheckedWant = CheckedService & WantedVirtualService;
