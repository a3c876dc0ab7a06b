import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import ssh2 from "ssh2";
import { ask } from "./control.ts";
import { type HostName, hosts } from "./hosts.ts";
import { image } from "./image.ts";
import type { Message } from "./keeper.ts";
import { kernelPreload } from "./kernel.ts";
import { labFolder, labsFolder } from "./places.ts";
import { file, type LabPlan, type PlannedHost } from "./plan.ts";
import { requirePrograms, searchPath } from "./programs.ts";
import type { Progress } from "./progress.ts";
import { seed } from "./seed.ts";
import { sshConfig } from "./ssh-config.ts";

export interface Launched {
  readonly folder: string;
  /** From here on the lab outlives this process. */
  readonly leaveRunning: () => Promise<void>;
}

/** Start a lab's guests. They boot while this returns; the lab ends with this process, however that ends. */
export async function launch(name: string, names: readonly HostName[], progress: Progress): Promise<Launched> {
  requirePrograms("linux.uml", "ip", "unshare", "taskset", "mount");
  const disk = await image(progress);
  const preload = kernelPreload();
  const folder = await claim(name);
  try {
    const listeners = new Map<HostName, Server>();
    for (const host of names) listeners.set(host, await listen());
    const lab = prepare(folder, { name, image: disk, preload }, listeners);
    const keeper = startKeeper(folder);
    for (const [host, server] of listeners) {
      await tell(keeper, folder, { listen: host }, server);
      server.close();
    }
    // Neither the process nor the channel to it keeps this process alive.
    keeper.unref();
    keeper.channel?.unref();
    progress(`lab ${lab.name}: ${names.join(", ")} are booting`);
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
  }
}

/** The lab's folder, made by whoever comes first. What a dead lab left is cleared away. */
async function claim(name: string): Promise<string> {
  const folder = labFolder(name);
  for (const old of readdirSync(labsFolder())) {
    const path = join(labsFolder(), old);
    if (!(await isRunning(path))) rmSync(path, { recursive: true, force: true });
  }
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if (existsSync(folder)) throw new Error(`The lab ${name} is running already: npm run lab -- --name ${name} down`);
    throw error;
  }
  writeFileSync(join(folder, file.pid), String(process.pid));
  return folder;
}

/** Answers, or has a process that is still starting it. */
export async function isRunning(folder: string): Promise<boolean> {
  try {
    await ask(folder, { do: "status" });
    return true;
  } catch {
    return processExists(keeperPid(folder));
  }
}

export const processExists = (pid: number | undefined): boolean => pid !== undefined && existsSync(`/proc/${pid}`);

/** The process that holds the lab's namespaces; while it starts, the one that starts it. */
export function keeperPid(folder: string): number | undefined {
  const path = join(folder, file.pid);
  const pid = existsSync(path) ? Number.parseInt(readFileSync(path, "utf8"), 10) : Number.NaN;
  return Number.isNaN(pid) ? undefined : pid;
}

/** Any free port of 127.0.0.1, with room for a burst of connects. */
function listen(): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen({ host: "127.0.0.1", port: 0, backlog: 1024 }, () => resolve(server));
  });
}

/** ssh2 writes one key in two hundred so that nobody can read it, itself and OpenSSH included. */
function newKey(comment: string): { readonly private: string; readonly public: string } {
  const pair = ssh2.utils.generateKeyPairSync("ed25519", { comment });
  return ssh2.utils.parseKey(pair.private) instanceof Error ? newKey(comment) : pair;
}

/** Write all that the keeper and the users of the lab read. */
function prepare(folder: string, common: Omit<LabPlan, "hosts">, listeners: ReadonlyMap<HostName, Server>): LabPlan {
  const put = (path: string, text: string | Buffer) => writeFileSync(join(folder, path), text, { mode: 0o600 });
  const client = newKey(`client of lab ${common.name}`);
  const own = newKey(`lab ${common.name}`);
  put(file.clientKey, client.private);
  put(file.labKey, own.private);
  const processors = allowedProcessors();
  const first = Math.floor(Math.random() * processors.length);
  const planned = [...listeners].map(([host, server], index): PlannedHost => {
    const key = newKey(host);
    const plan = hosts[host];
    put(file.seed(host), seed({ name: host, plan, hostKey: key.private, authorizedKeys: [client.public, own.public] }));
    const processor = processors[(first + index) % processors.length] ?? 0;
    return { name: host, plan, port: portOf(server), hostKey: key.public.split(" ").slice(0, 2).join(" "), processor };
  });
  const lab: LabPlan = { ...common, hosts: planned };
  put(file.plan, JSON.stringify(lab, null, 2));
  put(file.knownHosts, planned.map((host) => `[127.0.0.1]:${host.port} ${host.hostKey}\n`).join(""));
  put(file.sshConfig, sshConfig(folder, planned));
  return lab;
}

/** "0-3,6" of /proc: containers and taskset allow some processors only. */
function allowedProcessors(): number[] {
  const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1] ?? "0";
  return list.split(",").flatMap((range) => {
    const [from = 0, to = from] = range.split("-").map(Number);
    return Array.from({ length: to - from + 1 }, (_, index) => from + index);
  });
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("A listening socket without a port");
  return address.port;
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
    env: { PATH: searchPath() },
  });
  keeper.on("error", () => undefined);
  if (keeper.pid !== undefined) writeFileSync(join(folder, file.pid), String(keeper.pid));
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
