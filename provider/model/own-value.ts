/**
 * The value that a record itself has by this name. Plain `record[name]` finds what all objects inherit, too: a host named "constructor"
 * would be there.
 */
export function ownValue<T>(record: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  // eslint-disable-next-line house/own-properties -- it is its own.
  return record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined;
}

/** Whether a value has properties by name. */
export function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The properties with names that are kept, and with a value. */
export function pick(record: object, keep: (name: string) => boolean): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(record).filter(([name, value]) => value !== undefined && value !== null && keep(name)),
  );
}
