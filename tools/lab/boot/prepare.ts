import { readFileSync, writeFileSync } from "node:fs";
import type { Server } from "node:net";
import { join } from "node:path";
import ssh2 from "ssh2";
import { type HostName, hosts } from "../hosts.ts";
import { file, type LabPlan, type PlannedHost } from "../plan.ts";
import { seed } from "./seed.ts";
import { sshConfig } from "./ssh-config.ts";

/** What a host starts from. */
export type System = Pick<PlannedHost, "release" | "image" | "kernel" | "preload">;

/** Write all that the keeper and the users of the lab read: the plan, the keys, each guest's seed. */
export function prepare(
  folder: string,
  common: Omit<LabPlan, "hosts">,
  listeners: ReadonlyMap<HostName, Server>,
  systems: ReadonlyMap<HostName, System>,
): LabPlan {
  const put = (path: string, text: string | Buffer) => writeFileSync(join(folder, path), text, { mode: 0o600 });
  const client = newKey(`client of lab ${common.name}`);
  const own = newKey(`lab ${common.name}`);
  put(file.clientKey, client.private);
  put(file.labKey, own.private);
  const processors = allowedProcessors();
  // Two labs of one guest each, of two workers, are not to wait for each other.
  const first = Number(process.env["JEST_WORKER_ID"] ?? Math.floor(Math.random() * processors.length));
  const planned = [...listeners].map(([host, server], index): PlannedHost => {
    const key = newKey(host);
    const plan = hosts[host];
    put(file.seed(host), seed({ name: host, plan, hostKey: key.private, authorizedKeys: [client.public, own.public] }));
    const processor = processors[(first + index) % processors.length] ?? 0;
    const system = systems.get(host);
    if (system === undefined) throw new Error(`${host} has no disk`);
    return {
      name: host,
      plan,
      ...system,
      port: portOf(server),
      hostKey: key.public.split(" ").slice(0, 2).join(" "),
      processor,
    };
  });
  const lab: LabPlan = { ...common, hosts: planned };
  put(file.plan, JSON.stringify(lab, null, 2));
  put(file.knownHosts, planned.map((host) => `[127.0.0.1]:${host.port} ${host.hostKey}\n`).join(""));
  put(file.sshConfig, sshConfig(folder, planned));
  return lab;
}

/** ssh2 writes one key in two hundred so that nobody can read it, itself and OpenSSH included. */
function newKey(comment: string): { readonly private: string; readonly public: string } {
  const pair = ssh2.utils.generateKeyPairSync("ed25519", { comment });
  return ssh2.utils.parseKey(pair.private) instanceof Error ? newKey(comment) : pair;
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
