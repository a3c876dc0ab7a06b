/** Array.isArray does not narrow a readonly list. */
export function isList<T>(value: T | readonly T[] | object): value is readonly T[] {
  return Array.isArray(value);
}

/** Drops undefined values, which would override the value of another level. */
export function compact<T extends object>(args: { [K in keyof T]: T[K] | undefined }): Partial<T> {
  return Object.fromEntries(Object.entries(args).filter(([, value]) => value !== undefined)) as Partial<T>;
}
