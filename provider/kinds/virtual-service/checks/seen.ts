import { hasKeepalivedTraces, isStillLoaded } from "../../../dialects/keepalived/keepalived";
import { type KeepalivedSeen, keepalivedFacts } from "../../../dialects/keepalived/seen";
import type { Facts } from "../../../facts/fact";
import type { OriginalState } from "../../../facts/files/original-state";
import type { IpvsTable } from "../../../facts/ipvs/table";
import { type KeepalivedConfig, keepalivedConfig, parseKeepalivedConfig } from "../../../facts/keepalived/config";
import { type KeepalivedDaemon, keepalivedDaemon, parseKeepalivedDaemon } from "../../../facts/keepalived/daemon";
import { type OursThere, oursThere, whereOurs } from "../../../facts/keepalived/fragments";
import { serviceKey } from "../../../model/ipvs/service-key";
import type { VirtualService, WantedVirtualService } from "../../../model/ipvs/virtual-service";
import { type CheckedService, fragmentName } from "./fragment";
import { type Fragment, parseFragment } from "./parse-fragment";

/** What keepalived has to do with a service. */
export type ChecksSeen = Partial<Omit<KeepalivedSeen, "keepalivedDaemon" | "keepalivedConfig">> & {
  readonly oursThere: OursThere;
  /** Undefined: not looked at, because nothing of ours is there. */
  readonly keepalivedDaemon?: KeepalivedDaemon | undefined;
  readonly keepalivedConfig?: KeepalivedConfig | undefined;
};

export type CheckedSeen = ChecksSeen & { readonly ipvs: IpvsTable; readonly record: OriginalState };

/** All of keepalived where the service is to be checked; else as much as it takes to end that, and its own file is not read. */
export function checksFacts(want: VirtualService): Facts<ChecksSeen> {
  const all = keepalivedFacts(fragmentName(want));
  if (want.healthCheck !== undefined) return { oursThere, ...all };
  const { keepalivedFragment: _, ...rest } = all;
  return { oursThere, ...rest, ...WHERE_OURS };
}

const WHERE_OURS = { keepalivedDaemon: whereOurs(keepalivedDaemon), keepalivedConfig: whereOurs(keepalivedConfig) };

/** Of a daemon that was not looked at nothing is to be changed. */
const NOT_READ: KeepalivedDaemon = {
  ...parseKeepalivedDaemon(""),
  unit: { exists: true, activeState: "active", fileState: "enabled" },
};

/** All that a removal of a file of ours looks at. */
export function keepalivedOf(seen: ChecksSeen & { readonly record: OriginalState }): KeepalivedSeen {
  return {
    keepalivedDaemon: seen.keepalivedDaemon ?? NOT_READ,
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

/** Whether keepalived may still have the service: its file is there, or has gone without keepalived being told. */
export function mayBeLoaded(seen: ChecksSeen & { readonly record: OriginalState }, service: VirtualService): boolean {
  const name = fragmentName(service);
  return seen.oursThere.fragments.includes(name) || isStillLoaded(name, keepalivedOf(seen)) || hasTraces(seen);
}

/** Whether a run was cut that kept the rules, and would bring back what is to go. */
export function isKept({ oursThere }: ChecksSeen, service: VirtualService): boolean {
  return oursThere.kept.includes(fragmentName(service));
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
