import { ipvsSettings } from "../../../provider/kinds/ipvs-settings/kind.ts";
import { drKernelTuning } from "../../../provider/kinds/kernel-tuning/dr.ts";
import { natKernelTuning } from "../../../provider/kinds/kernel-tuning/nat.ts";
import { nfsExport } from "../../../provider/kinds/nfs-export/kind.ts";
import { nfsMount } from "../../../provider/kinds/nfs-mount/kind.ts";
import { packageKind } from "../../../provider/kinds/package/kind.ts";
import { realServer } from "../../../provider/kinds/real-server/kind.ts";
import { returnRoute } from "../../../provider/kinds/return-route/kind.ts";
import { syncDaemon } from "../../../provider/kinds/sync-daemon/kind.ts";
import { systemdService } from "../../../provider/kinds/systemd-service/kind.ts";
import { tunKernelTuning } from "../../../provider/kinds/tun-kernel-tuning/kind.ts";
import { vipAlias } from "../../../provider/kinds/vip-alias/kind.ts";
import { virtualService } from "../../../provider/kinds/virtual-service/kind.ts";
import { differences } from "../../../tools/lab/host/snapshot.ts";
import type { LabHost } from "../../../tools/lab/index.ts";
import { repositoryScript } from "../../../tools/lab/repository.ts";
import { until } from "../../support/until.ts";
import { useLab } from "../../support/use-lab.ts";
import { endRun, LabResource } from "../resource.ts";

/** Done means on the disk: the power goes right after the last answer of a create or a delete, and nothing of it is lost. */

const lab = useLab({ hosts: ["web1", "web2", "rhel1", "nm1"] });

const VIP = "192.168.4.5";
const RULES = { protocol: "tcp", address: `${VIP}:80`, scheduler: "wrr", realServers: { "192.168.4.200": {} } };
const rules = [virtualService, RULES] as const;

/**
 * Each kind once, and each way in which a host's own programs write something, in the order in which they are made. A file of ours that
 * is flushed takes along what was written before, so the last to be made, and the first of a list, which is the last to go, are of those
 * that write through the host's programs.
 */
const declared = {
  web1: [
    rules,
    [systemdService, { name: "not-here-yet", enabled: "masked" }],
    [systemdService, { name: "nfs-server" }],
    [nfsExport, { path: "/srv/deep/docs", createPath: true, clients: { "192.168.2.0/24": ["ro"] } }],
    [nfsMount, { source: "192.168.2.100:/srv/deep/docs", path: "/srv/deeper/docs", version: "4.2" }],
    [packageKind, { name: "lvs-lab-tool", removeOnDestroy: true }],
    [tunKernelTuning, { type: "ipip", sameSubnetAsVip: true }],
    [drKernelTuning, { devices: ["eth0"] }],
    [vipAlias, { role: "realServer", address: VIP }],
    [returnRoute, { address: "192.168.2.100", gateway: "192.168.2.2", device: "eth1" }],
    [virtualService, { protocol: "tcp", address: `${VIP}:81` }],
    [realServer, { service: `tcp ${VIP}:81`, address: "192.168.4.61" }],
    [ipvsSettings, { expireNodestConn: true, timeouts: { tcp: 800 } }],
    [syncDaemon, { role: "backup", device: "eth1" }],
    [systemdService, { name: "nginx", running: false, enabled: "disabled" }],
  ],
  rhel1: [[natKernelTuning, { devices: ["eth0"] }], rules],
  nm1: [
    [vipAlias, { role: "director", address: "192.168.4.8", device: "eth0" }],
    [vipAlias, { role: "realServer", address: "192.168.4.7" }],
  ],
} as const;

type Name = keyof typeof declared;
const hosts = () => Object.keys(declared).map((name) => lab.host(name as Name) as LabHost & { readonly name: Name });

/** Left to itself the kernel writes nothing for five minutes, so that nothing is on the disk by luck. */
const makeLazy = (host: LabHost) =>
  host.sh("sync; mount -o remount,commit=300 /; sysctl -qw vm.dirty_writeback_centisecs=0");

/** What is left of a host without power. */
async function onDisk(host: LabHost) {
  const { files, units } = await host.snapshot();
  const left = await host.text(
    "ls -d /srv/* 2>/dev/null; cd /var/lib/pulumi-lvs 2>/dev/null && grep -r . | sort; dpkg -l | sort",
  );
  return { files, units, left: left.split("\n") };
}

async function cutPower(): Promise<void> {
  await Promise.all(hosts().map((host) => host.powerCut({ wait: false })));
  endRun();
  await Promise.all(hosts().map((host) => host.waitReady()));
}

test("what was made, and what was taken away again, outlasts a power cut right after it", async () => {
  await lab.host("web1").sh(repositoryScript([{ name: "lvs-lab-tool", version: "1.2-3" }]));
  const before = await Promise.all(hosts().map(onDisk));
  await Promise.all(hosts().map(makeLazy));
  const made = hosts().flatMap((host) =>
    declared[host.name].map(([kind, args]) => ({ args, resource: new LabResource(kind, host) })),
  );
  await Promise.all(
    hosts().map(async (host) => {
      for (const { args, resource } of made.filter(({ resource }) => resource.host === host)) await resource.up(args);
    }),
  );
  await cutPower();
  const lost: unknown[] = [];
  for (const { args, resource } of made) if ((await resource.drift()) !== "none") lost.push(resource.host.name, args);
  expect(lost).toEqual([]);

  await Promise.all(hosts().map(makeLazy));
  await Promise.all(
    hosts().map(async (host) => {
      for (const { resource } of made.filter(({ resource }) => resource.host === host).reverse())
        await resource.destroy();
    }),
  );
  await cutPower();
  for (const [at, was] of before.entries()) {
    const host = hosts()[at] as LabHost;
    expect([host.name, differences(was as never, (await onDisk(host)) as never)]).toEqual([host.name, []]);
  }
}, 300_000);

/** Where a boot stops, until somebody writes there. */
const HELD = "/run/held";

/** What a boot puts up although its file has gone meanwhile: it has read that before. */
const booting = { web1: "192.168.4.9", web2: "192.168.4.10" } as const;

test("a destroy while a host boots takes away what the boot puts up, on Debian 12 and 13", async () => {
  const names = ["web1", "web2"] as const;
  const made = await Promise.all(
    names.map(async (name) => {
      const host = lab.host(name);
      const vip = { role: "director", address: booting[name], device: "eth0", gratuitousArp: false };
      const all = [[vipAlias, vip], rules, [syncDaemon, { role: "backup", device: "eth1" }]] as const;
      const resources: LabResource[] = [];
      for (const [kind, args] of all) {
        const resource = new LabResource(kind, host);
        await resource.up(args);
        resources.push(resource);
      }
      // ifup has read all of its file before it comes to the first card, where it is held.
      const held = `pre-up mkfifo ${HELD}\\n    pre-up cat ${HELD}`;
      await host.sh(`sed -i 's|^iface eth0 .*|&\\n    ${held}|' /etc/network/interfaces; sync`);
      return resources;
    }),
  );
  await Promise.all(names.map((name) => lab.host(name).powerCut({ wait: false })));
  endRun();
  const said = jest.spyOn(process.stdout, "write").mockReturnValue(true);
  const told = () => said.mock.calls.join("");
  const waitsFor = (name: string) => told().includes(`${name}: the host is booting, and we wait for it: `);
  const destroyed = Promise.all(made.flat().map((resource) => resource.destroy()));
  // However quick the boot is, and however late we come to it: it goes on when we have said that we wait.
  await until("both are waited for", () => Promise.resolve(names.every(waitsFor)));
  await Promise.all(names.map((name) => lab.host(name).sh(`echo > ${HELD}`)));
  await destroyed;
  const lines = told();
  said.mockRestore();
  for (const name of names) {
    await lab.host(name).waitReady();
    const { ipvs, addresses, ipvsSettings } = await lab.host(name).snapshot();
    expect([name, ipvs, addresses.filter((line) => line.includes(booting[name]))]).toEqual([name, [], []]);
    expect(ipvsSettings?.filter((line) => line.includes("sync daemon")) ?? []).toEqual([]);
  }
  expect(lines).toContain("networking.service (start running)");
});
