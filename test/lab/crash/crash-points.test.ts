import { drKernelTuning } from "../../../provider/kinds/kernel-tuning/dr.ts";
import { nfsExport } from "../../../provider/kinds/nfs-export/kind.ts";
import { nfsMount } from "../../../provider/kinds/nfs-mount/kind.ts";
import { returnRoute } from "../../../provider/kinds/return-route/kind.ts";
import { systemdService } from "../../../provider/kinds/systemd-service/kind.ts";
import { tunKernelTuning } from "../../../provider/kinds/tun-kernel-tuning/kind.ts";
import { vipAlias } from "../../../provider/kinds/vip-alias/kind.ts";
import { virtualService } from "../../../provider/kinds/virtual-service/kind.ts";
import { connection } from "../../../provider/model/connection.ts";
import { CrashPoints, type Life } from "../../support/crash-points.ts";
import { useLab } from "../../support/use-lab.ts";
import { LabResource } from "../resource.ts";
import { Cut, cuttingSession } from "./cutting-session.ts";
import { LOOK } from "./look.ts";

/** Every crash point: each operation stops after each of its steps, and whatever is done then ends as if nothing had happened. */

const lab = useLab({ hosts: ["web1"] });
const host = () => lab.host("web1");

/** All trials of all kinds take minutes. Usually one kind is tried, and each crash point with the same operation again. */
const all = process.env["PULUMI_LVS_CRASH_POINTS"] === "all";
const USUAL = ["VipAlias"];

const lives: readonly Life[] = [
  {
    kind: systemdService,
    args: { name: "crash", running: false, enabled: "disabled" },
    after: { name: "crash", enabled: "masked" },
  },
  { kind: drKernelTuning, args: { devices: ["eth0"] }, after: { devices: ["eth0"], boot: false } },
  {
    kind: tunKernelTuning,
    args: { type: "ipip", sameSubnetAsVip: true },
  },
  {
    kind: vipAlias,
    args: { role: "director", address: "192.168.4.5", device: "eth0", gratuitousArp: false },
    after: { role: "director", address: "192.168.4.5", device: "eth0", gratuitousArp: false, label: "" },
  },
  {
    kind: virtualService,
    args: { protocol: "tcp", address: "192.168.4.5:80", realServers: { "192.168.4.200": {} } },
    after: { protocol: "tcp", address: "192.168.4.5:80", realServers: { "192.168.4.201": { weight: 3 } } },
  },
  {
    kind: nfsExport,
    args: { path: "/srv/deep/docs", createPath: true, clients: { "192.168.2.0/24": ["ro"] } },
    after: { path: "/srv/deep/docs", createPath: true, clients: { "192.168.2.0/24": ["rw"] } },
  },
  {
    kind: nfsMount,
    args: { source: "192.168.2.100:/srv/exported", path: "/srv/deeper/docs", version: "4.2" },
    after: { source: "192.168.2.100:/srv/exported", path: "/srv/deeper/docs", version: "4.2", options: ["ro"] },
  },
  {
    kind: returnRoute,
    args: { address: "192.168.2.100", gateway: "192.168.2.2", device: "eth1" },
    after: { address: "192.168.2.100", gateway: "192.168.2.2", device: "eth1", priority: 20001 },
  },
];

test.each(lives.filter(({ kind }) => all || USUAL.includes(kind.name)))(
  "$kind.name",
  async (life) => {
    await host().sh(`touch /run/crash-points; sleep 0.05; systemctl start nfs-server
    printf '[Service]\\nExecStart=/bin/sleep infinity\\n[Install]\\nWantedBy=multi-user.target\\n' > /usr/lib/systemd/system/crash.service
    systemctl enable --now crash
    mkdir -p /srv/exported; exportfs -i -o ro 192.168.2.100:/srv/exported; modprobe ip_vs`);
    const cut = new Cut();
    const session = cuttingSession(connection.parse({ name: "web1", ...host().connection }), cut);
    const points = new CrashPoints(
      (kind) => new LabResource(kind, host(), () => session),
      cut,
      () => host().text(LOOK),
    );
    await points.try(life, () => all);
    session.close();
    expect(points.failures).toEqual([]);
    expect(points.trials).toBeGreaterThan(5);
  },
  900_000,
);
