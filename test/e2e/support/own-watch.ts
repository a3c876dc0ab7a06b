import { readdirSync, readFileSync } from "node:fs";

/** What the processes that this one starts show to others, looked at every few milliseconds. */
export interface OwnWatch {
  /** Ends it. Command lines and variables of the environment that were seen, each once. */
  readonly seen: () => readonly string[];
}

export function watchOwn(milliseconds = 100): OwnWatch {
  const seen = new Set<string>();
  const look = () => {
    for (const pid of descendants()) for (const text of shownBy(pid)) seen.add(text);
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

function descendants(): readonly number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync("/proc")) {
    const pid = Number(name);
    const parent = Number.isInteger(pid) ? parentOf(pid) : undefined;
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const found: number[] = [];
  const add = (pid: number) => {
    for (const child of children.get(pid) ?? []) {
      found.push(child);
      add(child);
    }
  };
  add(process.pid);
  return found;
}

function parentOf(pid: number): number | undefined {
  try {
    // `123 (name of it) S 1 ...`: the name may hold anything.
    return Number(readFileSync(`/proc/${pid}/stat`, "latin1").split(") ").at(-1)?.split(" ")[1]);
  } catch {
    return undefined;
  }
}
