/**
 * The paths that a shell pattern matches, as a regular expression: `*`, `?` and `[a-z]`, `[!a-z]`. As in a shell, none of them
 * matches a slash, or a dot at the start of a name.
 */
export function shellPattern(pattern: string): RegExp {
  // The kernel has no longer path.
  if (pattern.length > PATH_MAX) return /(?!)/;
  let stars = 0;
  const names = pattern.split("/").map((name) => {
    const [first = "", ...others] = segmentsOf(name);
    const last = others.pop();
    // A star takes as little as it can, and no second try is made: with every star tried at every place, `*a*a*a` takes years.
    const middle = others.map((segment) => `(?=([^/]*?${segment}))\\${++stars}`);
    return `${/^[*?[]/.test(name) ? "(?!\\.)" : ""}${first}${middle.join("")}${last === undefined ? "" : `[^/]*${last}`}`;
  });
  return new RegExp(`^${names.join("/")}$`);
}

const PATH_MAX = 4096;

/** What stands between the stars. */
function segmentsOf(name: string): string[] {
  const segments = [""];
  for (const [index, part] of name.split(/(\[[!^]?\]?[^\]/]*\]|[*?])/).entries()) {
    if (part === "*") segments.push("");
    else segments.push(`${segments.pop() ?? ""}${index % 2 === 1 ? wildcard(part) : escaped(part)}`);
  }
  return segments;
}

function escaped(part: string): string {
  return part.replace(/[\\^$.|?*+()[\]{}]/g, "\\$&");
}

function wildcard(part: string): string {
  if (part === "?") return "[^/]";
  const [, negation = "", members = ""] = /^\[([!^]?)(.*)\]$/.exec(part) ?? [];
  return `(?!/)[${negation === "" ? "" : "^"}${members.replace(/[\\[\]^]/g, "\\$&")}]`;
}
