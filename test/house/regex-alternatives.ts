/**
 * What a regular expression is made of, one alternative each: `^a/(b|c)/` is `^a/(?:b)/` and `^a/(?:c)/`.
 * Lookarounds and what repeats stay as they are.
 */
export function alternativesOf(pattern: string): readonly string[] {
  const branches = split(pattern);
  if (branches.length > 1) return branches.flatMap(alternativesOf);
  const group = firstChoice(pattern);
  if (group === undefined) return [pattern];
  const [head, tail] = [pattern.slice(0, group.start), pattern.slice(group.end)];
  return split(group.inside).flatMap((branch) => alternativesOf(`${head}(?:${branch})${tail}`));
}

/** The branches of the outermost `|`. */
function split(pattern: string): string[] {
  const branches = [""];
  let depth = 0;
  for (const token of tokensOf(pattern)) {
    if (token.startsWith("(")) depth += 1;
    if (token === ")") depth -= 1;
    if (token === "|" && depth === 0) branches.push("");
    else branches.push(`${branches.pop() ?? ""}${token}`);
  }
  return branches;
}

/** The first group that is a choice. */
function firstChoice(pattern: string): { start: number; end: number; inside: string } | undefined {
  const open: { start: number; inside: number; choice: boolean }[] = [];
  const choices: { start: number; end: number; inside: string }[] = [];
  let at = 0;
  for (const token of tokensOf(pattern)) {
    if (token.startsWith("(")) open.push({ start: at, inside: at + token.length, choice: /^\((?:\?:)?$/.test(token) });
    at += token.length;
    const group = token === ")" ? open.pop() : undefined;
    if (group?.choice !== true || /^[*+?{]/.test(pattern.slice(at))) continue;
    const inside = pattern.slice(group.inside, at - 1);
    if (split(inside).length > 1) choices.push({ start: group.start, end: at, inside });
  }
  return choices.sort((one, other) => one.start - other.start)[0];
}

/** Escapes and character classes are one token each: a bracket or a bar in them is no syntax. */
const tokensOf = (pattern: string): string[] =>
  pattern.match(/\\.|\[(?:\\.|[^\]\\])*\]|\(\?(?:[:=!]|<[=!])|[\s\S]/g) ?? [];
