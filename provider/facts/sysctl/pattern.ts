/** Whether systemd-sysctl takes a key for a pattern of several settings. */
export function isPattern(setting: string): boolean {
  return /[*?[]/.test(setting);
}

/** Whether a pattern is for a setting, as glob(7) reads it. Undefined: it may be, with braces, a backslash or a class of characters. */
export function matchesSetting(pattern: string, setting: string): boolean | undefined {
  const wider = pattern.replaceAll(/\{[^{}/]*\}/g, "*");
  const special = wider.search(/[{}\\]|\[[:=]|\[\[\./);
  if (special !== -1) {
    const plain = wider.slice(0, special).search(/[*?[]/);
    return setting.startsWith(wider.slice(0, plain === -1 ? special : plain)) ? undefined : false;
  }
  const [patterns, names] = [wider.split("/"), setting.split("/")];
  const matches =
    patterns.length === names.length && patterns.every((one, n) => matchesName(tokens(one), names[n] ?? ""));
  return matches && wider !== pattern ? undefined : matches;
}

/** One character of a pattern. A star is undefined. */
type Token = ((char: string) => boolean) | undefined;

/** Goes back to the last star only, so a pattern with many takes no longer than its length tells. */
function matchesName(pattern: readonly Token[], name: string): boolean {
  let [at, char] = [0, 0];
  let star: { readonly at: number; char: number } | undefined;
  while (char < name.length) {
    const token = pattern[at];
    if (at < pattern.length && token === undefined) {
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
  return pattern.slice(at).every((token) => token === undefined);
}

/** A bracket that is not closed stands for itself. It is not looked for: a pattern of a million would take hours. */
function tokens(pattern: string): Token[] {
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
