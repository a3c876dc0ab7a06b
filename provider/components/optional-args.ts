/** Array.isArray does not know a readonly list. */
export function isList<T>(said: T | readonly T[] | object): said is readonly T[] {
  return Array.isArray(said);
}

/** Without what was not said: an explicit undefined would hide what another level says. */
export function compact<T extends object>(said: { [K in keyof T]: T[K] | undefined }): Partial<T> {
  return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined)) as Partial<T>;
}
