import { isDeepStrictEqual } from "node:util";
import {
  daemonState,
  hasKeepalivedTraces,
  isStillLoaded,
  removeFragment,
  removeKeepalivedTraces,
  removeTracesWith,
  writeFragment,
} from "../../dialects/keepalived/keepalived";
import { bothWaysUp } from "../../dialects/keepalived/moved-address";
import { keepalivedAdvice } from "../../dialects/keepalived/problems";
import { keepalivedFacts } from "../../dialects/keepalived/seen";
import { networkConfigFact } from "../../dialects/network/choose";
import { hasBootConfig, unpersist } from "../../dialects/network/forget";
import { dropOriginal, keysOf } from "../../facts/files/original-state";
import { owners } from "../../facts/files/owners";
import { keepalivedAddresses } from "../../facts/keepalived/addresses";
import { addresses } from "../../facts/network/addresses";
import { isSpellingOf } from "../../model/network/address";
import { splitPrefix } from "../../model/network/interface-address";
import type { Step } from "../../step";
import { defineKind } from "../define-kind";
import type { Endpoint, Problem } from "../kind";
import { fragmentLines, fragmentNameOf, fragmentText, instanceKey } from "./fragment";
import { leaveToAliases, waitForAnother } from "./handover";
import { OBSERVED } from "./properties";
import { readFragment } from "./read-fragment";
import { asVip, type InstanceSeen, refuseInstance } from "./refuse";
import { vrrpInstance as schema, type VrrpAddress, type VrrpInstance, withAddresses } from "./schema";

type Change =
  | { readonly op: "write"; readonly instance: VrrpInstance }
  | { readonly op: "remove"; readonly name: string }
  | { readonly op: "removeTraces" };

/** With the name of its file, which what is in it may not tell any more. */
type Observed = VrrpInstance & { readonly fragment?: string };

const ALIAS = "VipAlias";

/** Addresses that one of several hosts has, by VRRP: keepalived owns them, and nothing else on the host. */
export const vrrpInstance = defineKind<VrrpInstance, Observed, InstanceSeen, Change>({
  name: "VrrpInstance",
  needs: ["ip"],
  schema,
  identity: ["device", "virtualRouterId", "addresses"],
  observedProperties: OBSERVED,
  key: (want) => instanceKey(withAddresses(want)),
  commands: (want) => fragmentLines(withAddresses(want)),
  facts: (want) => ({
    ...keepalivedFacts(fragmentNameOf(want)),
    addresses,
    networkConfig: networkConfigFact,
    moved: keepalivedAddresses,
    owners,
  }),
  observe,
  plan,
  render,
  cleanup: (seen) => (hasKeepalivedTraces(seen) ? [{ op: "removeTraces" }] : []),
  lockoutProblem,
  // The addresses would be in two files at once.
  conflictsWith: (olds, news) => ipsOf(olds).some((ip) => ipsOf(news).includes(ip)),
  exclusive: (want) => ipsOf(want).map((ip) => ({ property: "addresses", thing: `${ip} of keepalived` })),
  combines: (want) =>
    ipsOf(want).map((ip) => {
      const of = bothWaysUp(ip);
      return { property: "addresses", thing: of.things[0], of };
    }),
  owns: (want) => withAddresses(want).addresses.map((one) => [ALIAS, aliasKey(one)]),
  advice: keepalivedAdvice,
});

/** Who is master is not observed: it changes without anybody having done something wrong. */
function observe(seen: InstanceSeen, want: VrrpInstance): Observed | undefined {
  const name = fragmentNameOf(want);
  const { boot, ...daemon } = daemonState(name, seen);
  const text = seen.keepalivedFragment;
  if (text === undefined && !isStillLoaded(name, seen)) return undefined;
  const isAlone = want.addresses.every((one) => !hasBootConfig(asVip(one), seen.networkConfig));
  return { ...readFragment(text ?? "", want), ...daemon, boot: boot && isAlone, fragment: name };
}

function plan(want: VrrpInstance | undefined, have: Observed | undefined): readonly Change[] {
  if (want === undefined) return have?.fragment === undefined ? [] : [{ op: "remove", name: have.fragment }];
  const { fragment: _, ...observed } = have ?? {};
  return isDeepStrictEqual(want, observed) ? [] : [{ op: "write", instance: want }];
}

function render(change: Change, seen: InstanceSeen): readonly Step[] {
  switch (change.op) {
    case "write": {
      const { instance } = change;
      refuseInstance(instance, seen);
      return [
        ...waitForAnother(instance, seen),
        ...writeFragment(fragmentNameOf(instance), fragmentText(instance), seen),
        ...replaceAliases(instance, seen),
      ];
    }
    case "remove":
      return [
        ...leaveToAliases(change.name, seen, removeFragment(change.name, seen)),
        ...removeTracesWith(change.name, seen),
      ];
    case "removeTraces":
      return removeKeepalivedTraces(seen);
  }
}

/** What a VipAlias has left: its address is in keepalived's hands now, and a boot must not bring it up before any host is master. */
function replaceAliases(
  { addresses: all }: VrrpInstance,
  { networkConfig, keepalivedBefore }: InstanceSeen,
): readonly Step[] {
  const recorded = keysOf(keepalivedBefore, ALIAS);
  return all.flatMap((one) => [
    ...(hasBootConfig(asVip(one), networkConfig) ? unpersist(asVip(one), networkConfig) : []),
    ...(recorded.includes(aliasKey(one)) ? [dropOriginal(ALIAS, aliasKey(one))] : []),
  ]);
}

function lockoutProblem(want: VrrpInstance, reachedAt: Endpoint): Problem | undefined {
  const ip = ipsOf(want).find((one) => isSpellingOf(reachedAt.address, one));
  if (ip === undefined) return undefined;
  const reason = `has ${ip}, where we reach this host by SSH, and another host may have it. Reach the host at an address of its own`;
  return { property: "addresses", reason };
}

function ipsOf(want: VrrpInstance): readonly string[] {
  return withAddresses(want).addresses.map(({ address }) => splitPrefix(address).ip);
}

function aliasKey({ address, device }: VrrpAddress): string {
  return `${splitPrefix(address).ip} on ${device}`;
}
