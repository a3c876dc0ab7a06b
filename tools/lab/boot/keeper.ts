/**
 * Keeps one lab: runs as the first program in the lab's own namespaces, and the lab lives exactly as long as it does.
 * Started by launch.ts, which sends it the listening sockets that it made outside.
 */
import { copyFileSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { answer, type HostStatus, type Request, type Status } from "../host/control.ts";
import { Relay } from "../host/relay.ts";
import type { HostName } from "../hosts.ts";
import { file, type LabPlan, type PlannedHost } from "../plan.ts";
import { Guest, memory } from "./guest.ts";
import { switchLink, wire } from "./wiring.ts";

/** From the process that starts the lab. */
export type Message = { readonly listen: HostName } | { readonly stay: true };

interface Kept {
  readonly planned: PlannedHost;
  readonly guest: Guest;
  readonly path: Relay;
}

const [folder = ""] = process.argv.slice(2);
const lab = JSON.parse(readFileSync(join(folder, file.plan), "utf8")) as LabPlan;
const kept = new Map<HostName, Kept>();
let stays = false;

wire(lab.hosts);
process.on("message", (message: Message, server: Server | undefined) => {
  if ("stay" in message) stays = true;
  else if (server !== undefined) start(message.listen, server);
  process.send?.(message);
});
// The starter is gone, however it went.
process.on("disconnect", () => {
  if (!stays) end();
});
answer(folder, serve);

function start(name: HostName, server: Server): void {
  const host = lab.hosts.find((planned) => planned.name === name);
  if (host === undefined) throw new Error(`${name} is not in the plan`);
  const address = managementAddress(host);
  const own = new Relay(createServer().listen(join(folder, file.socket(name))), address);
  const seed = file.seed(name);
  // The folder need not keep the host's private key.
  copyFileSync(join(folder, seed), join(memory, seed));
  rmSync(join(folder, seed));
  kept.set(name, {
    planned: host,
    guest: new Guest(lab, host, folder, () => own.dropAll()),
    path: new Relay(server, address),
  });
}

function serve(request: Request): Status {
  switch (request.do) {
    case "status":
      break;
    case "down":
      // The answer goes out first.
      setTimeout(end, 20);
      break;
    case "cut":
      find(request.host).path.cut(request.how);
      break;
    case "mend":
      find(request.host).path.mend();
      break;
    case "unplug":
    case "plugIn":
      switchLink(find(request.host).planned, request.nic, request.do === "plugIn" ? "up" : "down");
      break;
    default:
      find(request.host).guest[request.do]();
  }
  return Object.fromEntries([...kept].map(([name, host]) => [name, status(host)]));
}

function find(name: HostName): Kept {
  const host = kept.get(name);
  if (host === undefined)
    throw new Error(`The lab ${lab.name} has no host ${name}. It has ${[...kept.keys()].join(", ")}`);
  return host;
}

const status = ({ guest, path }: Kept): HostStatus => ({ ...guest.status, cut: path.cutBy ?? null });

function managementAddress({ plan }: PlannedHost): string {
  const [nic] = plan.nics;
  if (nic === undefined) throw new Error("A host without a management card");
  return nic.address;
}

function end(): void {
  rmSync(folder, { recursive: true, force: true });
  // With the last process of the namespace go all others, its networks and its memory.
  process.exit(0);
}
