import { z } from "zod";
import { UserError } from "../../errors";
import { parseFile, RECORDS, readFile } from "../../file-step";
import type { FileStep } from "../../step";
import type { Fact } from "../fact";
import { jsonIn } from "./json";

/**
 * The state of this host before our first change, where nothing else on it shows that: a line of JSON for each object. On the host
 * and not only in Pulumi's state, because a first run that is interrupted leaves no state.
 */
export const ORIGINAL_STATE_FILE = `${RECORDS}/before`;

/** All lines of the file. */
export type OriginalState = readonly OriginalEntry[];

interface OriginalEntry {
  readonly number: number;
  readonly text: string;
  readonly kind: string;
  readonly key: string;
  readonly value: unknown;
}

export const originalState: Fact<OriginalState> = {
  command: readFile(ORIGINAL_STATE_FILE),
  parse: (output) => parseOriginalState(parseFile(output)),
};

/** Throws a UserError for a damaged line: a value recorded anew could be one that we set. */
export function parseOriginalState(text: string | undefined): OriginalState {
  return (text ?? "").split("\n").flatMap((line, index) => (line.trim() === "" ? [] : [parseLine(line, index + 1)]));
}

/** The recorded value; undefined where there is none. Throws a UserError for one that is damaged. */
export function originalOf<T>(state: OriginalState, kind: string, key: string, schema: z.ZodType<T>): T | undefined {
  const entry = find(state, kind, key);
  if (entry === undefined) return undefined;
  const read = schema.safeParse(entry.value);
  if (read.success) return read.data;
  throw damagedLine(entry, `is not what ${kind} records`);
}

/** The keys of the objects of a kind. */
export function keysOf(state: OriginalState, kind: string): readonly string[] {
  return state.filter((entry) => entry.kind === kind).map(({ key }) => key);
}

/** Records a value in place of an earlier one. */
export function recordValue(kind: string, key: string, value: unknown): FileStep {
  return editing(`record ${key}: ${JSON.stringify(value)}`, (state) => withValue(state, kind, key, value));
}

/** Records a value. An earlier one stays: a later value would be one that we set. */
export function recordOriginal(kind: string, key: string, value: unknown): FileStep {
  return editing(`record how ${key} was: ${JSON.stringify(value)}`, (state) =>
    find(state, kind, key) === undefined ? [...textsOf(state), lineOf(kind, key, value)] : textsOf(state),
  );
}

/** The value before us, and the one that we set last. `until`: the one that it replaces, which may still be there after a cut. */
export interface RecordedChange<T> {
  readonly was: T;
  readonly set: T;
  readonly until?: T | undefined;
}

/** How a change of such a value is recorded. */
export function recordedChange<T>(value: z.ZodType<T>): z.ZodType<RecordedChange<T>> {
  return z.object({ was: value, set: value, until: value.optional() });
}

/** Whether a live value is of ours. */
export function isSetByUs<T>({ set, until }: RecordedChange<T>, live: T): boolean {
  return live === set || (until !== undefined && live === until);
}

/** Records a change of ours, before it is made. The value before us is the live one, unless an earlier change has recorded it. */
export function recordChange<T>(
  kind: string,
  key: string,
  { live, set }: { readonly live: T; readonly set: T },
  schema: z.ZodType<RecordedChange<T>>,
): FileStep {
  return editing(`record ${key}: ${JSON.stringify(live)}, then ${JSON.stringify(set)}`, (state) => {
    const earlier = originalOf(state, kind, key, schema);
    const until = earlier !== undefined && live !== set && isSetByUs(earlier, live) ? { until: live } : {};
    return withValue(state, kind, key, { was: earlier === undefined ? live : earlier.was, set, ...until });
  });
}

/** Steps that record that the change is made, where another of ours was there before. */
export function recordEnd<T>(
  state: OriginalState,
  kind: string,
  key: string,
  { set: next, schema }: { readonly set: T; readonly schema: z.ZodType<RecordedChange<T>> },
): readonly FileStep[] {
  const earlier = originalOf(state, kind, key, schema);
  if (earlier === undefined || (earlier.set === next && earlier.until === undefined)) return [];
  return [
    editing(`${key} is ${JSON.stringify(next)}`, (now) => {
      const { was, set } = originalOf(now, kind, key, schema) ?? earlier;
      return withValue(now, kind, key, { was, set });
    }),
  ];
}

/** Records what becomes of a value; undefined drops it. */
export function recordNext<T>(
  kind: string,
  key: string,
  schema: z.ZodType<T>,
  { next, summary }: { readonly next: (value: T | undefined) => T | undefined; readonly summary: string },
): FileStep {
  return editing(summary, (state) => {
    const value = next(originalOf(state, kind, key, schema));
    if (value === undefined) return textsOf(state.filter((entry) => entry !== find(state, kind, key)));
    return withValue(state, kind, key, value);
  });
}

/** Drops a value, where that is right by all lines. The last line takes the file with it, and the directory. */
export function dropOriginal(
  kind: string,
  key: string,
  isRight: (state: OriginalState) => boolean = () => true,
): FileStep {
  return editing(`drop how ${key} was`, (state) =>
    textsOf(isRight(state) ? state.filter((entry) => entry !== find(state, kind, key)) : state),
  );
}

function editing(summary: string, linesAfter: (state: OriginalState) => readonly string[]): FileStep {
  return {
    file: ORIGINAL_STATE_FILE,
    record: true,
    summary,
    edit: (text) => {
      const lines = linesAfter(parseOriginalState(text));
      return lines.length === 0 ? undefined : lines.map((line) => `${line}\n`).join("");
    },
  };
}

function find(state: OriginalState, kind: string, key: string): OriginalEntry | undefined {
  return state.find((entry) => entry.kind === kind && entry.key === key);
}

/** All lines, with this value in its place, or at the end. */
function withValue(state: OriginalState, kind: string, key: string, value: unknown): readonly string[] {
  const line = lineOf(kind, key, value);
  const entry = find(state, kind, key);
  return entry === undefined ? [...textsOf(state), line] : state.map((one) => (one === entry ? line : one.text));
}

function textsOf(state: OriginalState): readonly string[] {
  return state.map(({ text }) => text);
}

function lineOf(kind: string, key: string, value: unknown): string {
  return JSON.stringify([kind, key, value]);
}

/** As JSON.parse gives it: z.json() would lose a key `__proto__`. */
const VALUE = z.custom<unknown>((value) => value !== undefined);
const LINE = z.tuple([z.string(), z.string(), VALUE]);

function parseLine(text: string, number: number): OriginalEntry {
  const read = LINE.safeParse(jsonIn(text));
  if (!read.success) throw damagedLine({ number, text }, 'is not of the form ["KIND","KEY",VALUE]');
  const [kind, key, value] = read.data;
  return { number, text, kind, key, value };
}

function damagedLine({ number, text }: Pick<OriginalEntry, "number" | "text">, problem: string): UserError {
  return new UserError(
    `${ORIGINAL_STATE_FILE}, line ${number}: "${text.slice(0, 200)}" ${problem}. Correct the line, or delete it: the present ` +
      "state of that object then counts as its original one",
  );
}
