import { readdirSync, readFileSync } from "node:fs";

/** What a run of the CLI consists of: the engine, and the process that has our provider. */
export type Victim = "provider" | "cli" | "both";

export type Signal = "SIGINT" | "SIGTERM" | "SIGKILL";

/** Sends it to processes that the CLI has started, or to the CLI. */
export function kill(cli: number, victim: Victim, signal: Signal): void {
  const providers = descendants(cli).filter(isProvider);
  for (const pid of [...(victim === "cli" ? [] : providers), ...(victim === "provider" ? [] : [cli])])
    send(pid, signal);
}

/** All that a process has started, and what those have. */
export function descendants(of: number): readonly number[] {
  const pids = readdirSync("/proc").map(Number).filter(Number.isInteger);
  const below = (pid: number): readonly number[] => {
    const children = pids.filter((child) => parentOf(child) === pid);
    return [...children, ...children.flatMap(below)];
  };
  return below(of);
}

export function isRunning(pid: number): boolean {
  return read(pid, "stat") !== "" && !/\) Z /.test(read(pid, "stat"));
}

export function send(pid: number, signal: Signal): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended meanwhile.
  }
}

/** The process that has our provider, and no shell that waits for it. */
export function isProvider(pid: number): boolean {
  return commandOf(pid).includes("/cmd/dynamic-provider");
}

function commandOf(pid: number): string {
  return read(pid, "cmdline").replaceAll("\0", " ");
}

/** `123 (name of it) S 1 ...`: the name may hold anything. */
function parentOf(pid: number): number {
  return Number(read(pid, "stat").split(") ").at(-1)?.split(" ")[1]);
}

function read(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, "latin1");
  } catch {
    return "";
  }
}
