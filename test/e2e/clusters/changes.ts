import type { ClusterArgs } from "../../../provider/components/cluster/args.ts";
import { differences, type HostName, type LabHosts, type Snapshot } from "../../../tools/lab/index.ts";
import type { HostsInUse } from "../../support/use-lab.ts";
import type { Run, Stack } from "../support/stack.ts";
import { stackOn } from "../support/stack-on.ts";
import { failures, type Request, startTraffic } from "./traffic.ts";

/** What clusters of all modes take. */
export type AnyClusterArgs = ClusterArgs;

/** What Pulumi said of a change, and what came of the requests meanwhile, in the order of their ends. */
export interface Change {
  readonly run: Run;
  readonly requests: readonly Request[];
}

export interface Setting<A> {
  readonly component: "DrCluster" | "NatCluster" | "TunCluster";
  readonly first: A;
  /** Changes the hosts before the first snapshot. */
  readonly prepare?: (lab: HostsInUse) => Promise<unknown>;
}

/** A cluster named "web" on hosts of its own, which is changed while a client asks all the time. */
export class ChangingCluster<A extends AnyClusterArgs> {
  readonly lab: LabHosts;
  readonly stack: Stack;
  readonly #setting: Setting<A>;
  readonly #found: readonly Snapshot[];

  private constructor(setting: Setting<A>, lab: LabHosts, stack: Stack, found: readonly Snapshot[]) {
    this.#setting = setting;
    this.lab = lab;
    this.stack = stack;
    this.#found = found;
  }

  /** Brings the cluster up on hosts of which one is the client. */
  static async start<A extends AnyClusterArgs>(lab: HostsInUse, setting: Setting<A>): Promise<ChangingCluster<A>> {
    await setting.prepare?.(lab);
    const stack = await stackOn(lab, { program: { text: programOf(setting, setting.first) } });
    const cluster = new ChangingCluster(setting, lab, stack, await snapshots(lab));
    await stack.up();
    return cluster;
  }

  /** Other arguments, without a client that asks. */
  set(args: A): Promise<Run> {
    this.stack.write(programOf(this.#setting, args));
    return this.stack.up();
  }

  /** Other arguments, while a client asks 20 times a second, at each of these in turn: `192.168.4.5`, `192.168.4.5:8080`. */
  async change(args: A, ...at: readonly string[]): Promise<Change> {
    // Each in its own loop. All together no more: that is what a guest on a busy machine has in it.
    const rate = Math.ceil(20 / at.length);
    const traffics = await Promise.all(at.map((address) => startTraffic(this.lab, address, rate)));
    const run = await this.set(args);
    const all = await Promise.all(traffics.map((traffic) => traffic.stop(25, 21)));
    for (const requests of all) expect(requests.length).toBeGreaterThan(20);
    return { run, requests: all.flat().sort((one, other) => one.at - other.at) };
  }

  /** What a director has in its table. */
  async rules(director: HostName = "director1"): Promise<readonly string[]> {
    return (await this.lab.host(director).text("ipvsadm -Sn")).split("\n").sort();
  }

  async destroy(): Promise<Run> {
    const run = await this.stack.destroy();
    const left = await snapshots(this.lab);
    expect(this.#found.flatMap((was, index) => differences(was, left[index] ?? was))).toEqual([]);
    return run;
  }
}

/** A VIP for another one, asked all the time, both of them. */
export async function exchange<A extends AnyClusterArgs>(
  cluster: ChangingCluster<A>,
  [from, to]: readonly [string, string],
  args: A,
): Promise<void> {
  await cluster.lab.client.forgetNeighbour(to);
  const traffics = await Promise.all([from, to].map((address) => startTraffic(cluster.lab, address, 10)));
  await cluster.set(args);
  // The last request at the old one may wait in vain.
  const [old = [], young = []] = await Promise.all(traffics.map((traffic, index) => traffic.stop(index * 25)));
  const lastOld = old.findLast(({ server }) => server !== undefined);
  const firstYoung = young.find(({ server }) => server !== undefined);
  expect(lastOld?.at).toBeGreaterThan(firstYoung?.at ?? Infinity);
  expect(failures(old.filter(({ at }) => at < (firstYoung?.at ?? 0)))).toEqual([]);
  expect(failures(young.filter(({ at }) => at > (firstYoung?.at ?? 0)))).toEqual([]);
}

/** Whether the engine did these one after the other: "web-web1 deleted". */
export function orderOf({ text }: Run, moves: readonly string[]): boolean {
  const lines = text.split("\n");
  const places = moves.map((move) => {
    const [name = "", done = ""] = move.split(" ");
    return lines.findIndex((line) => line.includes(` ${name} ${done}`));
  });
  return places.every((place, index) => place > (places[index - 1] ?? -1));
}

function programOf({ component }: Pick<Setting<AnyClusterArgs>, "component">, args: object): string {
  return `import * as lvs from "pulumi-lvs";\nnew lvs.${component}("web", ${JSON.stringify(args)});\n`;
}

function snapshots({ hosts }: LabHosts): Promise<Snapshot[]> {
  return Promise.all(hosts.filter(({ name }) => name !== "client").map((host) => host.snapshot()));
}
