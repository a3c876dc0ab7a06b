import type { HostName, HostPlan } from "./hosts.ts";
import type { Release } from "./image/releases.ts";
import type { Uml } from "./image/uml.ts";

/** What the keeper is told when it starts, in its folder's lab.json. */
export interface LabPlan {
  readonly name: string;
  readonly hosts: readonly PlannedHost[];
}

export interface PlannedHost {
  readonly name: HostName;
  readonly plan: HostPlan;
  readonly release: Release;
  /** The disk that it shares with others, read only. */
  readonly image: string;
  readonly kernel: Uml;
  /** A library that this kernel needs on this machine. */
  readonly preload: string | undefined;
  /** The guest's sshd as the world sees it: this port of 127.0.0.1. */
  readonly port: number;
  /** The public half, as known_hosts has it: "ssh-ed25519 AAAA...". */
  readonly hostKey: string;
  /** Each guest stays on one processor: tracing a program on another is slow. */
  readonly processor: number;
}

/** Files of a lab's folder. */
export const file = {
  plan: "lab.json",
  pid: "pid",
  control: "control.sock",
  log: "keeper.log",
  sshConfig: "ssh_config",
  knownHosts: "known_hosts",
  /** The key that users of the lab log in with, and the one that is only the lab's own. */
  clientKey: "client_key",
  labKey: "lab_key",
  seed: (host: string) => `${host}.seed`,
  console: (host: string) => `${host}.log`,
  /** The lab's own way to a guest's sshd, which is never cut. */
  socket: (host: string) => `${host}.sock`,
} as const;
