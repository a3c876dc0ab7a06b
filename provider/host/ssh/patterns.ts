/** Whether a text matches a pattern of OpenSSH: `*` is any text, `?` any character. In a time that grows with both lengths only. */
export function matchesPattern(text: string, pattern: string): boolean {
  let [at, mark] = [0, 0];
  let star = -1;
  let index = 0;
  while (index < text.length) {
    const char = pattern[at];
    if (char === "*") {
      star = at;
      mark = index;
      at += 1;
    } else if (char === "?" || char === text[index]) {
      at += 1;
      index += 1;
    } else if (star !== -1) {
      at = star + 1;
      mark += 1;
      index = mark;
    } else return false;
  }
  return /^\**$/.test(pattern.slice(at));
}

/** Whether one of the patterns matches, and none of those that begin with `!`. */
export function matchesPatterns(text: string, patterns: readonly string[]): boolean {
  const isNegated = (pattern: string) => pattern.startsWith("!");
  if (patterns.some((pattern) => isNegated(pattern) && matchesPattern(text, pattern.slice(1)))) return false;
  return patterns.some((pattern) => !isNegated(pattern) && matchesPattern(text, pattern));
}
