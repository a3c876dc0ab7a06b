import { isDeepStrictEqual } from "node:util";
import { foundValues, isSetAtBoot } from "../../dialects/sysctl/claim";
import { planRestore } from "../../dialects/sysctl/restore";
import { originalState } from "../../facts/files/original-state";
import { addresses } from "../../facts/network/addresses";
import { sysctlFiles, sysctlValues } from "../../facts/sysctl/values";
import { interfaceKey, interfaceKey6, type Setting } from "../../model/sysctl/setting";
import { DR_PATTERNS, drSettings } from "../kernel-tuning/dr";
import { ruleOf } from "../kernel-tuning/kind";
import type { Kind } from "../kind";
import { hasTunnelFiles, isTunnelBooted, tunnelBootFiles } from "./boot";
import { tunnels } from "./facts";
import { isIdle, renderTun, type TunChange, type TunSeen, tunAdvice } from "./render";
import { type Encapsulation, encapsulationOf, type Tun, tunSchema, type WantedTun } from "./schema";

/** What lets a real server take packets out of the tunnel in which a director sends them. */
export const tunKernelTuning: Kind<WantedTun, Tun, TunSeen, TunChange> = {
  name: "TunKernelTuning",
  schema: tunSchema(tunSettings),
  identity: ["type", "encapsulates", "port"],
  observedProperties: ["type", "encapsulates", "port", "settings", "live", "boot"],
  renamed: { carries: "encapsulates", sharesNetwork: "sameSubnetAsVip" },
  key: keyOf,
  commands: (want) => [...linesOf(want), ...tunSettings(want).map(ruleOf)],
  facts: () => ({
    values: sysctlValues(...DR_PATTERNS, "net.ipv4.conf.*.rp_filter", "net.ipv6.conf.*.disable_ipv6"),
    files: sysctlFiles,
    addresses,
    tunnels,
    bootFiles: tunnelBootFiles,
    before: originalState,
  }),
  observe: find,
  plan,
  render: (change, seen) => renderTun(change, seen, (tun) => ({ owner: ownerOf(tun), settings: tunSettings(tun) })),
  cleanup: (seen, gone) => [
    ...planRestore(seen, (key) => key in gone.settings),
    ...putBack(seen, encapsulationOf(gone)),
  ],
  advice: tunAdvice,
};

/** The table. What counts is the greater of the device's own rp_filter and that of `all`: 2 is right with each of these. */
export function tunSettings(tun: Pick<WantedTun, "type" | "encapsulates" | "sameSubnetAsVip">): readonly Setting[] {
  const { device } = encapsulationOf(tun);
  if (tun.encapsulates !== undefined) {
    const reason = `what comes out of ${device} is IPv6; a host may have it turned off for devices that come`;
    return [{ key: interfaceKey6(device, "disable_ipv6"), value: 0, reason }];
  }
  return [
    {
      key: interfaceKey(device, "rp_filter"),
      value: 2,
      reason: `a client's packet comes out of ${device}, and its answer goes out elsewhere: 1 would drop it, as 1 of all would with 0 here`,
    },
    ...(tun.sameSubnetAsVip ? drSettings({ devices: [] }) : []),
  ];
}

function find(seen: TunSeen, want: WantedTun): Tun | undefined {
  const claim = { owner: ownerOf(want), settings: tunSettings(want) };
  const values = foundValues(seen, claim);
  if (values === undefined && !hasTunnelFiles(want, seen.bootFiles)) return undefined;
  const { type, encapsulates, port } = want;
  const open = port === undefined || seen.tunnels.ports.includes(port);
  return {
    type,
    ...(encapsulates !== undefined && { encapsulates }),
    ...(port !== undefined && { port }),
    settings: Object.fromEntries([...(values ?? [])].map(([key, value]) => [key, Number(value)])),
    live: seen.tunnels.devices.get(encapsulationOf(want).device) === true && open,
    boot: isSetAtBoot(seen, claim) && isTunnelBooted(want, seen.bootFiles),
  };
}

function plan(want: WantedTun | undefined, have: Tun | undefined): readonly TunChange[] {
  if (!want) return have ? [{ op: "release", tun: have }] : [];
  const right = have?.live === true && have.boot === want.boot && isDeepStrictEqual(have.settings, want.settings);
  return right ? [] : [{ op: "claim", tun: want }];
}

function putBack(seen: TunSeen, envelope: Encapsulation): readonly TunChange[] {
  return isIdle(seen, envelope.device) ? [{ op: "putBack", envelope }] : [];
}

function keyOf({ type, encapsulates, port }: Named): string {
  return [type, encapsulates, port].filter((word) => word !== undefined).join(" ");
}

type Named = Pick<Tun, "type" | "encapsulates" | "port">;

function ownerOf(tun: Named): string {
  return `TunKernelTuning ${keyOf(tun)}`;
}

function linesOf(tun: WantedTun): string[] {
  const { port, boot } = tun;
  return [
    `${encapsulationOf(tun).device} up`,
    ...(port === undefined ? [] : [`UDP port ${port} open for gue`]),
    ...(boot ? ["at boot: a unit of our own"] : []),
  ];
}
