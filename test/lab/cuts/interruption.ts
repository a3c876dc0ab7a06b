import type { Random } from "../../support/random.ts";
import type { Cut, Passed, Place } from "./relay.ts";

/** The host stops in the middle of what it does, and says nothing. */
export interface Freeze {
  /** `start`: it is frozen before the run begins. */
  readonly at: Place | "start";
  readonly manner: "freeze";
  /** Milliseconds, fewer than any limit of ours. Undefined: until the run has ended, which is long after our limits. */
  readonly thawAfter: number | undefined;
}

/** What happens to a run on its way. */
export type Interruption =
  | (Cut & { /** The host ends what runs for the session, as systemd may. */ readonly isKilled: boolean })
  | Freeze;

/** Where an uninterrupted run is interrupted. */
export interface Usual {
  readonly passed: Passed;
  readonly milliseconds: number;
}

export function interruptionOf(random: Random): (usual: Usual) => Interruption {
  const manner = random.of(["reset", "reset", "close", "silence", "freeze"]);
  const place = placeOf(random);
  if (manner === "freeze") {
    const thawAfter = random.of([true, false]) ? 300 + random.below(900) : undefined;
    const isAtStart = random.below(5) === 0;
    return (usual) => ({ at: isAtStart ? "start" : place(usual), manner, thawAfter });
  }
  const isKilled = manner !== "silence" && random.below(3) === 0;
  const towards = random.of(["both", "both", "host", "provider"]);
  const isLasting = random.below(3) === 0;
  const isHeard = manner !== "silence" && towards !== "host";
  const resetAfter = isHeard || random.below(8) === 0 ? undefined : 400 + random.below(800);
  return (usual) => ({ at: place(usual), manner, towards, isLasting, resetAfter, isKilled });
}

/**
 * A quarter at any byte of what is sent, a quarter at any piece of what comes back, which is a mark after each command, and the others at
 * any time: that is mostly while a command runs.
 */
function placeOf(random: Random): (usual: Usual) => Place {
  const [way, share, within] = [random.share(), random.share(), random.share()];
  return ({ passed, milliseconds }) => {
    if (way >= 0.5) return { milliseconds: Math.floor(MOST * share * milliseconds) };
    const direction = way < 0.25 ? "up" : "down";
    const pieces = passed.filter((piece) => piece.direction === direction).map(({ bytes }) => bytes);
    const sum = (all: readonly number[]) => all.reduce((total, bytes) => total + bytes, 0);
    // No two runs pass the same: what is near the end may not come.
    const usual = MOST * share;
    if (direction === "up") return { direction, bytes: Math.floor(usual * sum(pieces)) };
    const at = Math.floor(usual * pieces.length);
    return { direction, bytes: sum(pieces.slice(0, at)) + Math.floor(within * (pieces[at] ?? 0)) };
  };
}

const MOST = 0.85;

export function describeInterruption(one: Interruption): string {
  const { at, manner } = one;
  const when =
    at === "start"
      ? "before it"
      : "milliseconds" in at
        ? `after ${at.milliseconds} ms`
        : `after ${at.bytes} bytes ${at.direction}`;
  if (one.manner === "freeze")
    return `${manner} ${when} for ${one.thawAfter === undefined ? "long" : `${one.thawAfter} ms`}`;
  const how = [
    manner,
    `towards ${one.towards}`,
    ...(one.isLasting ? ["lasting"] : []),
    ...(one.isKilled ? ["killed"] : []),
  ];
  return `${how.join(", ")} ${when}`;
}

/** For the table: what it was, without when. */
export function sortOfInterruption(one: Interruption): string {
  if (one.manner === "freeze") return one.thawAfter === undefined ? "long freeze" : "short freeze";
  return `${one.manner}${one.isKilled ? ", and the session's processes go" : ""}`;
}
