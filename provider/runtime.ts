/**
 * The second entry point of the package, loaded by the text that Pulumi keeps in state and by nothing else. Its exports are
 * named after the resource kinds, for ever: old states ask for them by name.
 */

import { Inventory } from "./engine/inventory";
import { lifecycle, type World } from "./engine/lifecycle";
import { OwnedObjects } from "./engine/ownership";
import { sessionFor } from "./host/session/pool";
import { ipvsSettings } from "./kinds/ipvs-settings/kind";
import { drKernelTuning } from "./kinds/kernel-tuning/dr";
import { natKernelTuning } from "./kinds/kernel-tuning/nat";
import { nfsExport } from "./kinds/nfs-export/kind";
import { nfsMount } from "./kinds/nfs-mount/kind";
import { packageKind } from "./kinds/package/kind";
import { realServer } from "./kinds/real-server/kind";
import { returnRoute } from "./kinds/return-route/kind";
import { syncDaemon } from "./kinds/sync-daemon/kind";
import { systemdService } from "./kinds/systemd-service/kind";
import { tunKernelTuning } from "./kinds/tun-kernel-tuning/kind";
import { vipAlias } from "./kinds/vip-alias/kind";
import { virtualService } from "./kinds/virtual-service/kind";

const world: World = {
  inventory: new Inventory(),
  session: sessionFor,
  held: new OwnedObjects(process.argv[2]),
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
