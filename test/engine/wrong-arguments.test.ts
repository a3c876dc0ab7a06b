import { check } from "../../provider/engine/check";
import { Inventory } from "../../provider/engine/inventory";
import { fileKind } from "../../provider/kinds/file/kind";
import { ipvsSettings } from "../../provider/kinds/ipvs-settings/kind";
import { drKernelTuning } from "../../provider/kinds/kernel-tuning/dr";
import { natKernelTuning } from "../../provider/kinds/kernel-tuning/nat";
import { nfsExport } from "../../provider/kinds/nfs-export/kind";
import { nfsMount } from "../../provider/kinds/nfs-mount/kind";
import { packageKind } from "../../provider/kinds/package/kind";
import { realServer } from "../../provider/kinds/real-server/kind";
import { returnRoute } from "../../provider/kinds/return-route/kind";
import { syncDaemon } from "../../provider/kinds/sync-daemon/kind";
import { systemdService } from "../../provider/kinds/systemd-service/kind";
import { tunKernelTuning } from "../../provider/kinds/tun-kernel-tuning/kind";
import { vipAlias } from "../../provider/kinds/vip-alias/kind";
import { virtualService } from "../../provider/kinds/virtual-service/kind";
import { vrrpInstance } from "../../provider/kinds/vrrp-instance/kind";
import * as runtime from "../../provider/runtime";
import { wrongInputs } from "../support/wrong-inputs";

const KINDS = [
  fileKind,
  ipvsSettings,
  drKernelTuning,
  natKernelTuning,
  nfsExport,
  nfsMount,
  packageKind,
  realServer,
  returnRoute,
  syncDaemon,
  systemdService,
  tunKernelTuning,
  vipAlias,
  virtualService,
  vrrpInstance,
];

test("all kinds are here", () => {
  expect(KINDS.map(({ name }) => name).sort()).toEqual(Object.keys(runtime).sort());
});

test.each(KINDS)("$name: each argument that is wrong in one place is refused by its path, in words", (kind) => {
  const inventory = new Inventory();
  inventory.configure('{"web1":{"host":"10.0.0.1"}}');
  // An argument that is null counts as one that is left out.
  const isThere = (input: unknown) => typeof input === "object" && !Object.values(input ?? {}).includes(null);
  const wrong = wrongInputs(kind.runtime.schema).filter(({ path, input }) => path.length > 0 && isThere(input));
  expect(wrong.length).toBeGreaterThan(10);
  const unsaid = wrong.flatMap(({ path, input, says }) => {
    const { failures } = check(kind.runtime, inventory, { host: "web1", ...(input as object) });
    const said = failures.map(({ property, reason }) => (property === "" ? reason : `${property}: ${reason}`));
    const line = said.find((one) => one.startsWith(path.map(String).join(".")));
    const isWords = line?.includes(says) === true && !/Invalid|expected|received/.test(line);
    return isWords ? [] : [`${JSON.stringify(input)}: ${line ?? said.join("; ")}`];
  });
  expect(unsaid).toEqual([]);
});
