import type { Fact } from "../../facts/fact";
import { type Names, NO_NAMES, readRules, splitNames } from "../../facts/ipvs/names";
import { type RuleTarget, targetKey } from "../../facts/ipvs/rule-target";
import { parseFile } from "../../file-step";
import { emptyBlock, findBlock, formatBlock, type MarkedFile, type Marks, withoutBlock } from "../files/block";
import { type Load, load } from "./load";
import { blockLine, outsideLine, type RuleLine } from "./rule-line";

/** The object that owns lines of a rules file: a service, some of its servers, or both. */
export interface RuleOwner {
  /** The key of the service. */
  readonly service: string;
  /** Whether the line of the service itself belongs to it. */
  readonly itself: boolean;
  /** The addresses of its servers. */
  readonly servers: readonly string[] | "all";
}

function owns({ service, itself, servers }: RuleOwner, target: RuleTarget): boolean {
  if (target.service !== service) return false;
  if (target.server === undefined) return itself;
  return servers === "all" || servers.includes(target.server);
}

/** Whole comment lines only: the loaders strip no other comments, and `ipvsadm --restore` fails on them. */
const MARKS: Marks = {
  begin: "# pulumi-lvs begin: these lines are kept by pulumi-lvs, the others are left alone",
  end: "# pulumi-lvs end",
  isBegin: (line) => line.startsWith("# pulumi-lvs begin"),
};

/** A rules file, parsed. `text`: undefined where there is no file. */
export interface RulesFile extends ParsedRules {
  readonly text: string | undefined;
  readonly names: Names;
  /** Above and below our block. */
  readonly outside: readonly RuleLine[];
  /** What its load leads to. */
  readonly load: Load;
}

/** The parts of a rules file. */
interface ParsedRules extends Pick<MarkedFile, "original"> {
  readonly above: readonly RuleLine[];
  /** The rules in our block. */
  readonly block: readonly RuleLine[];
  readonly below: readonly RuleLine[];
  /** Whether it has a block of ours. */
  readonly exists: boolean;
}

/** Parsed once for all resources of a host: a file may have as many lines as there are resources. */
export function rulesFile(path: string): Fact<RulesFile> {
  return { command: readRules(path), parse: parseOutput };
}

function parseOutput(output: string): RulesFile {
  const { names, file } = splitNames(output);
  return readRulesFile(parseFile(file), names);
}

export function readRulesFile(text: string | undefined, names: Names = NO_NAMES): RulesFile {
  return withLoad(parseRules(text, names), text, names);
}

function withLoad(parts: ParsedRules, text: string | undefined, names: Names): RulesFile {
  const { above, block, below } = parts;
  return { ...parts, text, names, outside: [...above, ...below], load: load([...above, ...block, ...below]) };
}

/** The lines that define objects of this owner. */
export function linesOf(owner: RuleOwner, lines: readonly RuleLine[]): readonly RuleLine[] {
  return lines.filter((line) => isOwned(owner, line));
}

/** The file with these rules in our block. They replace every other line for the same objects, inside and outside of the block. */
export function persistRules(
  text: string | undefined,
  owner: RuleOwner,
  rules: readonly string[],
  names: Names = NO_NAMES,
): string | undefined {
  return formatRules(withRules(parseRules(text, names), owner, rules, names));
}

/** The same, to be looked at before it is written. Line numbers are those of the present file. */
export function rulesFileWith(file: RulesFile, owner: RuleOwner, rules: readonly string[]): RulesFile {
  return withLoad(withRules(file, owner, rules, file.names), undefined, file.names);
}

function withRules(file: ParsedRules, owner: RuleOwner, rules: readonly string[], names: Names): ParsedRules {
  const others = (lines: readonly RuleLine[]) => lines.filter((line) => !isOwned(owner, line));
  const block = sortRules([...others(file.block), ...rules.map((rule) => blockLine(rule, 0, names))]);
  return { ...file, ...place(others(file.above), others(file.below), file.exists, block) };
}

/** The file without these rules in our block. Lines outside of it stay. */
export function unpersistRules(
  text: string | undefined,
  owner: RuleOwner,
  names: Names = NO_NAMES,
): string | undefined {
  const file = parseRules(text, names);
  if (!file.exists) return text;
  return formatRules({ ...file, block: file.block.filter((line) => !isOwned(owner, line)) });
}

function parseRules(text: string | undefined, names: Names): ParsedRules {
  const found = findBlock(text, MARKS);
  const { above, block, below, original } = found ?? emptyBlock(text);
  // The marks are a line each.
  const first = above.length + 2;
  const inside = block.map((line, index) => blockLine(line, first + index, names));
  return {
    above: [
      ...above.map((line, index) => outsideLine(line, index + 1, names)),
      // A comment or an empty line inside the block was written by somebody else: it is kept, above the block.
      ...inside.filter(({ target }) => target === undefined),
    ],
    block: inside.filter(({ target }) => target !== undefined).map((line) => ({ ...line, text: line.text.trim() })),
    below: below.map((line, index) => outsideLine(line, first + block.length + 1 + index, names)),
    original,
    exists: found !== undefined,
  };
}

function formatRules({ above, block, below, original }: ParsedRules): string | undefined {
  const file = {
    above: above.map(({ text }) => text),
    block: sortRules(block).map(({ text }) => `${text}\n`),
    below: below.map(({ text }) => text),
    original,
  };
  return block.length === 0 ? withoutBlock(file) : formatBlock(file, MARKS);
}

/**
 * The position of the block: where it is, else at the end, but above the first line of others that needs a service in it, and below
 * those that add a service for servers in it, or empty the table.
 */
function place(
  above: readonly RuleLine[],
  below: readonly RuleLine[],
  exists: boolean,
  block: readonly RuleLine[],
): Pick<ParsedRules, "above" | "block" | "below"> {
  const services = new Set(block.flatMap(({ target }) => (target?.server === undefined ? [target?.service] : [])));
  const lines = [...above, ...below];
  const needed = new Set(block.flatMap(({ target }) => (target?.server === undefined ? [] : [target.service])));
  const isAbove = ({ reading }: RuleLine) =>
    reading?.does === "clear" ||
    (reading?.does === "add" &&
      reading.target.server === undefined &&
      needed.has(reading.target.service) &&
      !services.has(reading.target.service));
  const first = lines.findLastIndex(isAbove) + 1;
  const dependent = lines.findIndex(
    ({ target }, index) => index >= first && target?.server !== undefined && services.has(target.service),
  );
  const usual = Math.max(exists ? above.length : lines.length, first);
  const position = dependent < 0 ? usual : Math.min(dependent, usual);
  return { above: lines.slice(0, position), block, below: lines.slice(position) };
}

/** Services before their servers: the key of a service is the beginning of its servers' keys. Each line once. */
function sortRules(lines: readonly RuleLine[]): readonly RuleLine[] {
  const keyed = [...new Map(lines.map((line) => [line.text, line])).values()].map(
    (line) => [line, line.target === undefined ? "" : targetKey(line.target)] as const,
  );
  return keyed.sort(([, a], [, b]) => (a === b ? 0 : a < b ? -1 : 1)).map(([line]) => line);
}

function isOwned(owner: RuleOwner, { target }: RuleLine): boolean {
  return target !== undefined && owns(owner, target);
}
