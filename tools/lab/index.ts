import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { holder, isRunning, processExists } from "./boot/claim.ts";
import { launch } from "./boot/launch.ts";
import { LabClient } from "./host/client.ts";
import { ask } from "./host/control.ts";
import { LabHost } from "./host/host.ts";
import { type HostName, type Releases, usualHosts } from "./hosts.ts";
import type { Kernels } from "./image/uml.ts";
import { labFolder } from "./paths.ts";
import { file, type LabPlan } from "./plan.ts";
import { type Progress, timedProgress } from "./progress.ts";

export { type Frame } from "./host/capture.ts";
export { type Answer, type GetOptions, LabClient, tally } from "./host/client.ts";
export { type LabConnection, LabHost } from "./host/host.ts";
export { type Output } from "./host/shell.ts";
export { differences, type Snapshot } from "./host/snapshot.ts";
export { type HostName, type Releases, usualHosts } from "./hosts.ts";

export interface LabOptions {
  /** Which hosts to boot; the six usual ones unless told. */
  readonly hosts?: readonly HostName[];
  /** Each host has its own unless told, { web1: "trixie" }, or told for all but the client by PULUMI_LVS_RELEASE. */
  readonly releases?: Releases;
  /** The guests' kernel: the quickest that is here unless told. */
  readonly kernel?: Kernels;
  /** One of its own for each start unless told. */
  readonly name?: string;
  readonly progress?: Progress;
}

/** Boot a lab and wait until its hosts are ready. It ends with down(), or with this process, whichever comes first. */
export async function startLab(options: LabOptions = {}): Promise<Lab> {
  const { lab } = await bootLab(options);
  return lab;
}

/** The lab of that name, which is running already. */
export async function attachLab(name: string): Promise<Lab> {
  const folder = labFolder(name);
  if (!(await isRunning(folder))) throw new Error(`No lab ${name} is running: npm run lab -- --name ${name} up`);
  return new Lab(folder);
}

/** As startLab, with the way to leave the lab running when this process ends. */
export async function bootLab({
  hosts = usualHosts,
  releases = {},
  kernel = "quickest",
  name = nextName(),
  progress = timedProgress(),
}: LabOptions): Promise<{ readonly lab: Lab; readonly leaveRunning: () => Promise<void> }> {
  const { folder, leaveRunning } = await launch(name, hosts, { releases, kernel, progress });
  const lab = new Lab(folder);
  try {
    await lab.waitReady(progress);
  } catch (error) {
    await lab.down();
    throw error;
  }
  return { lab, leaveRunning };
}

/** The hosts of a running lab, without the means to end it. */
export type LabHosts = Pick<Lab, "name" | "folder" | "hosts" | "client" | "host">;

export class Lab {
  readonly name: string;
  readonly folder: string;
  readonly hosts: readonly LabHost[];

  constructor(folder: string) {
    const plan = JSON.parse(readFileSync(join(folder, file.plan), "utf8")) as LabPlan;
    this.name = plan.name;
    this.folder = folder;
    this.hosts = plan.hosts.map((host) => new (host.name === "client" ? LabClient : LabHost)(host, folder));
  }

  /** The host from which the cluster is used. */
  get client(): LabClient {
    const client = this.host("client");
    if (client instanceof LabClient) return client;
    throw new Error("The host client is not one");
  }

  host(name: HostName): LabHost {
    const found = this.hosts.find((host) => host.name === name);
    if (found === undefined) throw new Error(`The lab ${this.name} was started without ${name}`);
    return found;
  }

  async waitReady(progress: Progress): Promise<void> {
    await Promise.all(
      this.hosts.map(async (host) => {
        await host.waitSsh();
        progress(`${host.name} answers ssh`);
      }),
    );
    await Promise.all(this.hosts.map((host) => host.waitReady()));
    progress("all hosts have booted");
  }

  /** End it. Nothing is left: no process, network, file. */
  async down(): Promise<void> {
    for (const host of this.hosts) host.close();
    const pid = holder(this.folder);
    // No answer: it has ended already, or will be seen not to end.
    await ask(this.folder, { do: "down" }).catch(() => undefined);
    const deadline = performance.now() + 10_000;
    while (processExists(pid)) {
      if (performance.now() > deadline)
        throw new Error(`The lab ${this.name} did not end: process ${pid} is still there`);
      await sleep(20);
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

let started = 0;

const nextName = (): string => {
  started += 1;
  return `run-${process.pid}-${started}`;
};
