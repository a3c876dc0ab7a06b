/** One assignment of a unit file or of a drop-in. */
export interface UnitLine {
  /** `Service.ExecStart`. */
  readonly name: string;
  readonly value: string;
  readonly file: string;
}

/** A file of units, with its text. */
export interface UnitText {
  readonly path: string;
  readonly lines: readonly string[];
}

/** The assignments that count in a unit with its drop-ins: an empty one takes back the earlier ones of its name. */
export function unitLines(files: readonly UnitText[]): readonly UnitLine[] {
  // From the end: what a later empty one takes back does not count, and no line is looked at twice.
  const resets = new Set<string>();
  return files
    .flatMap(parseUnit)
    .reverse()
    .filter(({ name, value }) => {
      const sort = sortOf(name);
      if (value === "") resets.add(sort);
      return value !== "" && !resets.has(sort);
    })
    .reverse();
}

/** An empty condition takes back the conditions of all sorts. */
function sortOf(name: string): string {
  return /^Unit\.(?:Condition|Assert)/.exec(name)?.[0] ?? name;
}

/** Comments are whole lines; a backslash at the end of a line joins it with the next that is no comment. */
function parseUnit({ path, lines }: UnitText): readonly UnitLine[] {
  const found: UnitLine[] = [];
  let section = "";
  let open: string[] = [];
  for (const text of lines) {
    const line = text.trim();
    if (line.startsWith("#") || line.startsWith(";")) continue;
    if (line.endsWith("\\")) {
      open.push(line.slice(0, -1));
      continue;
    }
    const whole = [...open, line].join(" ");
    open = [];
    if (whole === "") continue;
    const [, heading] = /^\[([^\]]*)\]$/.exec(whole) ?? [];
    const at = whole.indexOf("=");
    if (heading !== undefined) section = heading;
    else if (at > 0)
      found.push({
        name: `${section}.${whole.slice(0, at).trimEnd()}`,
        value: whole.slice(at + 1).trimStart(),
        file: path,
      });
  }
  return found;
}
