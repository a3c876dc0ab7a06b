import { daemonState, writeFragment } from "../../../dialects/keepalived/keepalived";
import type { Check } from "../../../model/ipvs/health-check";
import { serviceKey } from "../../../model/ipvs/service-key";
import type { Step } from "../../../step";
import { isLeaving } from "./current";
import { leftSorry } from "./declared";
import { type CheckedService, fragmentName, renderFragment } from "./fragment";
import type { Fragment } from "./parse-fragment";
import type { CheckedSeen } from "./seen";
import { type CheckedWant, keepalivedOf, ownFile } from "./seen";

/** One that never comes to an end. */
const ANOTHER: Check = { tcp: {}, port: 1, interval: 3600, timeout: 3599, retries: 100, retryInterval: 3600 };

/**
 * keepalived writes a weight only when the answer of a check changes. Where somebody else wrote one, or took a server away, it may think that it
 * has put that server out: ours would then get requests, dead as it is. Of a server with another check it knows nothing, and looks anew.
 * So such servers have another one for a moment, before the rules are mended and their own check comes back. In the same way it
 * forgets a sorry server that it has left behind.
 */
export function recheckSteps(want: CheckedWant, seen: CheckedSeen): readonly Step[] {
  const name = fragmentName(want);
  const keepalived = keepalivedOf(seen);
  const fragment = ownFile(seen, want)?.fragment;
  if (!daemonState(name, keepalived).live || fragment === undefined || isLeaving(want)) return [];
  const drifted = driftedServers(want, fragment, seen);
  const left = leftSorry(Object.fromEntries(seen.ipvs.servers.get(serviceKey(want)) ?? []), fragment);
  if (drifted.length === 0 && left === undefined) return [];
  return writeFragment(name, renderFragment(withAnother(fragment, drifted, left)), keepalived);
}

/** Nothing else changes, or keepalived would come before the rules. */
function withAnother(
  { service, servers, onFailure, sorry }: Fragment,
  drifted: readonly string[],
  left: string | undefined,
): CheckedService {
  const realServers = [...servers].map(
    ([address, { settings, check }]) =>
      [address, { ...settings, healthCheck: drifted.includes(address) ? ANOTHER : check }] as const,
  );
  const healthCheck = { ...ANOTHER, onFailure, ...(sorry !== undefined && sorry !== left && { sorry }) };
  return { ...service, realServers: Object.fromEntries(realServers), healthCheck };
}

/** Those that keepalived was told of, and that the kernel has with a weight of neither its nor of a check that failed, or has not. */
function driftedServers(want: CheckedWant, fragment: Fragment, seen: CheckedSeen): readonly string[] {
  const key = serviceKey(want);
  const inKernel = seen.ipvs.servers.get(key);
  const mayBeAway = fragment.onFailure === "remove" && seen.ipvs.services.has(key);
  return Object.keys(want.realServers).filter((address) => {
    const declared = fragment.servers.get(address)?.settings;
    const weight = inKernel?.get(address)?.weight;
    if (declared === undefined) return false;
    return weight === undefined ? !mayBeAway : weight !== 0 && weight !== declared.weight;
  });
}
