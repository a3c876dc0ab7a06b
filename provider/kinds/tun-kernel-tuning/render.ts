import { renderClaim } from "../../dialects/sysctl/claim";
import { ledgerOf } from "../../dialects/sysctl/ledger";
import { type Restore, renderRestore, type TuningSeen } from "../../dialects/sysctl/restore";
import { UserError } from "../../errors";
import type { Files } from "../../facts/files/lines";
import { dropOriginal, originalOf, recordOriginal } from "../../facts/files/original-state";
import type { Setting } from "../../model/sysctl/setting";
import { type Advice, run, type Step } from "../../step";
import { releaseOf, sysctlAdvice } from "../kernel-tuning/kind";
import { bootTunnel, unbootTunnel } from "./boot";
import type { Tunnels } from "./facts";
import { type Encapsulation, encapsulationOf, type Tun, type WantedTun } from "./schema";

export interface TunSeen extends TuningSeen {
  readonly tunnels: Tunnels;
  readonly bootFiles: Files;
  readonly before: string | undefined;
}

export type TunChange =
  | { readonly op: "claim"; readonly tun: WantedTun }
  | { readonly op: "release"; readonly tun: Tun }
  | { readonly op: "putBack"; readonly envelope: Encapsulation }
  | Restore;

type ClaimOf = (tun: Tun & { readonly sameSubnetAsVip: boolean }) => {
  readonly owner: string;
  readonly settings: readonly Setting[];
};

export function renderTun(change: TunChange, seen: TunSeen, claimOf: ClaimOf): readonly Step[] {
  switch (change.op) {
    case "claim":
      return claimTun(change.tun, seen, claimOf);
    case "release": {
      const { tun } = change;
      const { owner } = claimOf({ ...tun, sameSubnetAsVip: false });
      return [...unbootTunnel(tun, seen.bootFiles), ...closePort(tun, seen), releaseOf(owner)];
    }
    case "putBack":
      return putBack(change.envelope, seen);
    case "keepSetting":
    case "restore":
      return renderRestore(change, seen);
  }
}

/** Whether a device that we brought up is nobody's any more: no owner in the ledger, and no address on it. */
export function isIdle(seen: TunSeen, device: string): boolean {
  if (originalOf(seen.before, KIND, device) === undefined) return false;
  const owned = ledgerOf(seen.files).some(({ key, owners }) => owners.length > 0 && key.split(".")[3] === device);
  const used = seen.addresses.addresses.some((one) => one.device === device && !isKernels(one.ip));
  return !owned && !used;
}

/** Addresses that the kernel gives to a tunnel by itself: sit0 has one in ::/96 for each IPv4 address of the host. */
const isKernels = (ip: string): boolean => ip.startsWith("fe80:") || ip.startsWith("::");

export const tunAdvice: readonly Advice[] = [
  {
    when: /Module (?:ipip|ip_gre|sit|ip6_tunnel|fou) not found/,
    say: "The kernel of this host has no such tunnel: minimal images keep the module in another package (linux-modules-extra, kernel-modules-extra). gue needs Linux 3.18.",
  },
  { when: /Address already in use/, say: "Something else on this host has that UDP port: see ss -lunp." },
  ...sysctlAdvice,
];

const KIND = "TunKernelTuning";

/**
 * rp_filter comes before the device is up: until then nothing passes it. IPv6 has settings for gre0 only from then on, and lets
 * nothing pass without.
 */
function claimTun(tun: WantedTun, seen: TunSeen, claimOf: ClaimOf): readonly Step[] {
  if (tun.boot && !seen.tunnels.systemd) {
    throw new UserError(
      'this host has no systemd, and a tunnel at boot is a unit of systemd. Set "boot: false" and bring it up by other means',
    );
  }
  const { device, modules } = encapsulationOf(tun);
  const up = seen.tunnels.devices.get(device);
  const state = up === undefined ? "absent" : up ? "up" : "down";
  const settings = renderClaim({ ...claimOf(tun), boot: tun.boot }, seen, up === true ? [] : [device]);
  const raise = up === true ? [] : [{ ...run("ip", "link", "set", "dev", device, "up"), once: true }];
  return [
    recordOriginal(KIND, device, state),
    ...modules.map((name): Step => ({ ...run("modprobe", name), once: true })),
    ...(tun.encapsulates === undefined ? [...settings, ...raise] : [...raise, ...settings]),
    ...openPort(tun, seen),
    ...(tun.boot ? bootTunnel(tun, seen.bootFiles) : unbootTunnel(tun, seen.bootFiles)),
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

function putBack({ device, modules: [module], kinds }: Encapsulation, seen: TunSeen): readonly Step[] {
  const state = originalOf(seen.before, KIND, device);
  const down = run("ip", "link", "set", "dev", device, "down");
  const unload: Step = { command: { sh: UNLOAD, args: [module, device, ...kinds] } };
  const there = seen.tunnels.devices.has(device);
  return [...(!there || state === "up" ? [] : [state === "absent" ? unload : down]), ...dropOriginal(KIND, device)];
}

// A module takes all of its devices along when it goes, other people's too.
const UNLOAD = `module=$1 device=$2; shift 2
for kind; do
  count=0
  for _ in $(ip -o link show type "$kind" | cut -d: -f1); do count=$((count + 1)); done
  [ "$count" -le 1 ] || exec ip link set dev "$device" down
done
modprobe -r "$module" || ip link set dev "$device" down`;
