import { isDeepStrictEqual } from "node:util";
import { isClaimPersisted, observedValues } from "../../dialects/sysctl/claim";
import { LEDGER } from "../../dialects/sysctl/ledger-text";
import { planRestore } from "../../dialects/sysctl/restore";
import { describeSetting } from "../../dialects/sysctl/write";
import { moduleFiles } from "../../facts/files/module-loading";
import { originalState } from "../../facts/files/original-state";
import { addresses } from "../../facts/network/addresses";
import { bootSettings } from "../../facts/sysctl/boot-settings";
import { sysctlFiles, sysctlValues } from "../../facts/sysctl/values";
import { DR_PATTERNS } from "../../model/sysctl/dr-settings";
import type { Claim } from "../../model/sysctl/setting";
import { defineKind } from "../define-kind";
import type { Kind } from "../kind";
import { hasTunnelFiles, isTunnelPersisted, tunnelBootFiles, tunnelModulesProblem } from "./boot";
import { encapsulationOf } from "./encapsulations";
import { tunnels } from "./facts";
import { OBSERVED } from "./properties";
import {
  claimOf,
  isNeededAtBoot,
  isNeededByOthers,
  isOurs,
  isUnused,
  keyOf,
  renderTun,
  type TunChange,
  type TunSeen,
  tunAdvice,
} from "./render";
import { tunSchema as schema, type Tun, type WantedTun } from "./schema";
import { tunSettings } from "./sysctls";

/** The receiving end of a tunnel on a real server: takes out the packets that a director sends in it. */
export const tunKernelTuning = defineKind(tunKind());

function tunKind(resource?: string): Kind<WantedTun, Tun, TunSeen, TunChange> {
  return {
    name: "TunKernelTuning",
    needs: ["ip", "sysctl"],
    schema,
    identity: ["type", "encapsulates", "port"],
    observedProperties: OBSERVED,
    renamed: { carries: "encapsulates", sharesNetwork: "sameSubnetAsVip" },
    key: keyOf,
    commands: (want) => [...describeTunnel(want), ...tunSettings(want).map(describeSetting)],
    facts: () => ({
      values: sysctlValues(...DR_PATTERNS, "net.ipv4.conf.*.rp_filter", "net.ipv6.conf.*.disable_ipv6"),
      files: sysctlFiles,
      commands: bootSettings,
      addresses,
      tunnels,
      bootFiles: tunnelBootFiles,
      modules: moduleFiles,
      before: originalState,
    }),
    edits: () => [LEDGER],
    observe: (seen, want) => observe(seen, want, resource),
    observeOwn: (seen, want) =>
      isNeededByOthers(want, seen, resource) && !isOwned(seen, want, resource)
        ? undefined
        : observe(seen, want, resource),
    plan,
    render: (change, seen) => renderTun(change, seen, resource),
    cleanup: (seen, gone) => {
      const { device } = encapsulationOf(gone);
      return [
        ...planRestore(seen, isOurs(gone, seen)),
        ...(isUnused(seen, device) ? [{ op: "restoreDevice", encapsulation: encapsulationOf(gone) } as const] : []),
      ];
    },
    ownedBy: tunKind,
    advice: tunAdvice,
  };
}

function isOwned(seen: TunSeen, want: WantedTun, resource: string | undefined): boolean {
  return observedValues(seen, claimOf(want, resource)) !== undefined;
}

function observe(seen: TunSeen, want: WantedTun, resource: string | undefined): Tun | undefined {
  const claim = claimOf(want, resource);
  const values = observedValues(seen, claim);
  if (values === undefined && !hasTunnelFiles(want, seen.bootFiles)) return undefined;
  const { type, encapsulates, port } = want;
  const isOpen = port === undefined || seen.tunnels.ports.includes(port);
  return {
    type,
    ...(encapsulates !== undefined && { encapsulates }),
    ...(port !== undefined && { port }),
    settings: Object.fromEntries([...(values ?? [])].map(([key, value]) => [key, Number(value)])),
    live: seen.tunnels.devices.get(encapsulationOf(want).device) === true && isOpen,
    boot: want.boot ? isPersisted(seen, want, claim) : hasTraces(seen, want, claim),
  };
}

function isPersisted(seen: TunSeen, want: WantedTun, claim: Claim): boolean {
  const isWhole = isClaimPersisted(seen, claim) && isTunnelPersisted(want, seen.bootFiles);
  return isWhole && tunnelModulesProblem(want, seen.modules) === undefined;
}

/** Of a tunnel that is not for boot: whether anything is there for the next one that no other resource needs. */
function hasTraces(seen: TunSeen, want: WantedTun, claim: Claim): boolean {
  if (isClaimPersisted(seen, claim)) return true;
  return hasTunnelFiles(want, seen.bootFiles) && !isNeededAtBoot(want, seen, claim.owner);
}

function plan(want: WantedTun | undefined, have: Tun | undefined): readonly TunChange[] {
  if (!want) return have ? [{ op: "release", tun: have }] : [];
  const same = have?.live === true && have.boot === want.boot && isDeepStrictEqual(have.settings, want.settings);
  return same ? [] : [{ op: "claim", tun: want }];
}

function describeTunnel(tun: WantedTun): string[] {
  const { port, boot } = tun;
  return [
    `${encapsulationOf(tun).device} up`,
    ...(port === undefined ? [] : [`UDP port ${port} open for gue`]),
    ...(boot ? ["at boot: a systemd unit of our own"] : []),
  ];
}
