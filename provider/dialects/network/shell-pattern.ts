/**
 * The paths that a shell pattern matches, as a regular expression: `*`, `?` and `[a-z]`, `[!a-z]`. As in a shell, none of them
 * matches a slash, or a dot at the start of a name.
 */
export function shellPattern(pattern: string): RegExp {
  const parts = pattern.split(/(\[[!^]?\]?[^\]/]*\]|[*?])/);
  const expressions = parts.map((part, index) => {
    const isWildcard = index % 2 === 1;
    const startsName = isWildcard && /(^|\/)$/.test(parts.slice(0, index).join(""));
    return `${startsName ? "(?!\\.)" : ""}${isWildcard ? wildcard(part) : part.replace(/[\\^$.|?*+()[\]{}]/g, "\\$&")}`;
  });
  return new RegExp(`^${expressions.join("")}$`);
}

function wildcard(part: string): string {
  if (part === "*") return "[^/]*";
  if (part === "?") return "[^/]";
  const [, negation = "", members = ""] = /^\[([!^]?)(.*)\]$/.exec(part) ?? [];
  return `(?!/)[${negation === "" ? "" : "^"}${members.replace(/[\\[\]^]/g, "\\$&")}]`;
}
