/**
 * A list of processors as the kernel prints it: in order, and neighbours as a range. `3,1-2` and `1-3` are `1-3`. Undefined: no such list,
 * or one that only a host can read ("all", "0-N").
 */
export function cpuListOf(text: string): string | undefined {
  if (!LIST.test(text)) return undefined;
  const ranges = text.split(",").map((range) => range.split("-").map(Number));
  const sorted = ranges.map(([from = 0, to = from]) => ({ from, to })).sort((one, other) => one.from - other.from);
  if (sorted.some(({ from, to }) => from > to)) return undefined;
  const merged = sorted.reduce<readonly Range[]>(join, []);
  return merged.map(({ from, to }) => (from === to ? String(from) : `${from}-${to}`)).join(",");
}

/** Whether every processor of the one list is in the other. Both are as `cpuListOf` writes them. */
export function isWithin(list: string, all: string): boolean {
  return cpuListOf(`${list},${all}`) === all;
}

interface Range {
  readonly from: number;
  readonly to: number;
}

function join(done: readonly Range[], next: Range): readonly Range[] {
  const last = done.at(-1);
  if (last === undefined || next.from > last.to + 1) return [...done, next];
  return [...done.slice(0, -1), { from: last.from, to: Math.max(last.to, next.to) }];
}

/** Numbers of up to four digits: no kernel has more processors. */
const LIST = /^\d{1,4}(?:-\d{1,4})?(?:,\d{1,4}(?:-\d{1,4})?)*$/;
