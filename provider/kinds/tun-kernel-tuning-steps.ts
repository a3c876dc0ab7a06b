import { bootTunnel, MODULES, unbootTunnel } from "../dialects/tunnel-boot";
import { UserError } from "../errors";
import { forget, remember, rememberedOf } from "../facts/before";
import type { Files } from "../facts/lines";
import type { Tunnels } from "../facts/tunnel";
import { type Tun, type TunnelType, tunnelDevice, type WantedTun } from "../model/tun-kernel-tuning";
import type { Setting } from "../model/tuning";
import { interfaceKey } from "../model/tuning";
import { type Advice, run, type Step } from "../step";
import { releaseOf, sysctlAdvice } from "./tuning";
import { renderClaim } from "./tuning-claim";
import { ledger, type Restore, renderRestore, type TuningSeen } from "./tuning-restore";

export interface TunSeen extends TuningSeen {
  readonly tunnels: Tunnels;
  readonly bootFiles: Files;
  readonly before: string | undefined;
}

export type TunChange =
  | { readonly op: "claim"; readonly tun: WantedTun }
  | { readonly op: "release"; readonly tun: Tun }
  | { readonly op: "putBack"; readonly type: TunnelType }
  | Restore;

type ClaimOf = (tun: Tun & { readonly sharesNetwork: boolean }) => {
  readonly owner: string;
  readonly settings: readonly Setting[];
};

export function renderTun(change: TunChange, seen: TunSeen, claimOf: ClaimOf): readonly Step[] {
  switch (change.op) {
    case "claim":
      return claimTun(change.tun, seen, claimOf);
    case "release": {
      const { tun } = change;
      const { owner } = claimOf({ ...tun, sharesNetwork: false });
      return [...unbootTunnel(tun, seen.bootFiles), ...closePort(tun, seen), releaseOf(owner)];
    }
    case "putBack":
      return putBack(change.type, seen);
    case "keepSetting":
    case "restore":
      return renderRestore(change, seen);
  }
}

/** Whether a device that we brought up is nobody's any more: no owner in the ledger, and no address on it. */
export function isIdle(seen: TunSeen, device: string): boolean {
  if (rememberedOf(seen.before, KIND, device) === undefined) return false;
  const entry = ledger(seen).find(({ key }) => key === interfaceKey(device, "rp_filter"));
  const used = seen.addresses.addresses.some((one) => one.device === device && !one.ip.startsWith("fe80:"));
  return (entry?.owners ?? []).length === 0 && !used;
}

export const tunAdvice: readonly Advice[] = [
  {
    when: /Module (?:ipip|ip_gre|fou) not found/,
    say: "The kernel of this host has no such tunnel: minimal images keep the module in another package (linux-modules-extra, kernel-modules-extra). gue needs Linux 3.18.",
  },
  { when: /Address already in use/, say: "Something else on this host has that UDP port: see ss -lunp." },
  ...sysctlAdvice,
];

const KIND = "TunKernelTuning";

/** The setting comes before the device is up: until then nothing passes it. */
function claimTun(tun: WantedTun, seen: TunSeen, claimOf: ClaimOf): readonly Step[] {
  if (tun.boot && !seen.tunnels.systemd) {
    throw new UserError(
      'this host has no systemd, and a tunnel at boot is a unit of systemd. Set "boot: false" and bring it up by other means',
    );
  }
  const device = tunnelDevice(tun.type);
  const up = seen.tunnels.devices.get(device);
  const state = up === undefined ? "absent" : up ? "up" : "down";
  return [
    remember(KIND, device, state),
    ...MODULES[tun.type].map((name): Step => ({ ...run("modprobe", name), once: true })),
    ...renderClaim({ ...claimOf(tun), boot: tun.boot }, seen, up === undefined ? [device] : []),
    ...(up === true ? [] : [{ ...run("ip", "link", "set", "dev", device, "up"), once: true }]),
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

function putBack(type: TunnelType, seen: TunSeen): readonly Step[] {
  const device = tunnelDevice(type);
  const state = rememberedOf(seen.before, KIND, device);
  const [module] = MODULES[type];
  const down = run("ip", "link", "set", "dev", device, "down");
  const unload: Step = { command: { sh: UNLOAD, args: [module, device, ...KINDS[type]] } };
  const there = seen.tunnels.devices.has(device);
  return [...(!there || state === "up" ? [] : [state === "absent" ? unload : down]), ...forget(KIND, device)];
}

/** What a module can make, beside the one device that it brings along. */
const KINDS: Readonly<Record<TunnelType, readonly string[]>> = {
  ipip: ["ipip"],
  gue: ["ipip"],
  gre: ["gre", "gretap", "erspan"],
};

// A module takes all of its devices along when it goes, other people's too.
const UNLOAD = `module=$1 device=$2; shift 2
for kind; do
  count=0
  for one in $(ip -o link show type "$kind" | cut -d: -f1); do count=$((count + 1)); done
  [ "$count" -le 1 ] || exec ip link set dev "$device" down
done
modprobe -r "$module" || ip link set dev "$device" down`;
