import { readdirSync, readFileSync } from "node:fs";

/** What a process of Pulumi needed, as far as it was seen while it lived. */
export interface Needed {
  /** Most memory at once, in MB. */
  memory: number;
  /** Processor time, in milliseconds. */
  cpu: number;
}

/** Watches the provider processes below a CLI until it is told to stop. Returns what the hungriest one needed. */
export function watchProvider(cli: number): () => Needed {
  const needed: Needed = { memory: 0, cpu: 0 };
  const look = () => {
    for (const pid of below(cli)) {
      if (!read(pid, "cmdline").includes("dynamic-provider")) continue;
      const memory = Number(/VmHWM:\s+(\d+)/.exec(read(pid, "status"))?.[1] ?? 0) / 1024;
      // Behind the name of the program, which may have blanks.
      const [, user = 0, system = 0] = /\) (?:\S+ ){11}(\d+) (\d+)/.exec(read(pid, "stat"))?.map(Number) ?? [];
      needed.memory = Math.max(needed.memory, memory);
      needed.cpu = Math.max(needed.cpu, (user + system) * 10);
    }
  };
  const timer = setInterval(look, 100);
  return () => {
    clearInterval(timer);
    return needed;
  };
}

/** By what each knows of its children: to look at all processes of 200 hosts, ten times a second, takes a fifth of a processor. */
function below(root: number | string): readonly string[] {
  const children = threadsOf(root).flatMap((thread) => read(root, `task/${thread}/children`).trim().split(" "));
  const found = children.filter((pid) => pid !== "");
  return [...found, ...found.flatMap(below)];
}

/** Processor time of a process's children that have ended, and of theirs, in milliseconds. */
export function spentByChildren(pid: string): number {
  const [, user = 0, system = 0] = /\) (?:\S+ ){13}(\d+) (\d+)/.exec(read(pid, "stat"))?.map(Number) ?? [];
  return (user + system) * 10;
}

/** A process may end while it is looked at. */
function threadsOf(pid: number | string): readonly string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}

function read(pid: number | string, what: string): string {
  try {
    return readFileSync(`/proc/${pid}/${what}`, "utf8");
  } catch {
    return "";
  }
}
