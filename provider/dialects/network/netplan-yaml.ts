/** An interface as netplan knows it: its name there, and the kind that it is listed under. */
export interface Definition {
  readonly section: string;
  readonly name: string;
}

/** `network: {ethernets: {eth0: ...}}` in block style, which is how netplan's own manual and every installer write it. */
export function definitionsIn(lines: readonly string[]): Definition[] {
  return keysOf(lines).flatMap(({ path: [top, section, name, ...more] }) =>
    top === "network" && section !== undefined && name !== undefined && more.length === 0 && /s$/.test(section)
      ? [{ section, name }]
      : [],
  );
}

/** Who is to bring interfaces up, where nothing else is said for one of them. */
export function rendererIn(lines: readonly string[]): string | undefined {
  return keysOf(lines).find(({ path }) => path.join(" ") === "network renderer")?.value;
}

interface Key {
  readonly path: readonly string[];
  readonly value: string;
}

/** Keys with the keys that they are below, by indentation. List entries and what is in braces are nobody's keys here. */
function keysOf(lines: readonly string[]): Key[] {
  const above: { readonly depth: number; readonly name: string }[] = [];
  return lines.flatMap((line): Key[] => {
    const [, blanks = "", name = "", value = ""] =
      /^( *)(?!-[ ]|#)["']?([^"'\s{[][^"']*?)["']?:(?:\s+(.*))?$/.exec(line.trimEnd()) ?? [];
    if (name === "") return [];
    while ((above.at(-1)?.depth ?? -1) >= blanks.length) above.pop();
    above.push({ depth: blanks.length, name });
    return [
      { path: above.map((one) => one.name), value: value.replace(/\s+#.*$/, "").replace(/^(["'])(.*)\1$/, "$2") },
    ];
  });
}
