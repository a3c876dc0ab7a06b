import { nearest } from "../nearest";

/** The schedulers of Linux up to 6.12. */
export const SCHEDULERS = [
  "rr",
  "wrr",
  "lc",
  "wlc",
  "lblc",
  "lblcr",
  "dh",
  "sh",
  "sed",
  "nq",
  "fo",
  "ovf",
  "mh",
  "twos",
  "none",
] as const;

/** Flags of a scheduler, in the order in which ipvsadm prints them. For sh and mh the first two have other names. */
const FLAGS = ["flag-1", "flag-2", "flag-3"] as const;
const NAMED_FLAGS = { sh: ["sh-fallback", "sh-port"], mh: ["mh-fallback", "mh-port"] } as const;

/** Every name of a flag. */
export const SCHEDULER_FLAGS = [...FLAGS, ...NAMED_FLAGS.sh, ...NAMED_FLAGS.mh] as const;
export type SchedulerFlag = (typeof SCHEDULER_FLAGS)[number];

/** Why a scheduler is refused; undefined if it is not. */
export function schedulerProblem(name: string, allowUnknown: boolean): string | undefined {
  if (!/^[a-z0-9_]{1,15}$/.test(name))
    return `"${name}" is not the name of a scheduler: 1 to 15 of the characters a-z, 0-9 and _`;
  if (allowUnknown || SCHEDULERS.some((known) => known === name)) return undefined;
  const similar = nearest(name, SCHEDULERS);
  const guess = similar === undefined ? "." : `: did you mean "${similar}"?`;
  return `"${name}" is not a known scheduler${guess} Known are ${SCHEDULERS.join(", ")}; set allowUnknownScheduler: true for another one.`;
}

/** The flags as ipvsadm prints them for this scheduler: no duplicates, in its order, by its names. Throws for a flag of another scheduler. */
export function canonicalFlags(scheduler: string, flags: readonly string[]): SchedulerFlag[] {
  const names: readonly SchedulerFlag[] =
    scheduler === "sh" || scheduler === "mh" ? [...NAMED_FLAGS[scheduler], FLAGS[2]] : FLAGS;
  const bits = new Set(flags.map((flag) => bitOf(flag, scheduler, names)));
  return names.filter((_, bit) => bits.has(bit));
}

function bitOf(flag: string, scheduler: string, names: readonly SchedulerFlag[]): number {
  const bit = Math.max(
    FLAGS.findIndex((name) => name === flag),
    names.findIndex((name) => name === flag),
  );
  if (bit >= 0) return bit;
  const [owner = ""] = flag.split("-");
  throw new Error(`"${flag}" is a flag of scheduler "${owner}", not of "${scheduler}"`);
}
