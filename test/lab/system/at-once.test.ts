import { type OpenSession, openSession } from "../../../provider/host/session/session.ts";
import { ipvsSettings } from "../../../provider/kinds/ipvs-settings/kind.ts";
import { drKernelTuning } from "../../../provider/kinds/kernel-tuning/dr.ts";
import { natKernelTuning } from "../../../provider/kinds/kernel-tuning/nat.ts";
import { nfsExport } from "../../../provider/kinds/nfs-export/kind.ts";
import { nfsMount } from "../../../provider/kinds/nfs-mount/kind.ts";
import { returnRoute } from "../../../provider/kinds/return-route/kind.ts";
import type { DefinedKind } from "../../../provider/kinds/runtime-kind.ts";
import { systemdService } from "../../../provider/kinds/systemd-service/kind.ts";
import { tunKernelTuning } from "../../../provider/kinds/tun-kernel-tuning/kind.ts";
import { vipAlias } from "../../../provider/kinds/vip-alias/kind.ts";
import { virtualService } from "../../../provider/kinds/virtual-service/kind.ts";
import { connection } from "../../../provider/model/connection.ts";
import { differences } from "../../../tools/lab/host/snapshot.ts";
import { Counts } from "../../support/counts.ts";
import { Random } from "../../support/random.ts";
import { useLab } from "../../support/use-lab.ts";
import { LabResource } from "../resource.ts";

/** Several stacks write to one host at the same time: each gets what it declares, and the last one that goes leaves the host as it was. */

const lab = useLab({ hosts: ["web1"] });
const host = () => lab.host("web1");

/** Set for more than a few rounds. */
const ROUNDS = Number(process.env["PULUMI_LVS_ROUNDS"] ?? 2);
const SEED = Number(process.env["PULUMI_LVS_SEED"] ?? 1);

/** What a stack declares on the host: things of its own in files and tables of all, and settings that all need. */
const declared = (stack: number, change: number): readonly (readonly [DefinedKind, object])[] => [
  [drKernelTuning, { devices: ["eth0"], __resource: `t/${stack}/silent` }],
  [natKernelTuning, { devices: ["eth1"], __resource: `t/${stack}/router` }],
  [tunKernelTuning, { type: "ipip", __resource: `t/${stack}/tunnel` }],
  [ipvsSettings, { expireNodestConn: true, timeouts: { tcp: 800 }, __resource: `t/${stack}/settings` }],
  [vipAlias, { role: "director", address: `192.168.4.${150 + stack}`, device: "eth0", gratuitousArp: false }],
  [vipAlias, { role: "realServer", address: `192.168.4.${160 + stack}` }],
  [
    virtualService,
    {
      protocol: "tcp",
      address: `192.168.4.${150 + stack}:80`,
      realServers: { "192.168.4.200": { weight: change }, [`192.168.4.${170 + change}`]: {} },
    },
  ],
  [
    nfsExport,
    { path: `/srv/of${stack}/docs`, createPath: true, clients: { "192.168.2.0/24": [change === 1 ? "ro" : "rw"] } },
  ],
  [nfsMount, { source: `192.168.2.100:/srv/exported`, path: `/srv/mounted${stack}`, version: "4.2" }],
  [returnRoute, { address: `192.168.2.${100 + stack}`, gateway: "192.168.2.2", device: "eth1" }],
  [systemdService, { name: `not-here-${stack}`, enabled: "masked" }],
];

class AStack {
  readonly #session: OpenSession;
  readonly #resources: readonly LabResource[];
  isUp = false;

  constructor(readonly number: number) {
    this.#session = openSession(connection.parse({ name: "web1", ...host().connection }));
    this.#resources = declared(number, 1).map(([kind]) => new LabResource(kind, host(), () => this.#session));
  }

  async up(change: number): Promise<void> {
    const args = declared(this.number, change);
    await Promise.all(this.#resources.map((resource, index) => resource.up({ ...args[index]?.[1] })));
    this.isUp = true;
  }

  async destroy(): Promise<void> {
    await Promise.all(this.#resources.map((resource) => resource.destroy()));
    this.isUp = false;
  }

  drift(): Promise<readonly string[]> {
    return Promise.all(this.#resources.map((resource) => resource.drift()));
  }

  close(): void {
    this.#session.close();
  }
}

test(
  "three stacks come, change and go at the same time",
  async () => {
    await host().sh(`ip addr add 192.168.2.101/24 dev eth1; ip addr add 192.168.2.102/24 dev eth1; ip addr add 192.168.2.103/24 dev eth1
      systemctl start nfs-server; mkdir -p /srv/exported; exportfs -i -o ro,no_subtree_check 192.168.2.100:/srv/exported; modprobe ip_vs`);
    const before = await host().snapshot();
    const stacks = [0, 1, 2].map((number) => new AStack(number));
    const random = new Random(SEED);
    for (let round = 0; round < ROUNDS; round += 1) {
      const work = stacks.map((stack) => (!stack.isUp || random.below(3) > 0 ? 1 + random.below(2) : 0));
      await Promise.all(
        stacks.map((stack, index) => (work[index] === 0 ? stack.destroy() : stack.up(work[index] ?? 1))),
      );
      const drifts = await Promise.all(stacks.filter(({ isUp }) => isUp).map((stack) => stack.drift()));
      expect({ round, work, drifts: drifts.flat().filter((drift) => drift !== "none") }).toEqual({
        round,
        work,
        drifts: [],
      });
    }
    await Promise.all(stacks.filter(({ isUp }) => isUp).map((stack) => stack.destroy()));
    for (const stack of stacks) stack.close();
    const counts = new Counts();
    counts.add("three stacks", "rounds", ROUNDS);
    counts.add("three stacks", "runs", ROUNDS * stacks.length);
    counts.tell();
    expect(differences(before, await host().snapshot())).toEqual([]);
  },
  120_000 + ROUNDS * 60_000,
);
