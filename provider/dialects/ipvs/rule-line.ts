import type { Names } from "../../facts/ipvs/names";
import type { RestoreLine } from "../../facts/ipvs/restore-effect";
import { readRestoreLine } from "../../facts/ipvs/restore-line";
import { type RuleTarget, ruleTarget } from "../../facts/ipvs/rule-target";

/** A line of a rules file, with what the loader makes of it. */
export interface RuleLine {
  /** With its line end, except in our block. */
  readonly text: string;
  /** In the file as it was read; 0 for a line that is about to be written. */
  readonly number: number;
  /** Undefined for a comment, which the loaders leave out: a line with # in its first column. */
  readonly reading: RestoreLine | undefined;
  /** The object that it defines, changes or removes. Undefined for a comment, and for anything else that is no rule. */
  readonly target: RuleTarget | undefined;
}

export function outsideLine(text: string, number: number, names: Names): RuleLine {
  const reading = readingOf(text, names);
  return { text, number, reading, target: reading !== undefined && "target" in reading ? reading.target : undefined };
}

/** In our block a line that makes no sense is one of ours that somebody changed. */
export function blockLine(text: string, number: number, names: Names): RuleLine {
  const line = outsideLine(text, number, names);
  return { ...line, target: line.target ?? ruleTarget(text) };
}

/** Parsed once for each text: every resource of a host reads the same lines. */
function readingOf(text: string, names: Names): RestoreLine | undefined {
  if (text.startsWith("#")) return undefined;
  const known = READINGS.get(names) ?? new Map<string, RestoreLine>();
  READINGS.set(names, known);
  const before = known.get(text);
  if (before !== undefined) return before;
  const reading = readRestoreLine(text, names);
  known.set(text, reading);
  return reading;
}

const READINGS = new WeakMap<Names, Map<string, RestoreLine>>();
