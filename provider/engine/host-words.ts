import { isMap } from "../model/own-value";
import { escaped, isPrintable } from "../printable";

/**
 * What was observed, as a state may have it: Pulumi shows a state on a terminal and in logs, and a name of a host's may hold what moves a cursor there.
 * What `own` has is the program's, and stays as it is.
 */
export function withoutControls<T extends object>(observed: T, own: readonly unknown[]): T {
  const known = new Set<string>();
  const texts = (value: unknown): void => {
    if (typeof value === "string") known.add(value);
    if (typeof value !== "object" || value === null) return;
    for (const [name, inner] of Object.entries(value)) {
      known.add(name);
      texts(inner);
    }
  };
  const clean = (value: unknown): unknown => {
    if (typeof value === "string") return shown(value);
    if (Array.isArray(value)) return value.map(clean);
    if (!isMap(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [shown(name), clean(inner)]));
  };
  const shown = (text: string) => (isPrintable(text) || known.has(text) ? text : escaped(text));
  for (const one of own) texts(one);
  return clean(observed) as T;
}
