import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { LEDGER } from "../../../provider/dialects/sysctl/ledger-text.ts";
import { differences, type Snapshot } from "../../../tools/lab/host/snapshot.ts";
import { type HostName, type LabHost, tally, usualHosts } from "../../../tools/lab/index.ts";
import { step } from "../../support/step.ts";
import { useLab } from "../../support/use-lab.ts";
import type { Stack } from "../support/stack.ts";
import { stackOn } from "../support/stack-on.ts";
import { VIP } from "./declared.ts";
import { type Drift, drifts } from "./drifts.ts";
import { foreign } from "./foreign.ts";
import { resources } from "./resources.ts";

/** All kinds in one stack on five hosts, beside things of others, from a preview to a destroy. */
const PROGRAM = `
import { readFileSync } from "node:fs";
import * as lvs from "pulumi-lvs";
const made = new Map();
for (const { kind, name, args, needs = [] } of JSON.parse(readFileSync("resources.json", "utf8"))) {
  made.set(name, new (lvs as any)[kind](name, args, { dependsOn: needs.map((other) => made.get(other)) }));
}`;

const lab = useLab({ hosts: usualHosts, releases: { nfs: "trixie" } });
let stack: Stack;
let hosts: readonly LabHost[];
let before: readonly Snapshot[];

beforeAll(async () => {
  hosts = lab.hosts.filter(({ name }) => name !== "client");
  // Real servers mount what the file server has.
  const { nfs, ...others } = foreign;
  await lab.host("nfs").sh(nfs);
  await Promise.all(Object.entries(others).map(([name, script]) => lab.host(name as HostName).sh(script)));
  before = await snapshots();
  stack = await stackOn(lab, { program: { text: PROGRAM } });
  tell("args");
});

const snapshots = () => Promise.all(hosts.map((host) => host.snapshot()));
const pages = async (times: number) => tally(await lab.client.get(`http://${VIP}/`, { times }));

/** What the program says: the arguments, or what becomes of them. */
function tell(which: "args" | "after"): void {
  const said = resources.map(({ args, after, ...rest }) => ({
    ...rest,
    args: which === "args" ? args : { ...args, ...after },
  }));
  writeFileSync(join(stack.program, "resources.json"), JSON.stringify(said));
}

/** On each host what somebody does there, as one script: a process takes its time here. */
function byHand(what: (drift: Drift) => string | undefined): Promise<unknown> {
  return Promise.all(
    hosts.map((host) => {
      const here = resources.filter(({ args }) => args.host === host.name).map(({ name }) => name);
      return host.sh(["set -e", ...drifts.filter(({ resource }) => here.includes(resource)).map(what)].join("\n"));
    }),
  );
}

function changes(was: readonly Snapshot[], is: readonly Snapshot[]): readonly string[] {
  return was.flatMap((one, at) => differences(one, is[at] as Snapshot).map((line) => `${hosts[at]?.name} ${line}`));
}

/** A device that is made again has another number, and settings stand in the order in which they were claimed again. */
function comparable(all: readonly Snapshot[]): readonly Snapshot[] {
  return all.map((one) => ({
    ...one,
    addresses: one.addresses.map((line) => line.replace(/^\d+: /, "")),
    files: one.files.filter((line) => !line.endsWith(`  ${LEDGER}`)),
  }));
}

/** What somebody adds to the settings that we keep, without an empty line before it. */
const ADDED = "kernel.panic = 10";
const added = () => onAll(`grep -sx '${ADDED}' ${LEDGER} || true`);

/** The entries of each host's settings. */
async function allLedgers(): Promise<readonly (readonly string[])[]> {
  const texts = await onAll(`grep -sv '^${ADDED}$' ${LEDGER} || true`);
  return texts.map((text) => text.split(/\n\n+/).sort());
}

function onAll(script: string): Promise<readonly string[]> {
  return Promise.all(hosts.map((host) => host.text(script)));
}

/** What others have is a part of what is there. */
function expectForeign(now: readonly Snapshot[]): void {
  for (const part of ["ipvs", "addresses", "rules", "nfsMounts", "exports"] as const)
    for (const [at, was] of before.entries()) expect(now[at]?.[part]).toEqual(expect.arrayContaining([...was[part]]));
}

/** What a refresh has found: for each resource that differs, which properties do, or that it is gone. */
function found(text: string): ReadonlyMap<string, readonly string[] | "gone"> {
  const lines = text.matchAll(/^ [~-] .*\/lvs:\w+ (.+) (?:(deleted) |updated .*\[diff: (.*)\])/gm);
  return new Map(
    [...lines].map(([, name = "", gone, diff = ""]) => [name, gone === undefined ? diff.split(/[-+~,]/) : "gone"]),
  );
}

/** What the state has of each resource. */
const properties = () => [...stack.resources()].map(([name, { inputs, outputs }]) => [name, inputs, outputs]);

test("all kinds on five hosts, beside things of others: made, found changed, repaired, changed, rebooted, destroyed", async () => {
  let made: readonly Snapshot[] = [];

  await step("a preview connects to no host", async () => {
    const planned = await stack.planned();
    expect(resources.map(({ name }) => planned.get(name))).toEqual(resources.map(() => "create"));
    expect(stack.travels()).toEqual([]);
  });

  await step("an up makes all of it by one connection to each host, beside what others have", async () => {
    await stack.up();
    const connected = stack.travels().filter(({ kind }) => kind === "connect");
    expect(connected.map(({ host }) => host).sort()).toEqual(hosts.map(({ name }) => name).sort());
    expect(await pages(6)).toEqual({ web1: 4, web2: 2 });
    made = await snapshots();
    expectForeign(made);
  });

  await step("a refresh finds nothing", async () => {
    await stack.refresh("--expect-no-changes");
  });

  await step(
    "a refresh finds a change by hand of every field of every kind, the next one says the same, and one up repairs them all",
    async () => {
      const ledgers = await allLedgers();
      await byHand((drift) => drift.byHand);
      await onAll(`[ ! -e ${LEDGER} ] || echo '${ADDED}' >> ${LEDGER}`);
      const addedLines = await added();
      expect(addedLines).toContain(ADDED);
      const refresh = await stack.try("refresh", "--yes", "--skip-preview", "--expect-no-changes");
      expect(refresh.code).toBe(7);
      const seen = found(refresh.text);
      expect([...seen.keys()].sort()).toEqual([...new Set(drifts.map(({ resource }) => resource))].sort());
      const expected = drifts.map(({ resource, fields, shows = fields, gone }) => [resource, gone ? "gone" : shows]);
      const told = drifts.map(({ resource, fields, shows = fields }) => {
        const one = seen.get(resource);
        return [resource, one === undefined || one === "gone" ? one : shows.filter((name) => one.includes(name))];
      });
      expect(told).toEqual(expected);

      // The state has what the host had, and the next refresh must not take that for what is wanted.
      const once = properties();
      await stack.refresh();
      expect(properties()).toEqual(once);
      await stack.up("--refresh", "--run-program");
      await byHand(({ takenBack }) => takenBack);
      expect(changes(comparable(made), comparable(await snapshots()))).toEqual([]);
      expect(await allLedgers()).toEqual(ledgers);
      expect(await added()).toEqual(addedLines);
    },
  );

  await step("a change of arguments is made in place, and nothing else is changed", async () => {
    tell("after");
    const planned = await stack.planned();
    const changed = resources.filter(({ after }) => after !== undefined);
    // The stack is a resource, too.
    expect(planned).toEqual(new Map([["t-dev", "same"], ...changed.map(({ name }) => [name, "update"] as const)]));
    await stack.up();
  });

  await step("all of it is there after all hosts have booted at once", async () => {
    await Promise.all(hosts.map((host) => host.reboot()));
    await stack.preview("--refresh", "--expect-no-changes");
    expect(await pages(8)).toEqual({ web1: 6, web2: 2 });
    expectForeign(await snapshots());
  });

  await step("a destroy leaves every host as it was found, byte for byte", async () => {
    const kept = await added();
    expect(kept).toContain(ADDED);
    await stack.destroy();
    expect(await onAll(`cat ${LEDGER} 2> /dev/null || true`)).toEqual(kept);
    await onAll(`rm -f ${LEDGER}`);
    expect(changes(before, await snapshots())).toEqual([]);
    const ours = "/var/lib/pulumi-lvs /srv/docs /srv/other /srv/old /usr/share/lvs-lab-daemon";
    expect(await onAll(`ls -d ${ours} 2> /dev/null || true`)).toEqual(hosts.map(() => ""));
  });
});
