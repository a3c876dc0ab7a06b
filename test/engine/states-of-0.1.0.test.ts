import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Inventory } from "../../provider/engine/inventory";
import { lifecycle } from "../../provider/engine/lifecycle";
import { OwnedObjects } from "../../provider/engine/ownership";
import type { Properties } from "../../provider/engine/state";
import type { Session } from "../../provider/host/session/job";
import { observationFor } from "../../provider/host/session/observation";
import { ipvsSettings } from "../../provider/kinds/ipvs-settings/kind";
import { drKernelTuning } from "../../provider/kinds/kernel-tuning/dr";
import { natKernelTuning } from "../../provider/kinds/kernel-tuning/nat";
import { nfsExport } from "../../provider/kinds/nfs-export/kind";
import { nfsMount } from "../../provider/kinds/nfs-mount/kind";
import { packageKind } from "../../provider/kinds/package/kind";
import { realServer } from "../../provider/kinds/real-server/kind";
import { returnRoute } from "../../provider/kinds/return-route/kind";
import type { DefinedKind, Reconcilable, Target } from "../../provider/kinds/runtime-kind";
import { syncDaemon } from "../../provider/kinds/sync-daemon/kind";
import { systemdService } from "../../provider/kinds/systemd-service/kind";
import { tunKernelTuning } from "../../provider/kinds/tun-kernel-tuning/kind";
import { vipAlias } from "../../provider/kinds/vip-alias/kind";
import { virtualService } from "../../provider/kinds/virtual-service/kind";
import * as runtime from "../../provider/runtime";
import { A_MACHINE } from "./a-machine";
import { answering } from "./answering";

/** Kinds that 0.1.0 did not have. */
const NEWER = ["File", "VrrpInstance"] as const;
type OldKind = Exclude<keyof typeof runtime, (typeof NEWER)[number]>;

/** A resource as the code of 0.1.0 checked and stored it: what a program said, and what the state had. */
interface Recorded {
  readonly kind: OldKind;
  readonly args: Properties;
  readonly inputs: Properties;
  readonly outputs: Properties;
}

const kinds: Readonly<Record<OldKind, DefinedKind>> = {
  VirtualService: virtualService,
  RealServer: realServer,
  VipAlias: vipAlias,
  DrKernelTuning: drKernelTuning,
  NatKernelTuning: natKernelTuning,
  TunKernelTuning: tunKernelTuning,
  IpvsSettings: ipvsSettings,
  SyncDaemon: syncDaemon,
  NfsExport: nfsExport,
  NfsMount: nfsMount,
  Package: packageKind,
  SystemdService: systemdService,
  ReturnRoute: returnRoute,
};

/** As the changelog has them. */
const NEW_NAMES: Readonly<Partial<Record<OldKind, Readonly<Record<string, string>>>>> = {
  VirtualService: { rules: "rulesLoader" },
  RealServer: { rules: "rulesLoader" },
  VipAlias: { network: "networkManager" },
  TunKernelTuning: { carries: "encapsulates", sharesNetwork: "sameSubnetAsVip" },
  IpvsSettings: { rules: "rulesLoader" },
  SyncDaemon: { state: "role", interface: "device", rules: "rulesLoader" },
  NfsMount: { hideNonEmpty: "allowNonEmpty" },
  ReturnRoute: { via: "gateway", direct: "localNetworks", network: "networkManager" },
};

const recorded = JSON.parse(
  readFileSync(join(__dirname, "..", "fixtures", "states-0.1.0.json"), "utf8"),
) as readonly Recorded[];

const oldNames = (kind: OldKind) => Object.keys(NEW_NAMES[kind] ?? {});

function withNewNames(kind: OldKind, args: Properties): Properties {
  const renamed = NEW_NAMES[kind] ?? {};
  const entries = Object.entries(args).map(([name, value]) => [renamed[name] ?? name, value]);
  return Object.fromEntries(entries) as Properties;
}

/** The kind on a host that has exactly what is desired, and runs no step. */
function start({ name, runtime: kind }: DefinedKind) {
  const session: Session = {
    name: "director1",
    reachedAt: () => Promise.resolve({ address: "192.0.2.1", port: 22 }),
    machine: () => Promise.resolve(A_MACHINE),
    submit: (job) => {
      const plan = job.plan(observationFor(job, answering("")));
      expect(plan.steps()).toEqual([]);
      return Promise.resolve({ before: plan, after: plan, done: [] });
    },
  };
  const reconcilable = ({ subject }: Target): Reconcilable => {
    const entries = Object.entries(subject).filter(([property]) => kind.observedProperties.includes(property));
    const observed = Object.fromEntries(entries);
    const assess = () => ({ observed, isConverged: true, steps: () => [], hasLeftovers: () => false, isBegun: false });
    return { facts: [], alsoOwnedBy: () => [], assess };
  };
  const context = {
    inventory: new Inventory(),
    session: () => session,
    owned: new OwnedObjects(),
    log: () => undefined,
  };
  const provider = lifecycle({ name, runtime: { ...kind, reconcilable } }, context);
  const hosts = JSON.stringify({ director1: { host: "192.0.2.1" } });
  provider.configure({ config: { get: (key) => (key === "lvs:hosts" ? hosts : undefined) } });
  return provider;
}

test("each kind is recorded, and with each name that was given up", () => {
  const all = [...new Set(recorded.map(({ kind }) => kind)), ...NEWER];
  expect(all.sort()).toEqual(Object.keys(runtime).sort());
  for (const kind of Object.keys(kinds) as OldKind[]) {
    const used = recorded.filter((one) => one.kind === kind).flatMap(({ args }) => Object.keys(args));
    expect(used).toEqual(expect.arrayContaining(oldNames(kind)));
    expect(kinds[kind].runtime.renamed).toEqual(NEW_NAMES[kind] ?? {});
  }
});

describe.each(recorded)("$kind $inputs.key of 0.1.0", ({ kind, args, inputs, outputs }) => {
  const provider = start(kinds[kind]);

  test("is no difference from the same program with the names of today", async () => {
    const now = await provider.check(inputs, withNewNames(kind, args));
    expect(now.failures).toEqual([]);
    expect(now.inputs["key"]).toBe(inputs["key"]);
    expect(await provider.diff("id", outputs, now.inputs)).toEqual({ changes: false });
  });

  test("is no difference from its own inputs: a refresh by another program compares these", async () => {
    expect(await provider.diff("id", outputs, inputs)).toEqual({ changes: false });
  });

  test("is refreshed into the names of today, and then there is still nothing to do", async () => {
    const { props } = await provider.read("id", outputs);
    const names = Object.keys(props ?? {});
    expect(names.filter((name) => [...oldNames(kind), "rule"].includes(name))).toEqual([]);
    expect(props?.["key"]).toBe(outputs["key"]);
    const now = await provider.check(inputs, withNewNames(kind, args));
    expect(await provider.diff("id", props as Properties, now.inputs)).toEqual({ changes: false });
  });

  test("its old names are refused in a program, and the new ones are named", async () => {
    for (const name of oldNames(kind).filter((old) => old in args)) {
      const now = NEW_NAMES[kind]?.[name] ?? "";
      const { [now]: value, ...others } = withNewNames(kind, args);
      const { failures } = await provider.check(inputs, { ...others, [name]: value } as Properties);
      expect(failures).toEqual([{ property: name, reason: `is now called "${now}"` }]);
    }
  });
});
