/**
 * The second entry point of the package, loaded only by the text that Pulumi keeps in the state. Its exports are named after the
 * resource kinds. The names never change: old states load them by name.
 */

import { ExclusiveThings } from "./engine/exclusive";
import { FellowDirectors } from "./engine/fellow-directors";
import { Inventory } from "./engine/inventory";
import { type Context, type Lifecycle, lifecycle } from "./engine/lifecycle";
import { OwnedObjects } from "./engine/ownership";
import { inCall } from "./host/call";
import { hearCancellation } from "./host/cancellation";
import { keepCompiledCode } from "./host/compile-cache";
import { endWithEngine, engine } from "./host/engine";
import { answered } from "./host/last-answers";
import { saveMemory } from "./host/memory";
import { needsOfRun } from "./host/needs-of-run";
import { pause } from "./host/pause";
import { print } from "./host/print";
import { sessionFor } from "./host/session/pool";
import { sharedKeys } from "./host/shared-keys";
import { readHostsFile } from "./host/ssh/hosts-file";
import { PARENTS, Urns } from "./host/urns";
import { fileKind } from "./kinds/file/kind";
import { ipvsSettings } from "./kinds/ipvs-settings/kind";
import { drKernelTuning } from "./kinds/kernel-tuning/dr";
import { natKernelTuning } from "./kinds/kernel-tuning/nat";
import { nfsExport } from "./kinds/nfs-export/kind";
import { nfsMount } from "./kinds/nfs-mount/kind";
import { packageKind } from "./kinds/package/kind";
import { realServer } from "./kinds/real-server/kind";
import { returnRoute } from "./kinds/return-route/kind";
import type { DefinedKind } from "./kinds/runtime-kind";
import { syncDaemon } from "./kinds/sync-daemon/kind";
import { systemdService } from "./kinds/systemd-service/kind";
import { tunKernelTuning } from "./kinds/tun-kernel-tuning/kind";
import { vipAlias } from "./kinds/vip-alias/kind";
import { virtualService } from "./kinds/virtual-service/kind";
import { vrrpInstance } from "./kinds/vrrp-instance/kind";

keepCompiledCode();
hearCancellation();
endWithEngine();
// In a process of its own: others have reasons of theirs.
if (engine !== undefined) saveMemory();

const context: Context = {
  inventory: new Inventory(readHostsFile),
  session: sessionFor,
  owned: new OwnedObjects(engine === undefined ? undefined : sharedKeys(engine, print)),
  directors: new FellowDirectors(),
  exclusive: new ExclusiveThings(),
  needs: needsOfRun,
  log: print,
  pause,
};

/** Where each resource stands in its stack, by what its check was told. */
const urns = new Urns();

/** What the engine asks for is cancelled where it says so; what changes a host is answered, also by a process that is asked to end. */
function serve(kind: DefinedKind): Lifecycle {
  const life = lifecycle(kind, context);
  const { name } = kind.runtime;
  const call = <T>(resource: Readonly<Record<string, unknown>>, work: () => Promise<T>) =>
    inCall(urns.of(name, resource), work);
  return {
    configure: (request) => life.configure(request),
    check: (olds, { [PARENTS]: parents, ...news }) => {
      urns.learn(name, news, parents);
      return life.check(olds, news);
    },
    diff: (id, olds, news) => life.diff(id, olds, news),
    read: (id, outputs) => call(outputs, () => life.read(id, outputs)),
    create: (inputs) => call(inputs, () => answered(() => life.create(inputs))),
    update: (id, olds, news) => call(news, () => answered(() => life.update(id, olds, news))),
    delete: (id, outputs) => call(outputs, () => answered(() => life.delete(id, outputs))),
  };
}

export const VirtualService = serve(virtualService);
export const RealServer = serve(realServer);
export const VipAlias = serve(vipAlias);
export const DrKernelTuning = serve(drKernelTuning);
export const NatKernelTuning = serve(natKernelTuning);
export const TunKernelTuning = serve(tunKernelTuning);
export const IpvsSettings = serve(ipvsSettings);
export const SyncDaemon = serve(syncDaemon);
export const NfsExport = serve(nfsExport);
export const NfsMount = serve(nfsMount);
export const Package = serve(packageKind);
export const SystemdService = serve(systemdService);
export const ReturnRoute = serve(returnRoute);
export const File = serve(fileKind);
export const VrrpInstance = serve(vrrpInstance);
