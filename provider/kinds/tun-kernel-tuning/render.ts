import { z } from "zod";
import { renderClaim, renderRelease } from "../../dialects/sysctl/claim";
import { ledgerEntries } from "../../dialects/sysctl/ledger";
import type { LedgerOwner } from "../../dialects/sysctl/ledger-text";
import { needs, ownerName } from "../../dialects/sysctl/owner";
import { type Restore, renderRestore, type SysctlSeen } from "../../dialects/sysctl/restore";
import { sysctlAdvice } from "../../dialects/sysctl/write";
import { UserError } from "../../errors";
import type { Files } from "../../facts/files/lines";
import { dropOriginal, type OriginalState, originalOf, recordOriginal } from "../../facts/files/original-state";
import type { Claim } from "../../model/sysctl/setting";
import { type Advice, run, type Step } from "../../step";
import { persistTunnel, tunnelModulesProblem, unpersistTunnel } from "./boot";
import { type Encapsulation, encapsulationOf } from "./encapsulations";
import type { Tunnels } from "./facts";
import type { Tun, WantedTun } from "./schema";
import { tunSettings } from "./sysctls";

export interface TunSeen extends SysctlSeen {
  readonly tunnels: Tunnels;
  readonly bootFiles: Files;
  readonly before: OriginalState;
  /** What has a say in the load of modules. */
  readonly modules: Files;
}

export type TunChange =
  | { readonly op: "claim"; readonly tun: WantedTun }
  | { readonly op: "release"; readonly tun: Tun }
  | { readonly op: "restoreDevice"; readonly encapsulation: Encapsulation }
  | Restore;

type TunIdentity = Pick<Tun, "type" | "encapsulates" | "port">;

const KIND = "TunKernelTuning";

/** Of a device, before us. */
const DEVICE_STATE = z.enum(["absent", "up", "down"]);

export function renderTun(change: TunChange, seen: TunSeen, resource?: string): readonly Step[] {
  switch (change.op) {
    case "claim":
      return claimTun(change.tun, seen, resource);
    case "release": {
      const { tun } = change;
      const owner = ownerOf(tun, resource);
      const encapsulation = encapsulationOf(tun);
      return [
        ...(isNeededAtBoot(tun, seen, owner) ? [] : unpersistTunnel(tun, seen.bootFiles)),
        ...(isNeededByOthers(tun, seen, resource) ? [] : closePort(tun, seen)),
        ...renderRelease(owner, seen, isOurs(tun, seen)),
        ...(isUnused(seen, encapsulation.device, owner) ? restoreDevice(encapsulation, seen) : []),
      ];
    }
    case "restoreDevice":
      return restoreDevice(change.encapsulation, seen);
    case "keepSetting":
    case "restore":
      return renderRestore(change, seen);
  }
}

export function keyOf({ type, encapsulates, port }: TunIdentity): string {
  return [type, encapsulates, port].filter((word) => word !== undefined).join(" ");
}

export function claimOf(tun: WantedTun, resource: string | undefined): Claim {
  return { owner: ownerOf(tun, resource), boot: tun.boot, settings: tunSettings(tun) };
}

/** Also what a run claimed that was cut, and no state knows; of a device that is gone as well. */
export const isOurs =
  (tun: TunIdentity & Pick<Tun, "settings">, { values }: TunSeen) =>
  (key: string) =>
    Object.hasOwn(tun.settings, key) || values.has(key) || key.split(".")[3] === encapsulationOf(tun).device;

/** Whether another resource needs the same tunnel. */
export function isNeededByOthers(tun: TunIdentity, { files }: TunSeen, resource: string | undefined): boolean {
  return othersOf(tun, files, ownerOf(tun, resource)).length > 0;
}

export function isNeededAtBoot(tun: TunIdentity, { files }: TunSeen, own: string): boolean {
  return othersOf(tun, files, own).some(({ boot }) => boot);
}

function othersOf(tun: TunIdentity, files: Files, own: string): readonly LedgerOwner[] {
  return ledgerEntries(files).flatMap(({ owners }) =>
    owners.filter(({ name }) => name !== own && needs(name, ownerOf(tun, undefined))),
  );
}

/** Whether a device that we brought up has neither an owner in the ledger, but for `leaving`, nor an address. */
export function isUnused(seen: TunSeen, device: string, leaving?: string): boolean {
  if (originalOf(seen.before, KIND, device, DEVICE_STATE) === undefined) return false;
  const isOwned = ledgerEntries(seen.files).some(
    ({ key, owners }) => owners.some(({ name }) => name !== leaving) && key.split(".")[3] === device,
  );
  const hasAddress = seen.addresses.addresses.some((one) => one.device === device && !isAutomatic(one.ip));
  return !isOwned && !hasAddress;
}

/** Addresses that the kernel assigns by itself: link-local ones, and on sit0 one in ::/96 for each IPv4 address of the host. */
const isAutomatic = (ip: string): boolean => ip.startsWith("fe80:") || ip.startsWith("::");

export const tunAdvice: readonly Advice[] = [
  {
    when: /Module (?:ipip|ip_gre|sit|ip6_tunnel|fou) not found/,
    say: "The kernel of this host lacks that tunnel. Minimal images have the module in another package (linux-modules-extra, kernel-modules-extra); gue needs Linux 3.18.",
  },
  { when: /Address already in use/, say: "Another program on this host has that UDP port: see ss -lunp." },
  ...sysctlAdvice,
];

function ownerOf(tun: TunIdentity, resource: string | undefined): string {
  return ownerName(`${KIND} ${keyOf(tun)}`, resource);
}

/**
 * rp_filter is set before the device is up: no packet passes the device until then. IPv6 settings are set after: gre0 has them
 * only once it is up, and drops IPv6 until they are set.
 */
function claimTun(tun: WantedTun, seen: TunSeen, resource: string | undefined): readonly Step[] {
  if (tun.boot && !seen.tunnels.systemd) {
    throw new UserError(
      'this host has no systemd, which restores the tunnel at boot. Set "boot: false" and persist the tunnel by other means',
    );
  }
  const problem = tun.boot ? tunnelModulesProblem(tun, seen.modules) : undefined;
  if (problem !== undefined) {
    throw new UserError(
      `the tunnel would be lost at boot, because its module is not there yet: ${problem}, or set "boot: false"`,
    );
  }
  const { device, modules } = encapsulationOf(tun);
  const isUp = seen.tunnels.devices.get(device);
  const claim = claimOf(tun, resource);
  const atBoot = tun.boot || isNeededAtBoot(tun, seen, claim.owner);
  const before = originalOf(seen.before, KIND, device, DEVICE_STATE) ?? (isUp === undefined ? "absent" : undefined);
  const settings = renderClaim(claim, seen, {
    coming: isUp === true ? [] : [device],
    made: before === "absent" ? [device] : [],
  });
  const bringUp = isUp === true ? [] : [{ ...run("ip", "link", "set", "dev", device, "up"), once: true }];
  return [
    recordOriginal(KIND, device, isUp === undefined ? "absent" : isUp ? "up" : "down"),
    ...modules.map((name): Step => ({ ...run("modprobe", name), once: true })),
    ...(tun.encapsulates === undefined ? [...settings, ...bringUp] : [...bringUp, ...settings]),
    ...openPort(tun, seen),
    ...(atBoot ? persistTunnel(tun, seen.bootFiles) : unpersistTunnel(tun, seen.bootFiles)),
  ];
}

function openPort({ port }: Tun, { tunnels }: TunSeen): Step[] {
  if (port === undefined || tunnels.ports.includes(port)) return [];
  return [run("ip", "fou", "add", "port", String(port), "gue")];
}

function closePort({ port }: Tun, { tunnels }: TunSeen): Step[] {
  if (port === undefined || !tunnels.ports.includes(port)) return [];
  return [run("ip", "fou", "del", "port", String(port))];
}

function restoreDevice({ device, modules: [module], kinds }: Encapsulation, seen: TunSeen): readonly Step[] {
  const original = originalOf(seen.before, KIND, device, DEVICE_STATE);
  const takeDown: Step = { command: { sh: TAKE_DOWN, args: [device] } };
  const unload: Step = { command: { sh: UNLOAD, args: [module, device, ...kinds] } };
  const exists = seen.tunnels.devices.has(device);
  return [
    ...(!exists || original === "up" ? [] : [original === "absent" ? unload : takeDown]),
    dropOriginal(KIND, device),
  ];
}

// The kernel removes the routes of an interface that goes down. Those that it has not made itself are somebody's.
const LEAVE_IF_ROUTED = `for family in -4 -6; do
  ip -o "$family" route show table all type unicast dev "$device" 2>/dev/null
done | while read -r route; do
  case $route in "" | *"proto kernel"*) continue ;; esac
  echo "$device stays up, for the route $route" >&2
  exit 3
done
[ $? != 3 ] || exit 0`;

const TAKE_DOWN = `device=$1
${LEAVE_IF_ROUTED}
ip link set dev "$device" down`;

// Unloading a module removes all of its devices, so it stays while anyone else has one.
const UNLOAD = `module=$1 device=$2; shift 2
${LEAVE_IF_ROUTED}
for kind; do
  count=0
  for _ in $(ip -o link show type "$kind" | cut -d: -f1); do count=$((count + 1)); done
  [ "$count" -le 1 ] || exec ip link set dev "$device" down
done
modprobe -r "$module" || ip link set dev "$device" down`;
