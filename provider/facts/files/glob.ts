/**
 * Whether a path matches a shell pattern: `*`, `?` and `[a-z]`, `[!a-z]`. As in a shell, none of them matches a slash, or a dot at the
 * start of a name. Undefined: it may, by a class such as `[[:alpha:]]`.
 */
export function matchesPath(pattern: string, path: string): boolean | undefined {
  const isHidden = (name: string, part: string) => name.startsWith(".") && /^[*?[]/.test(part);
  return matchesParts(pattern, path, (part, name) => !isHidden(name, part) && matchesName(part, name));
}

/** The same for what has no hidden names, such as the settings below /proc/sys. */
export function matchesAnyName(pattern: string, path: string): boolean | undefined {
  return matchesParts(pattern, path, matchesName);
}

/** The beginning of a class of characters, `[:alpha:]`, `[=a=]` or `[.a.]`: what is in it depends on the locale. */
export const CLASS = /\[[:=]|\[\[\./;

function matchesParts(pattern: string, path: string, matches: (part: string, name: string) => boolean) {
  if (CLASS.test(pattern)) return undefined;
  const [parts, names] = [pattern.split("/"), path.split("/")];
  return parts.length === names.length && parts.every((part, index) => matches(part, names[index] ?? ""));
}

/** Goes back to the last star only, so a pattern with many takes no longer than its length tells. */
function matchesName(pattern: string, name: string): boolean {
  const tokens = tokensOf(pattern);
  let [at, char] = [0, 0];
  let star: { readonly at: number; char: number } | undefined;
  while (char < name.length) {
    const token = tokens[at];
    if (at < tokens.length && token === undefined) {
      star = { at, char };
      at += 1;
    } else if (token?.(name.charAt(char)) === true) {
      at += 1;
      char += 1;
    } else if (star !== undefined) {
      star.char += 1;
      at = star.at + 1;
      char = star.char;
    } else return false;
  }
  return tokens.slice(at).every((token) => token === undefined);
}

/** One character of a pattern. A star is undefined. */
type Token = ((char: string) => boolean) | undefined;

/** A bracket that is not closed stands for itself. It is not looked for: a pattern of a million would take hours. */
function tokensOf(pattern: string): Token[] {
  const closed = pattern.lastIndexOf("]") + 1;
  const sets = pattern.slice(0, closed).matchAll(/\[([!^]?)(\]?[^\]]*)\]|[^]/g);
  const rest = pattern.slice(closed).matchAll(/[^]/g);
  return [...sets, ...rest].map(([all, not, set]): Token => {
    if (set !== undefined) return (char) => isInSet(set, char) !== (not !== "");
    if (all === "*") return undefined;
    return all === "?" ? () => true : (char) => char === all;
  });
}

/** `0-9a`: ranges and characters. */
function isInSet(set: string, char: string): boolean {
  return [...set.matchAll(/([^])-([^])|[^]/g)].some(([all, from, to]) =>
    from === undefined || to === undefined ? all === char : from <= char && char <= to,
  );
}
