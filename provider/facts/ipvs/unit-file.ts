import { numbered } from "../files/lines";
import { readUnitFiles } from "../files/unit-file";

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
  return readUnitFiles(files.map(({ path, lines }) => [path, numbered(lines)] as const))
    .settings.map(({ section, key, value, path }): UnitLine => ({ name: `${section}.${key}`, value, file: path }))
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
