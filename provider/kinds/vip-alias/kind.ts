import { isDirector } from "../../dialects/ipvs/original-loader";
import { bothWaysUp } from "../../dialects/keepalived/moved-address";
import { findDialect, networkConfigFact } from "../../dialects/network/choose";
import { managerOf, removeFile, unpersist, unusedWithout } from "../../dialects/network/forget";
import { renderRestore } from "../../dialects/sysctl/restore";
import { UserError } from "../../errors";
import { originalState } from "../../facts/files/original-state";
import { owners, stackOf } from "../../facts/files/owners";
import { keepalivedAddresses } from "../../facts/keepalived/addresses";
import { instanceKeyOf } from "../../facts/keepalived/paths";
import { addresses } from "../../facts/network/addresses";
import { cards } from "../../facts/network/cards";
import { routes } from "../../facts/network/routes";
import { sysctlFiles, sysctlValues } from "../../facts/sysctl/values";
import { isSpellingOf } from "../../model/network/address";
import { splitPrefix } from "../../model/network/interface-address";
import type { Vip } from "../../model/network/vip";
import { DR_PATTERNS } from "../../model/sysctl/dr-settings";
import type { Step } from "../../step";
import { defineKind } from "../define-kind";
import { advice, bringDown, bringUp, ownForms } from "./address-steps";
import { holderIn } from "./ask";
import { persist } from "./boot-config";
import { removeLink } from "./dummy";
import { KIND } from "./forms";
import { withLabel } from "./label";
import type { VipSeen } from "./observation";
import { observeVip } from "./observe";
import { isEmptyLinkOfOurs, planCleanup, planVip, type VipChange } from "./plan";
import { previewLines } from "./preview";
import { OBSERVED } from "./properties";
import { vip, type WantedVip } from "./schema";

/** A VIP on one interface of one host: live, and at boot by the host's own network configuration. */
export const vipAlias = defineKind<WantedVip, Vip, VipSeen, VipChange>({
  name: KIND,
  needs: ["ip"],
  schema: vip,
  identity: ["role", "address", "device"],
  renamed: { network: "networkManager" },
  observedProperties: OBSERVED,
  key: ({ address, device }) => `${splitPrefix(address).ip} on ${device}`,
  commands: previewLines,
  facts: ({ role, address }) => ({
    addresses,
    networkConfig: networkConfigFact,
    routes: routes(splitPrefix(address).family),
    ...(role === "director" && { originalState, keepalived: keepalivedAddresses, owners }),
    ...(role === "realServer" && { values: sysctlValues(...DR_PATTERNS), files: sysctlFiles }),
  }),
  observe: observeVip,
  plan: planVip,
  render,
  cleanup: planCleanup,
  lockoutProblem: ({ address }, reachedAt) => {
    const { ip } = splitPrefix(address);
    if (!isSpellingOf(reachedAt.address, ip)) return undefined;
    return {
      property: "address",
      reason: `${ip} is where we reach this host by SSH, so removing the VIP would cut us off. Reach the host at an address of its own`,
    };
  },
  combines: ({ role, address }) => {
    const of = bothWaysUp(splitPrefix(address).ip);
    return role === "director" ? [{ property: "address", thing: of.things[1], of }] : [];
  },
  // A label names one file of network-scripts and one stanza of ifupdown.
  conflictsWith: ({ label, device }, news) => label !== undefined && label !== device && label === news.label,
  keeper: {
    setting: "networkManager",
    usual: ({ networkConfig }, { device }) => findDialect(networkConfig, device, undefined)?.name,
    found: ({ networkConfig }, want) => managerOf(want, networkConfig),
  },
  holder: {
    in: holderIn,
    cards,
    isDirector,
    allow: (want) => ({ ...want, allowDuplicateAddress: true }),
  },
  advice,
});

function render(change: VipChange, seen: VipSeen, resource?: string): readonly Step[] {
  switch (change.op) {
    case "bringUp":
      refuseKeepalived(change.vip, seen, resource);
      return bringUp(withLabel(change.vip, seen), seen, change.have);
    case "persist":
      refuseKeepalived(change.vip, seen, resource);
      return persist(withLabel(change.vip, seen), seen.networkConfig);
    case "unpersist":
      return unpersist(change.vip, seen.networkConfig);
    case "remove":
      return remove(change.vip, seen);
    case "removeLink":
      return [removeLink(change.device)];
    case "removeFiles":
      return change.paths.flatMap(removeFile);
    case "keepSetting":
    case "restore":
      return renderRestore(change, { values: new Map(), files: new Map(), ...seen });
  }
}

/**
 * It takes the address away and brings it up, here and on other hosts. Not where a VrrpInstance of the same stack has it, which this run has
 * replaced by this VIP and takes away at its end: a program with both was refused.
 */
function refuseKeepalived({ address }: Vip, { keepalived = [], owners: ownersOf }: VipSeen, resource?: string): void {
  const { ip } = splitPrefix(address);
  const other = keepalived.find((one) => one.ip === ip);
  if (other === undefined) return;
  const instance = instanceKeyOf(other.file);
  const names = instance === undefined ? [] : (ownersOf?.("VrrpInstance", instance)?.names ?? []);
  if (resource !== undefined && names.length > 0 && names.every((name) => stackOf(name) === stackOf(resource))) return;
  throw new UserError(
    `${other.file}, line ${other.line}, gives ${ip} to keepalived, which moves it between hosts. Leave it to keepalived, or delete it there`,
  );
}

/**
 * A change that may cut us off comes without its files: they follow in the next pass, when it is confirmed. With the last address goes the link
 * that we have made for it.
 */
function remove(vip: Vip, seen: VipSeen): readonly Step[] {
  const { networkConfig, addresses: all } = seen;
  const live = bringDown(vip, seen);
  const mayCutOff = live.some((step) => "command" in step && step.undo !== undefined);
  if (mayCutOff) return live;
  const own = ownForms(vip, seen);
  const after = { ...seen, addresses: { ...all, addresses: all.addresses.filter((one) => !own.includes(one)) } };
  const isLast = isEmptyLinkOfOurs(vip.device, after, unusedWithout(vip, networkConfig));
  return [...live, ...unpersist(vip, networkConfig), ...(isLast ? [removeLink(vip.device)] : [])];
}
