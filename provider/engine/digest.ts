import { createHash } from "node:crypto";
import type { RuntimeKind } from "../kinds/runtime-kind";

/**
 * What earlier versions stored of the desired state, instead of the state itself: it told a change of the program from drift. A suffix says
 * that `boot` was false. A property has its oldest name in it.
 */
export function digestOf(kind: RuntimeKind, desired: object): string {
  const digest = createHash("sha256")
    .update(JSON.stringify(sorted(withOldNames(kind, desired))))
    .digest("hex")
    .slice(0, 16);
  return "boot" in desired && desired.boot === false ? `${digest}${UNTIL_REBOOT}` : digest;
}

export const UNTIL_REBOOT = " until reboot";

function withOldNames(kind: RuntimeKind, record: object): object {
  const oldest = new Map(Object.entries(kind.renamed).map(([old, name]) => [name, old]));
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [oldest.get(name) ?? name, value]));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, inner]) => [name, sorted(inner)]));
}
