/**
 * The second entry point of the package, loaded only by the text that Pulumi keeps in the state. Its exports are named after the
 * resource kinds. The names never change: old states load them by name.
 */

import { ExclusiveThings } from "./engine/exclusive";
import { FellowDirectors } from "./engine/fellow-directors";
import { Inventory } from "./engine/inventory";
import { type Context, lifecycle } from "./engine/lifecycle";
import { OwnedObjects } from "./engine/ownership";
import { keepCompiledCode } from "./host/compile-cache";
import { engine } from "./host/engine";
import { print } from "./host/print";
import { sessionFor } from "./host/session/pool";
import { sharedKeys } from "./host/shared-keys";
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

keepCompiledCode();

const context: Context = {
  inventory: new Inventory(),
  session: sessionFor,
  owned: new OwnedObjects(engine === undefined ? undefined : sharedKeys(engine, print)),
  directors: new FellowDirectors(),
  exclusive: new ExclusiveThings(),
  log: print,
};

export const VirtualService = lifecycle(virtualService, context);
export const RealServer = lifecycle(realServer, context);
export const VipAlias = lifecycle(vipAlias, context);
export const DrKernelTuning = lifecycle(drKernelTuning, context);
export const NatKernelTuning = lifecycle(natKernelTuning, context);
export const TunKernelTuning = lifecycle(tunKernelTuning, context);
export const IpvsSettings = lifecycle(ipvsSettings, context);
export const SyncDaemon = lifecycle(syncDaemon, context);
export const NfsExport = lifecycle(nfsExport, context);
export const NfsMount = lifecycle(nfsMount, context);
export const Package = lifecycle(packageKind, context);
export const SystemdService = lifecycle(systemdService, context);
export const ReturnRoute = lifecycle(returnRoute, context);
