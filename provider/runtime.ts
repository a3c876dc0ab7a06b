/**
 * The second entry point of the package, loaded by the text that Pulumi keeps in state and by nothing else. Its exports are
 * named after the resource kinds, for ever: old states ask for them by name.
 */
import { Held } from "./held";
import { sessionFor } from "./host/pool";
import { Inventory } from "./inventory";
import { drKernelTuning } from "./kinds/dr-kernel-tuning";
import { ipvsSettings } from "./kinds/ipvs-settings";
import { natKernelTuning } from "./kinds/nat-kernel-tuning";
import { nfsExport } from "./kinds/nfs-export";
import { nfsMount } from "./kinds/nfs-mount";
import { packageKind } from "./kinds/package";
import { realServer } from "./kinds/real-server";
import { returnRoute } from "./kinds/return-route";
import { syncDaemon } from "./kinds/sync-daemon";
import { systemdService } from "./kinds/systemd-service";
import { tunKernelTuning } from "./kinds/tun-kernel-tuning";
import { vipAlias } from "./kinds/vip-alias";
import { virtualService } from "./kinds/virtual-service";
import { lifecycle, type World } from "./lifecycle";

const world: World = {
  inventory: new Inventory(),
  session: sessionFor,
  held: new Held(process.argv[2]),
  // The engine shows each line of the provider's standard output while the operation goes on.
  log: (line) => process.stdout.write(`${line}\n`),
};

export const VirtualService = lifecycle(virtualService, world);
export const RealServer = lifecycle(realServer, world);
export const VipAlias = lifecycle(vipAlias, world);
export const DrKernelTuning = lifecycle(drKernelTuning, world);
export const NatKernelTuning = lifecycle(natKernelTuning, world);
export const TunKernelTuning = lifecycle(tunKernelTuning, world);
export const IpvsSettings = lifecycle(ipvsSettings, world);
export const SyncDaemon = lifecycle(syncDaemon, world);
export const NfsExport = lifecycle(nfsExport, world);
export const NfsMount = lifecycle(nfsMount, world);
export const Package = lifecycle(packageKind, world);
export const SystemdService = lifecycle(systemdService, world);
export const ReturnRoute = lifecycle(returnRoute, world);
