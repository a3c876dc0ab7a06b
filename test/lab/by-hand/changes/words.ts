import type { Change } from "../change.ts";
import type { ResourceName } from "../declared.ts";

/** Of the resource, seen by it in these fields. */
export function ours(
  at: ResourceName,
  fields: readonly string[],
  typed: string,
  more: Pick<Change, "spot" | "files" | "shown" | "also"> = {},
): Change {
  return { at, typed, ...more, shown: { [at]: fields, ...more.shown } };
}

/** Of somebody else, beside the resource. */
export function theirs(at: ResourceName, typed: string, back: string, spot?: string): Change {
  return { at, typed, back, ...(spot !== undefined && { spot }) };
}

/** Another spelling of the same in a file. */
export function same(at: ResourceName, file: string, typed: string, writers: readonly ResourceName[] = [at]): Change {
  return { at, typed, files: [file], writers };
}

/** The same fields of several resources. */
export function all(names: readonly ResourceName[], ...fields: readonly string[]): NonNullable<Change["shown"]> {
  return Object.fromEntries(names.map((name) => [name, fields]));
}
