import {
  isStillLoaded,
  removeFragment,
  removeKeepalivedTraces,
  removeTracesWith,
  writeFragment,
} from "../../../dialects/keepalived/keepalived";
import { fragmentPath } from "../../../facts/keepalived/paths";
import { serviceKey } from "../../../model/ipvs/service-key";
import type { VirtualService } from "../../../model/ipvs/virtual-service";
import { run, type Step } from "../../../step";
import { serviceRules } from "../rules";
import { abandonServices } from "./abandon";
import { isCurrent, isLeaving } from "./current";
import { fragmentName, renderFragment } from "./fragment";
import { guardSteps } from "./guard";
import { keepRules, stopKeeping } from "./keep-rules";
import type { CheckChange } from "./plan";
import { recheckSteps } from "./recheck";
import { refuseForeign, refuseTooOld } from "./refusals";
import type { CheckedSeen, CheckedWant } from "./seen";
import { hasTraces, isKept, keepalivedOf, mayBeLoaded } from "./seen";
import { asRead, renderCheckedServer } from "./servers";

export function renderCheck(change: CheckChange, seen: CheckedSeen): readonly Step[] {
  switch (change.op) {
    case "checked rule":
      return asRead([{ rule: change.rule }], change.service, seen);
    case "edit checked server":
    case "delete checked server":
      return asRead(renderCheckedServer(change, seen), change.service, seen);
    case "recheck":
      return recheckSteps(change.service, seen);
    case "check":
      return checkSteps(change.service, seen);
    case "uncheck":
      return uncheckSteps(change.service, seen);
    case "drop checks":
      return [
        ...dropSteps(change.service, seen),
        ...removeTracesWith(fragmentName(change.service), keepalivedOf(seen)),
      ];
    case "stop keeping":
      return isKept(seen, change.service) ? [stopKeeping(fragmentName(change.service))] : [];
    case "restore keepalived":
      return removeKeepalivedTraces(keepalivedOf(seen));
  }
}

/** After a removal: a file that is left where the kernel has no such service, or what has no use any more. */
export function cleanupChecks(seen: CheckedSeen, gone: VirtualService): readonly CheckChange[] {
  const name = fragmentName(gone);
  const keepalived = keepalivedOf(seen);
  if (seen.oursThere.fragments.includes(name) || isStillLoaded(name, keepalived))
    return [{ op: "drop checks", service: gone }];
  return hasTraces(seen) ? [{ op: "restore keepalived", service: gone }] : [];
}

function checkSteps(want: CheckedWant, seen: CheckedSeen): readonly Step[] {
  const keepalived = keepalivedOf(seen);
  refuseTooOld(want, keepalived);
  refuseForeign(want, keepalived);
  const isRechecked = recheckSteps(want, seen).length > 0;
  if (isLeaving(want) || (!isRechecked && isCurrent(seen, want, want))) return [];
  return [...writeFragment(fragmentName(want), renderFragment(want), keepalived), ...guardSteps(want, seen)];
}

/**
 * keepalived deletes a service that leaves its files. Where it has no other, the process that would do it is ended before it knows. Else, and
 * should that not succeed, the rules are added again without a pause, until it has.
 */
function uncheckSteps(want: VirtualService, seen: CheckedSeen): readonly Step[] {
  if (!mayBeLoaded(seen, want)) return [];
  const name = fragmentName(want);
  const servers = Object.fromEntries(seen.ipvs.servers.get(serviceKey(want)) ?? []);
  const rules = serviceRules(want.realServers === undefined ? { ...want, realServers: servers } : want);
  return [
    keepRules(name, rules),
    ...dropSteps(want, seen, abandonServices()),
    stopKeeping(name),
    ...removeTracesWith(name, keepalivedOf(seen)),
  ];
}

/** The same steps where the file was not read, which then goes whatever it says. */
function dropSteps(service: VirtualService, seen: CheckedSeen, ...first: readonly Step[]): readonly Step[] {
  const name = fragmentName(service);
  const steps = removeFragment(name, keepalivedOf(seen), ...first);
  if ("keepalivedFragment" in seen) return steps;
  return steps.map((step) => ("file" in step ? run("rm", "-f", "--", fragmentPath(name)) : step));
}
