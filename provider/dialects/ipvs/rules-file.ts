import { type RuleTarget, ruleTarget, targetKey } from "../../facts/ipvs/rule-target";
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

export function owns({ service, itself, servers }: RuleOwner, target: RuleTarget): boolean {
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

/** The rules in our block. */
export function linesInBlock(text: string | undefined): readonly string[] {
  return parseRulesFile(text)?.block ?? [];
}

/** Lines outside of our block for the same objects. */
export function linesOutside(text: string | undefined, owner: RuleOwner): readonly string[] {
  const { above, below } = parseRulesFile(text) ?? emptyBlock(text);
  return [...above, ...below].filter((line) => isOwned(owner, line));
}

/** The file with these rules in our block. They replace every other line for the same objects, inside and outside of the block. */
export function persistRules(text: string | undefined, owner: RuleOwner, rules: readonly string[]): string | undefined {
  const found = parseRulesFile(text);
  const file = found ?? emptyBlock(text);
  const others = (lines: readonly string[]) => lines.filter((line) => !isOwned(owner, line));
  const block = [...others(file.block), ...rules];
  return formatRulesFile({ ...file, ...place(others(file.above), others(file.below), found !== undefined, block) });
}

/** The file without these rules in our block. Lines outside of it stay. */
export function unpersistRules(text: string | undefined, owner: RuleOwner): string | undefined {
  const file = parseRulesFile(text);
  if (file === undefined) return text;
  return formatRulesFile({ ...file, block: file.block.filter((line) => !isOwned(owner, line)) });
}

function parseRulesFile(text: string | undefined): MarkedFile | undefined {
  const file = findBlock(text, MARKS);
  if (file === undefined) return undefined;
  const lines = file.block.filter((line) => line.trim() !== "");
  const isRule = (line: string) => ruleTarget(line.trim()) !== undefined;
  // A comment inside the block was written by somebody else: it is kept, above the block.
  return {
    ...file,
    above: [...file.above, ...lines.filter((line) => !isRule(line))],
    block: lines.filter(isRule).map((line) => line.trim()),
  };
}

function formatRulesFile(file: MarkedFile): string | undefined {
  if (file.block.length === 0) return withoutBlock(file);
  return formatBlock({ ...file, block: sortRules(file.block).map((line) => `${line}\n`) }, MARKS);
}

/** The position of the block: where it is, else at the end, but above the first line of others that needs a service in it. */
function place(above: readonly string[], below: readonly string[], exists: boolean, block: readonly string[]) {
  const services = new Set(
    block.map(ruleTarget).flatMap((target) => (target?.server === undefined ? [target?.service] : [])),
  );
  const lines = [...above, ...below];
  const dependent = lines.findIndex((line) => {
    const target = ruleTarget(line);
    return target?.server !== undefined && services.has(target.service);
  });
  const usual = exists ? above.length : lines.length;
  const position = dependent < 0 ? usual : Math.min(dependent, usual);
  return { above: lines.slice(0, position), block, below: lines.slice(position) };
}

/** Services before their servers: the key of a service is the beginning of its servers' keys. */
function sortRules(lines: readonly string[]): string[] {
  const keyed = [...new Set(lines)].map((line) => {
    const target = ruleTarget(line);
    return { line, key: target === undefined ? "" : targetKey(target) };
  });
  return keyed.sort((a, b) => (a.key === b.key ? 0 : a.key < b.key ? -1 : 1)).map(({ line }) => line);
}

function isOwned(owner: RuleOwner, line: string): boolean {
  const target = ruleTarget(line);
  return target !== undefined && owns(owner, target);
}
