import { type ChildProcess, spawn } from "node:child_process";
import { openSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { diskOf, type HostName, type Releases, releaseOf } from "../hosts.ts";
import { type Disk, image } from "../image/image.ts";
import { kernelPreload } from "../image/kernel.ts";
import { requirePrograms, searchPath } from "../image/programs.ts";
import { releases as plans } from "../image/releases.ts";
import { type KernelChoice, type Kernels, uml } from "../image/uml.ts";
import { file } from "../plan.ts";
import type { Progress } from "../progress.ts";
import { claim, holdBy } from "./claim.ts";
import type { Message } from "./keeper.ts";
import { prepare, type System } from "./prepare.ts";

export interface Launched {
  readonly folder: string;
  /** From here on the lab outlives this process. */
  readonly leaveRunning: () => Promise<void>;
}

export interface LaunchOptions {
  readonly releases: Releases;
  readonly kernel: Kernels;
  readonly progress: Progress;
}

/** Start a lab's guests. They boot while this returns; the lab ends with this process, however that ends. */
export async function launch(name: string, names: readonly HostName[], options: LaunchOptions): Promise<Launched> {
  requirePrograms();
  const systems = new Map<HostName, System>();
  const images = new Map<Disk, string>();
  const older = names.some((host) => plans[releaseOf(host, options.releases)].kernel === "machine");
  for (const host of names) {
    const release = releaseOf(host, options.releases);
    const disk = diskOf(host, release);
    const path = images.get(disk) ?? (await image(disk, options.progress));
    images.set(disk, path);
    const kernel = uml(older ? "machine" : kernelOf(host, options.kernel));
    // The later one takes registers of any width.
    const preload = kernel.folder === undefined ? kernelPreload() : undefined;
    systems.set(host, { release, image: path, kernel, preload });
  }
  const folder = await claim(name);
  const listeners = new Map<HostName, Server>();
  try {
    for (const host of names) listeners.set(host, await listen());
    const lab = prepare(folder, { name }, listeners, systems);
    const keeper = startKeeper(folder);
    for (const [host, server] of listeners) {
      await tell(keeper, folder, { listen: host }, server);
    }
    // Neither the process nor the channel to it keeps this process alive.
    keeper.unref();
    keeper.channel?.unref();
    options.progress(`lab ${lab.name}: ${names.join(", ")} are booting`);
    return {
      folder,
      leaveRunning: async () => {
        keeper.channel?.ref();
        await tell(keeper, folder, { stay: true });
        keeper.disconnect();
      },
    };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  } finally {
    // The keeper has its own copies.
    for (const server of listeners.values()) server.close();
  }
}

const kernelOf = (host: HostName, wanted: Kernels): KernelChoice =>
  typeof wanted === "string" ? wanted : (wanted[host] ?? "quickest");

/** Any free port of 127.0.0.1, with room for a burst of connects. */
function listen(): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen({ host: "127.0.0.1", port: 0, backlog: 1024 }, () => resolve(server));
  });
}

/**
 * Own users, networks, processes and mounts, as root and as anyone else. Process 1 of the namespace is a shell: it
 * reaps what the guests leave, and with it the kernel ends everything else. The lab's memory is a tmpfs of its own.
 */
function startKeeper(folder: string): ChildProcess {
  const log = openSync(join(folder, file.log), "a", 0o600);
  const namespaces = [
    "--user",
    "--map-root-user",
    "--net",
    "--pid",
    "--mount",
    "--fork",
    "--kill-child",
    "--mount-proc",
  ];
  const first = 'mount -t tmpfs -o mode=0700,nosuid,nodev lab /dev/shm && { "$0" "$@" & wait $!; }';
  const program = [process.execPath, join(import.meta.dirname, "keeper.ts"), folder];
  const keeper = spawn("unshare", [...namespaces, "sh", "-c", first, ...program], {
    detached: true,
    stdio: ["ignore", log, log, "ipc"],
    // Compiled once for all labs of a run: 80 ms of processor time each, else.
    env: { PATH: searchPath(), NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"] },
  });
  keeper.on("error", () => undefined);
  if (keeper.pid !== undefined) holdBy(folder, keeper.pid);
  return keeper;
}

/** The keeper repeats what it was told once it has done it. */
function tell(keeper: ChildProcess, folder: string, message: Message, server?: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    const died = () =>
      reject(new Error(`The lab did not start: ${readFileSync(join(folder, file.log), "utf8")}${hint}`));
    if (keeper.exitCode !== null || keeper.signalCode !== null) died();
    keeper.once("exit", died);
    keeper.once("message", () => {
      keeper.off("exit", died);
      resolve();
    });
    keeper.send(message, server, (error) => {
      if (error !== null) reject(error);
    });
  });
}

const hint =
  "\nIt needs unprivileged user namespaces (sysctl user.max_user_namespaces above 0) when it is not run by root.";
