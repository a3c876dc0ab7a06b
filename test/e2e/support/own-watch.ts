import { readdirSync, readFileSync } from "node:fs";

/** What the processes that this one starts show to others, looked at every few milliseconds. */
export interface OwnWatch {
  /** Ends it. Command lines and variables of the environment that were seen, each once. */
  readonly seen: () => readonly string[];
}

export function watchOwn(milliseconds = 100): OwnWatch {
  const seen = new Set<string>();
  const parents = new Map<number, number>();
  const look = () => {
    for (const pid of descendants(parents)) for (const text of shownBy(pid)) seen.add(text);
  };
  const timer = setInterval(look, milliseconds);
  return {
    seen: () => {
      clearInterval(timer);
      return [...seen];
    },
  };
}

function shownBy(pid: number): readonly string[] {
  const read = (name: string) => {
    try {
      return readFileSync(`/proc/${pid}/${name}`, "latin1");
    } catch {
      // It has ended meanwhile.
      return "";
    }
  };
  return [read("cmdline").replaceAll("\0", " "), ...read("environ").split("\0")];
}

/** `parents` are those of earlier looks: guests have hundreds of processes, and a process keeps its parent. */
function descendants(parents: Map<number, number>): readonly number[] {
  const now = new Set(readdirSync("/proc").map(Number).filter(Number.isInteger));
  for (const pid of parents.keys()) if (!now.has(pid)) parents.delete(pid);
  for (const pid of now) {
    const parent = parents.get(pid) ?? parentOf(pid);
    if (parent !== undefined) parents.set(pid, parent);
  }
  const isOurs = (pid: number): boolean => {
    const parent = parents.get(pid);
    return parent === process.pid || (parent !== undefined && isOurs(parent));
  };
  return [...parents.keys()].filter(isOurs);
}

function parentOf(pid: number): number | undefined {
  try {
    // `123 (name of it) S 1 ...`: the name may hold anything.
    return Number(readFileSync(`/proc/${pid}/stat`, "latin1").split(") ").at(-1)?.split(" ")[1]);
  } catch {
    return undefined;
  }
}
