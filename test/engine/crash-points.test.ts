import { inspect } from "node:util";
import type { Session } from "../../provider/host/session/job";
import { Answer, observationFor } from "../../provider/host/session/observation";
import { LostConnectionError } from "../../provider/host/shell/shell";
import { drKernelTuning } from "../../provider/kinds/kernel-tuning/dr";
import { natKernelTuning } from "../../provider/kinds/kernel-tuning/nat";
import { nfsExport } from "../../provider/kinds/nfs-export/kind";
import { nfsMount } from "../../provider/kinds/nfs-mount/kind";
import { returnRoute } from "../../provider/kinds/return-route/kind";
import { systemdService } from "../../provider/kinds/systemd-service/kind";
import { tunKernelTuning } from "../../provider/kinds/tun-kernel-tuning/kind";
import { vipAlias } from "../../provider/kinds/vip-alias/kind";
import { virtualService } from "../../provider/kinds/virtual-service/kind";
import { describeStep, type Step } from "../../provider/step";
import type { LabHost } from "../../tools/lab/index";
import { FakeDirector } from "../fakes/fake-director";
import type { FakeHost } from "../fakes/fake-host";
import { FakeKernel } from "../fakes/fake-kernel";
import { FakeNetworkHost } from "../fakes/fake-network-host";
import { FakeNfsClient } from "../fakes/fake-nfs-client";
import { FakeNfsServer } from "../fakes/fake-nfs-server";
import { FakeRouter } from "../fakes/fake-router";
import { FakeSystemdHost } from "../fakes/fake-systemd-host";
import { FakeTunnelHost } from "../fakes/fake-tunnel-host";
import { LabResource } from "../lab/resource";
import { CrashPoints, type DyingShell, type Life } from "../support/crash-points";
import { A_MACHINE } from "./a-machine";

/** A session of a fake host, whose shell dies when told. It looks at the host as a real one does, and takes the same steps. */
class FakeSession implements Session, DyingShell {
  readonly name = "web1";
  after: string | undefined;
  #left = Infinity;

  constructor(private readonly host: FakeHost) {}

  arm(steps: number): void {
    this.#left = steps;
    this.after = undefined;
  }

  disarm(): void {
    this.#left = Infinity;
  }

  reachedAt = () => Promise.resolve({ address: "192.0.2.1", port: 22 });
  machine = () => Promise.resolve(A_MACHINE);

  submit: Session["submit"] = async (job) => {
    const plan = () =>
      job.plan(observationFor(job, (command) => new Answer({ code: 0, stdout: this.host.read(command), stderr: "" })));
    const before = plan();
    const done = [];
    for (const step of before.steps()) {
      this.#step(step);
      const result = this.host.perform(step);
      done.push({ step, command: describeStep(step), result });
      if (result.code !== 0) break;
    }
    return Promise.resolve({ before, after: done.length === 0 ? before : plan(), done });
  };

  #step(step: Step): void {
    if (this.#left === 0) {
      this.disarm();
      this.after = `before ${describeStep(step)}`;
      throw new LostConnectionError("the shell died");
    }
    this.#left -= 1;
  }
}

const RULES = { protocol: "tcp", address: "192.168.4.5:80" };
const VIP = { role: "director", address: "192.168.4.5", device: "eth0", gratuitousArp: false };
const ROUTE = { address: "192.168.2.100", gateway: "192.168.2.2", device: "eth1" };
const EXPORT = { path: "/srv/a/b", createPath: true };
const MOUNT = { source: "192.168.2.50:/common", path: "/srv/docs/new" };

function withUnit(): FakeSystemdHost {
  const host = new FakeSystemdHost();
  host.units.set("nginx.service", { active: "active", file: "enabled" });
  return host;
}

function withFstab(): FakeNfsClient {
  const host = new FakeNfsClient();
  host.files.set("/etc/fstab", "/dev/sda1 / ext4 defaults 0 1\n");
  return host;
}

const lives: readonly (Life & { readonly on: string; readonly host: () => FakeHost })[] = [
  {
    on: "systemd",
    host: withUnit,
    kind: systemdService,
    args: { name: "nginx", running: false, enabled: "disabled" },
    after: { name: "nginx", enabled: "masked" },
  },
  {
    on: "a kernel",
    host: () => new FakeKernel(),
    kind: drKernelTuning,
    args: { devices: ["eth0"] },
    after: { devices: ["eth0"], boot: false },
  },
  { on: "a kernel", host: () => new FakeKernel(), kind: natKernelTuning, args: { devices: ["eth0", "eth1"] } },
  {
    on: "a kernel with tunnels",
    host: () => new FakeTunnelHost(),
    kind: tunKernelTuning,
    args: { type: "ipip", sameSubnetAsVip: true },
  },
  ...(["ifupdown", "ifcfg", "networkd", "netplan", "networkmanager"] as const).map((manager) => ({
    on: manager,
    host: () => new FakeNetworkHost(manager),
    kind: vipAlias,
    args: VIP,
    after: { ...VIP, label: "eth0:web" },
  })),
  ...(["debian", "rhel"] as const).map((layout) => ({
    on: layout,
    host: () => new FakeDirector(layout),
    kind: virtualService,
    args: { ...RULES, realServers: { "192.168.4.200": {} } },
    after: { ...RULES, realServers: { "192.168.4.201": { weight: 3 } } },
  })),
  {
    on: "a file server",
    host: () => new FakeNfsServer(),
    kind: nfsExport,
    args: { ...EXPORT, clients: { "192.168.2.0/24": ["ro"] } },
    after: { ...EXPORT, clients: { "192.168.2.0/24": ["rw"] } },
  },
  {
    on: "a client of one",
    host: withFstab,
    kind: nfsMount,
    args: MOUNT,
    after: { ...MOUNT, options: ["ro"] },
  },
  ...(["ifupdown", "ifcfg"] as const).map((manager) => ({
    on: manager,
    host: () => new FakeRouter(manager),
    kind: returnRoute,
    args: ROUTE,
    after: { ...ROUTE, priority: 20001 },
  })),
];

/**
 * All that a fake has, in lines. Its log of commands is no part of a host, the order of settings in our ledger has no meaning, and what a
 * setting was is known only where a cut left its device; whether that is restored shows in the setting.
 */
function stateOf(host: FakeHost): string {
  const parts = Object.fromEntries(Object.entries(host).filter(([name]) => name !== "commands"));
  const text = inspect(parts, { depth: null, sorted: true, maxArrayLength: null, maxStringLength: null });
  return text
    .split("\n")
    .filter((line) => !line.includes("# was: "))
    .map((line) => line.replace(/(?:,| \+)$/, ""))
    .sort()
    .join("\n");
}

test.each(lives)("$kind.name on $on: cut after each step, and continued in each way", async (life) => {
  const host = life.host();
  const session = new FakeSession(host);
  const address = { name: "web1", connection: { host: "192.0.2.1" } } as unknown as LabHost;
  const points = new CrashPoints(
    (kind) => new LabResource(kind, address, () => session),
    session,
    () => Promise.resolve(stateOf(host)),
  );
  await points.try(life);
  expect(points.failures).toEqual([]);
  expect(points.trials).toBeGreaterThan(10);
});
