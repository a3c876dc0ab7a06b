import type { Fact } from "../../facts/fact";
import { type RuleTarget, ruleTarget, targetKey } from "../../facts/ipvs/rule-target";
import { parseFile, readFile } from "../../file-step";
import { emptyBlock, findBlock, formatBlock, type MarkedFile, type Marks, withoutBlock } from "../files/block";

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

/** A line, with the object that it defines. */
export interface RuleLine {
  /** With its line end, except in our block. */
  readonly text: string;
  /** Undefined for a comment, and for anything else that is no rule. */
  readonly target: RuleTarget | undefined;
}

/** A rules file, parsed. `text`: undefined where there is no file. */
export interface RulesFile {
  readonly text: string | undefined;
  /** The rules in our block. */
  readonly block: readonly RuleLine[];
  readonly outside: readonly RuleLine[];
}

/** Parsed once for all resources of a host: a file may have as many lines as there are resources. */
export function rulesFile(path: string): Fact<RulesFile> {
  return { command: readFile(path), parse: parseOutput };
}

function parseOutput(output: string): RulesFile {
  return readRulesFile(parseFile(output));
}

export function readRulesFile(text: string | undefined): RulesFile {
  const { above, block, below } = parseRules(text) ?? withTargets(emptyBlock(text));
  return { text, block, outside: [...above, ...below] };
}

/** The lines that define objects of this owner. */
export function linesOf(owner: RuleOwner, lines: readonly RuleLine[]): readonly RuleLine[] {
  return lines.filter((line) => isOwned(owner, line));
}

/** The file with these rules in our block. They replace every other line for the same objects, inside and outside of the block. */
export function persistRules(text: string | undefined, owner: RuleOwner, rules: readonly string[]): string | undefined {
  const found = parseRules(text);
  const file = found ?? withTargets(emptyBlock(text));
  const others = (lines: readonly RuleLine[]) => lines.filter((line) => !isOwned(owner, line));
  const block = [...others(file.block), ...rules.map(withTarget)];
  return formatRules({ ...file, ...place(others(file.above), others(file.below), found !== undefined, block) });
}

/** The file without these rules in our block. Lines outside of it stay. */
export function unpersistRules(text: string | undefined, owner: RuleOwner): string | undefined {
  const file = parseRules(text);
  if (file === undefined) return text;
  return formatRules({ ...file, block: file.block.filter((line) => !isOwned(owner, line)) });
}

interface ParsedRules extends Pick<MarkedFile, "original"> {
  readonly above: readonly RuleLine[];
  readonly block: readonly RuleLine[];
  readonly below: readonly RuleLine[];
}

function parseRules(text: string | undefined): ParsedRules | undefined {
  const found = findBlock(text, MARKS);
  if (found === undefined) return undefined;
  const file = withTargets(found);
  const inside = file.block.filter((line) => line.text.trim() !== "");
  return {
    ...file,
    // A comment inside the block was written by somebody else: it is kept, above the block.
    above: [...file.above, ...inside.filter(({ target }) => target === undefined)],
    block: inside.filter(({ target }) => target !== undefined).map((line) => ({ ...line, text: line.text.trim() })),
  };
}

function withTargets({ above, block, below, original }: MarkedFile): ParsedRules {
  return { above: above.map(withTarget), block: block.map(withTarget), below: below.map(withTarget), original };
}

function withTarget(text: string): RuleLine {
  return { text, target: ruleTarget(text) };
}

function formatRules({ above, block, below, original }: ParsedRules): string | undefined {
  const file = {
    above: above.map(({ text }) => text),
    block: sortRules(block).map((text) => `${text}\n`),
    below: below.map(({ text }) => text),
    original,
  };
  return block.length === 0 ? withoutBlock(file) : formatBlock(file, MARKS);
}

/** The position of the block: where it is, else at the end, but above the first line of others that needs a service in it. */
function place(
  above: readonly RuleLine[],
  below: readonly RuleLine[],
  exists: boolean,
  block: readonly RuleLine[],
): Pick<ParsedRules, "above" | "block" | "below"> {
  const services = new Set(block.flatMap(({ target }) => (target?.server === undefined ? [target?.service] : [])));
  const lines = [...above, ...below];
  const dependent = lines.findIndex(({ target }) => target?.server !== undefined && services.has(target.service));
  const usual = exists ? above.length : lines.length;
  const position = dependent < 0 ? usual : Math.min(dependent, usual);
  return { above: lines.slice(0, position), block, below: lines.slice(position) };
}

/** Services before their servers: the key of a service is the beginning of its servers' keys. Each line once. */
function sortRules(lines: readonly RuleLine[]): readonly string[] {
  const keys = new Map(lines.map(({ text, target }) => [text, target === undefined ? "" : targetKey(target)]));
  return [...keys].sort(([, a], [, b]) => (a === b ? 0 : a < b ? -1 : 1)).map(([text]) => text);
}

function isOwned(owner: RuleOwner, { target }: RuleLine): boolean {
  return target !== undefined && owns(owner, target);
}
