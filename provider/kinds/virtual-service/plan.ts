import { isDeepStrictEqual } from "node:util";
import type { BootChange } from "../../dialects/ipvs/boot-rules";
import type { Service, VirtualService, WantedVirtualService } from "../../model/ipvs/virtual-service";
import { planServer, type ServerChange } from "../real-server/kind";
import { type CheckChange, planChecked, type ServiceChange } from "./checks/plan";
import { isChecked } from "./checks/seen";
import { ownerOf } from "./owner";
import { inlineServers, serviceRules } from "./rules";

export type VirtualServiceChange = ServiceChange | ServerChange | BootChange | CheckChange;

export function plan(
  want: WantedVirtualService | undefined,
  have: VirtualService | undefined,
): readonly VirtualServiceChange[] {
  const changes = planChanges(want, have);
  return changes.length === 0 || have?.healthCheck === undefined
    ? changes
    : [{ op: "stop keeping", service: have }, ...changes];
}

function planChanges(
  want: WantedVirtualService | undefined,
  have: VirtualService | undefined,
): readonly VirtualServiceChange[] {
  if (want === undefined) return have === undefined ? [] : planRemoval(have);
  const inKernel = have?.live === false ? undefined : have;
  const changes = [...planService(want, inKernel), ...planServers(want, inKernel)];
  if (isChecked(want)) return planChecked(want, have, changes);
  const boot = [
    ...planBoot(want, have, changes.length === 0),
    // Of what is not there, it is not known yet whether anything is left of its checks.
    ...(have === undefined || have.healthCheck !== undefined ? [{ op: "uncheck", service: want } as const] : []),
  ];
  if (want.exclusive !== false) return [...changes, ...boot];
  // Only the kernel still tells a refresh after a cut that a server is ours: it goes last.
  const goes = ({ op }: VirtualServiceChange) => op === "delete server";
  return [...changes.filter((one) => !goes(one)), ...boot, ...changes.filter(goes)];
}

/** With the service go all lines of its servers, if it manages them: an interrupted run may have left some that the kernel never had. */
function planRemoval(have: VirtualService): readonly VirtualServiceChange[] {
  return [
    ...(have.live ? [{ op: "delete service", service: have } as const] : []),
    ...(have.healthCheck === undefined ? [] : [{ op: "drop checks", service: have } as const]),
    { op: "unboot", owner: ownerOf(have) },
  ];
}

function planService(want: WantedVirtualService, have: VirtualService | undefined): readonly ServiceChange[] {
  if (have === undefined) return [{ op: "add service", service: want }];
  return isDeepStrictEqual(settingsOf(want), settingsOf(have)) ? [] : [{ op: "edit service", service: want }];
}

function planServers(
  want: WantedVirtualService,
  have: VirtualService | undefined,
): readonly (ServerChange | ServiceChange)[] {
  if (want.realServers === undefined) return have?.realServers === undefined ? [] : [{ op: "release servers" }];
  const desired = inlineServers(want);
  const observed = inlineServers(have);
  const surplus = [...observed].filter(([address]) => !desired.has(address));
  return [
    ...[...desired].flatMap(([address, server]) => planServer(server, observed.get(address))),
    ...surplus.flatMap(([, server]) => planServer(undefined, server)),
  ];
}

function planBoot(
  want: WantedVirtualService,
  have: VirtualService | undefined,
  unchanged: boolean,
): readonly BootChange[] {
  const owner = ownerOf(want, Object.keys(have?.realServers ?? {}));
  // Of what is not there, nor is it known whether a boot has anything left of it.
  if (!want.boot) return have?.boot === false ? [] : [{ op: "unboot", owner }];
  if (unchanged && have?.boot === true) return [];
  const { rulesLoader } = want;
  return [
    { op: "boot", owner, rules: serviceRules(want), ...(rulesLoader === undefined ? {} : { dialect: rulesLoader }) },
  ];
}

function settingsOf({ scheduler, schedulerFlags, persistenceTimeout, netmask, persistenceEngine, onePacket }: Service) {
  return { scheduler, schedulerFlags, persistenceTimeout, netmask, persistenceEngine, onePacket };
}
