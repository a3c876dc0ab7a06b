import { z } from "zod";
import { UserError } from "../../errors";
import { parseFile, RECORDS, readFile } from "../../file-step";
import { ownValue } from "../../model/own-value";
import type { FileStep } from "../../step";
import type { Fact } from "../fact";
import { jsonIn } from "./json";

/**
 * Which resources need an object of this host: a line of JSON for each. On the host, because a stack knows nothing of another one
 * that declares the same VIP: the last of them to go takes it away.
 */
export const OWNERS_FILE = `${RECORDS}/owners`;

/** Those of one object. */
export interface Owners {
  /** `shop/prod/vip`: project, stack and resource. */
  readonly names: readonly string[];
  /** There is no owner any more, and this one takes the object away. */
  readonly last?: string | undefined;
  /** What each of several wants of it, where that is known. */
  readonly desires: Readonly<Record<string, Desire>>;
}

/** `shop/prod` of `shop/prod/vip`. */
export function stackOf(resource: string): string {
  return resource.split("/").slice(0, 2).join("/");
}

/** A desired state, as JSON has it. */
export type Desire = Readonly<Record<string, unknown>>;

export interface OwnersOf {
  (kind: string, key: string): Owners | undefined;
  /** Those of all objects of a kind, by key. */
  readonly ofKind: (kind: string) => ReadonlyMap<string, Owners>;
}

export const owners: Fact<OwnersOf> = {
  command: readFile(OWNERS_FILE),
  parse: (output) => parseOwners(parseFile(output)),
};

/** Throws a UserError for a damaged line: an object that others need could be taken away. */
export function parseOwners(text: string | undefined): OwnersOf {
  const all = new Map(
    linesOf(text).flatMap((line, index) => {
      if (line.trim() === "") return [];
      const { start, kind, key, ...of } = readLine(line, index + 1);
      return [[start, { kind, key, of }] as const];
    }),
  );
  const ofKind = (kind: string) =>
    new Map([...all.values()].flatMap((one) => (one.kind === kind ? [[one.key, one.of] as const] : [])));
  return Object.assign((kind: string, key: string) => all.get(startOf(kind, key))?.of, { ofKind });
}

/** Adds an owner. Where there are others, the line says what each wants: `desires` of those that have said nothing yet, and of this one. */
export function addOwner(
  kind: string,
  key: string,
  name: string,
  desires: Readonly<Record<string, Desire>> = {},
): FileStep {
  return editing(kind, key, `${name} needs ${kind} ${key}`, (now) => {
    const own = ownValue(desires, name);
    const all = { ...desires, ...now?.desires, ...(own && { [name]: own }) };
    return owned([...new Set([...(now?.names ?? []), name])].sort(), all);
  });
}

/** Takes one of several owners off. If the others go in the same moment, the last to be taken off takes the object away. */
export function releaseOwner(kind: string, key: string, name: string): FileStep {
  return editing(kind, key, `${name} does not need ${kind} ${key} any more`, (now) => {
    if (now?.names.includes(name) !== true) return now;
    const names = now.names.filter((one) => one !== name);
    return names.length === 0 ? { names, last: name, desires: {} } : owned(names, now.desires);
  });
}

/** Drops the line of an object that its last owner has taken away. One that has got another owner in this moment keeps it. */
export function dropOwners(kind: string, key: string, name: string): FileStep {
  return editing(kind, key, `nobody needs ${kind} ${key} any more`, (now) => {
    const names = now?.names.filter((one) => one !== name) ?? [];
    return names.length === 0 ? undefined : owned(names, now?.desires ?? {});
  });
}

/** One that is alone has it in its state. */
function owned(names: readonly string[], desires: Owners["desires"]): Owners {
  const those = names.flatMap((name) => {
    const desire = ownValue(desires, name);
    return desire === undefined ? [] : [[name, desire] as const];
  });
  return { names, desires: names.length > 1 ? Object.fromEntries(those) : {} };
}

/**
 * Other lines stay as they are, and are not parsed: there may be thousands. A new one has its place by its text, so that the file does not
 * tell which of several that were made at once came first. The last line takes the file with it.
 */
function editing(
  kind: string,
  key: string,
  summary: string,
  next: (now: Owners | undefined) => Owners | undefined,
): FileStep {
  const start = startOf(kind, key);
  return {
    file: OWNERS_FILE,
    record: true,
    summary,
    edit: (text) => {
      const lines = linesOf(text);
      const index = lines.findIndex((line) => line.startsWith(start));
      const now = index === -1 ? undefined : readLine(lines[index] ?? "", index + 1);
      const after = next(now);
      const kept = lines.filter((_, each) => each !== index);
      if (after !== undefined) kept.splice(index === -1 ? positionOf(start, kept) : index, 0, lineOf(start, after));
      return kept.length === 0 ? undefined : kept.map((line) => `${line}\n`).join("");
    },
  };
}

function positionOf(start: string, lines: readonly string[]): number {
  const next = lines.findIndex((line) => line > start);
  return next === -1 ? lines.length : next;
}

function linesOf(text: string | undefined): string[] {
  return (text ?? "").split("\n").filter((line, index, all) => line !== "" || index < all.length - 1);
}

/** `["VipAlias","eth0 192.0.2.10",`, by which the line of an object is found. */
function startOf(kind: string, key: string): string {
  return `${JSON.stringify([kind, key]).slice(0, -1)},`;
}

function lineOf(start: string, { names, last, desires }: Owners): string {
  const more = last ?? (Object.keys(desires).length === 0 ? undefined : desires);
  return `${start}${JSON.stringify(names)}${more === undefined ? "" : `,${JSON.stringify(more)}`}]`;
}

const DESIRES = z.record(z.string(), z.record(z.string(), z.unknown()));
const LINE = z.tuple([z.string(), z.string(), z.array(z.string()), z.union([z.string(), DESIRES]).optional()]);

/** A line of the file. */
interface OwnersLine extends Owners {
  readonly start: string;
  readonly kind: string;
  readonly key: string;
}

function readLine(text: string, number: number): OwnersLine {
  const read = LINE.safeParse(jsonIn(text));
  if (read.success) {
    const [kind, key, names, more] = read.data;
    const isLast = typeof more === "string";
    const rest = { last: isLast ? more : undefined, desires: isLast ? {} : (more ?? {}) };
    return { start: startOf(kind, key), kind, key, names, ...rest };
  }
  throw new UserError(
    `${OWNERS_FILE}, line ${number}: "${text.slice(0, 200)}" is not of the form ["KIND","KEY",["PROJECT/STACK/RESOURCE"]]. ` +
      "Correct the line, or delete it: the object is then taken away with the first of its owners that goes",
  );
}
