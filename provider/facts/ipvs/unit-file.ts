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
  return files.flatMap(parseUnit).reduce<readonly UnitLine[]>((before, line) => {
    if (line.value !== "") return [...before, line];
    const reset = resetBy(line.name);
    return before.filter(({ name }) => !reset(name));
  }, []);
}

/** An empty condition takes back the conditions of all sorts. */
function resetBy(name: string): (other: string) => boolean {
  const sort = /^Unit\.(Condition|Assert)/.exec(name)?.[0];
  return sort === undefined ? (other) => other === name : (other) => other.startsWith(sort);
}

/** Comments are whole lines; a backslash at the end of a line joins it with the next that is no comment. */
function parseUnit({ path, lines }: UnitText): readonly UnitLine[] {
  const found: UnitLine[] = [];
  let section = "";
  let open: string | undefined;
  for (const text of lines) {
    const line = text.trim();
    if (line.startsWith("#") || line.startsWith(";")) continue;
    const whole = open === undefined ? line : `${open} ${line}`;
    open = whole.endsWith("\\") ? whole.slice(0, -1) : undefined;
    if (open !== undefined || whole === "") continue;
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
