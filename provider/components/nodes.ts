/** Children by what they belong to, such as a host's name. */
export type Nodes<T> = Readonly<Record<string, T>>;

/** Makes one thing for each host, by the host's name. */
export function byName<F extends { readonly name: string }, T>(
  all: readonly F[],
  make: (one: F) => T,
): Record<string, T> {
  return Object.fromEntries(all.map((one) => [one.name, make(one)]));
}
