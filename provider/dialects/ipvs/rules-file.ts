import { type RuleTarget, ruleTarget, targetKey } from "../../facts/ipvs/rule-words";

/** Whose lines a change is about: a service itself, some of its servers, or all of them. */
export interface RuleOwner {
  readonly service: string;
  readonly itself: boolean;
  readonly servers: readonly string[] | "all";
}

export function owns({ service, itself, servers }: RuleOwner, subject: RuleTarget): boolean {
  if (subject.service !== service) return false;
  if (subject.server === undefined) return itself;
  return servers === "all" || servers.includes(subject.server);
}

/**
 * A rules file in three parts: ours is a block between two comments, everything else is other people's and stays byte for byte.
 * Comments of whole lines only: the loaders strip nothing else, and `ipvsadm --restore` stops at them.
 */
interface RulesFile {
  readonly before: readonly string[];
  readonly block: readonly string[];
  readonly after: readonly string[];
  /** What has to be undone when the block goes. */
  readonly note: Note;
}

const NOTES = [" (new file)", " (no newline before)"] as const;
type Note = "" | (typeof NOTES)[number];

const BEGIN = "# pulumi-lvs begin: these lines are kept by pulumi-lvs, the others are left alone";
const END = "# pulumi-lvs end";

/** Our lines. */
export function linesInBlock(text: string | undefined): readonly string[] {
  return parseRulesFile(text).block;
}

/** Lines of others that are about the same. */
export function linesOutside(text: string | undefined, owner: RuleOwner): readonly string[] {
  const { before, after } = parseRulesFile(text);
  return [...before, ...after].filter((line) => isOwned(owner, line));
}

/** The file with these lines of ours, instead of every other line about the same, ours or not. */
export function persistRules(text: string | undefined, owner: RuleOwner, rules: readonly string[]): string | undefined {
  const { before, block, after, note } = parseRulesFile(text);
  const others = (lines: readonly string[]) => lines.filter((line) => !isOwned(owner, line));
  return formatRulesFile({
    ...place(others(before), others(after), text !== undefined && hasBlock(text), [...others(block), ...rules]),
    note: hasBlock(text ?? "") ? note : noteFor(text),
  });
}

/** The file without these lines of ours. Lines of others stay. */
export function unpersistRules(text: string | undefined, owner: RuleOwner): string | undefined {
  if (text === undefined || !hasBlock(text)) return text;
  const file = parseRulesFile(text);
  return formatRulesFile({ ...file, block: file.block.filter((line) => !isOwned(owner, line)) });
}

function parseRulesFile(text = ""): RulesFile {
  const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  const begin = lines.findIndex((line) => line.startsWith("# pulumi-lvs begin"));
  const opening = lines[begin]?.trimEnd();
  if (opening === undefined) return { before: lines, block: [], after: [], note: "" };
  const end = lines.findIndex((line, index) => index > begin && line.trimEnd() === END);
  if (end < 0)
    throw new Error(`the block that starts with "${opening}" has no line "${END}": put it back, or remove the block`);
  const note = NOTES.find((text) => opening.endsWith(text)) ?? "";
  const inside = lines.slice(begin + 1, end).filter((line) => line.trim() !== "");
  const isRule = (line: string) => ruleTarget(line.trim()) !== undefined;
  return {
    // A comment that somebody put into the block is theirs, too.
    before: [...lines.slice(0, begin), ...inside.filter((line) => !isRule(line))],
    block: inside.filter(isRule).map((line) => line.trim()),
    after: lines.slice(end + 1),
    note,
  };
}

function formatRulesFile({ before, block, after, note }: RulesFile): string | undefined {
  if (block.length === 0) {
    const rest = [...before, ...after].join("");
    if (note === " (new file)" && rest === "") return undefined;
    return note === " (no newline before)" && after.length === 0 ? rest.replace(/\n$/, "") : rest;
  }
  const open = before.at(-1)?.endsWith("\n") === false ? "\n" : "";
  return [
    ...before,
    open,
    `${BEGIN}${note}\n`,
    ...sortRules(block).map((line) => `${line}\n`),
    `${END}\n`,
    ...after,
  ].join("");
}

/** Where the block stands: at the end, but ahead of the first line of others that needs a service of ours. */
function place(before: readonly string[], after: readonly string[], placed: boolean, block: readonly string[]) {
  const ours = new Set(
    block.map(ruleTarget).flatMap((subject) => (subject?.server === undefined ? [subject?.service] : [])),
  );
  const all = [...before, ...after];
  const needed = all.findIndex((line) => {
    const subject = ruleTarget(line);
    return subject?.server !== undefined && ours.has(subject.service);
  });
  const usual = placed ? before.length : all.length;
  const at = needed < 0 ? usual : Math.min(needed, usual);
  return { before: all.slice(0, at), block, after: all.slice(at) };
}

/** A service comes ahead of its servers: its key is the beginning of theirs. */
function sortRules(lines: readonly string[]): string[] {
  const keyed = [...new Set(lines)].map((line) => {
    const subject = ruleTarget(line);
    return { line, key: subject === undefined ? "" : targetKey(subject) };
  });
  return keyed.sort((a, b) => (a.key === b.key ? 0 : a.key < b.key ? -1 : 1)).map(({ line }) => line);
}

function noteFor(text: string | undefined): Note {
  if (text === undefined) return " (new file)";
  return text === "" || text.endsWith("\n") ? "" : " (no newline before)";
}

function hasBlock(text: string): boolean {
  return /^# pulumi-lvs begin/m.test(text);
}

function isOwned(owner: RuleOwner, line: string): boolean {
  const subject = ruleTarget(line);
  return subject !== undefined && owns(owner, subject);
}
