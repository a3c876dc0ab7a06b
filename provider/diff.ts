import { isDeepStrictEqual } from "node:util";
import type { Host } from "./inventory";
import type { AnyKind } from "./kinds/kind";
import { digest, haveOf, type Properties, recordOf } from "./record";
import { hasUnknown } from "./unknowns";

/** What Pulumi's `diff` answers. `changes` undefined lets the engine compare the inputs itself, and show each property. */
export interface Difference {
  readonly changes: boolean | undefined;
  readonly replaces?: string[];
  readonly deleteBeforeReplace?: boolean;
}

/** Old outputs against new inputs, by the same `plan` that will do the work. Touches no host. */
export function diff(kind: AnyKind, olds: Properties, news: Properties): Difference {
  const have = haveOf(kind, olds);
  const want = recordOf(news);
  const replaces = replacedBy(kind, olds, news);
  if (replaces.length > 0) {
    const collides = !hasUnknown(want) && kind.collides?.(have, want) === true;
    return { changes: true, replaces, deleteBeforeReplace: collides };
  }
  if (hasUnknown(news)) return { changes: true };
  if (digest(want) !== olds.__wanted || !isDeepStrictEqual(olds.host, news.host)) return { changes: undefined };
  return { changes: kind.plan(want, have).length > 0 };
}

function replacedBy(kind: AnyKind, olds: Properties, news: Properties): string[] {
  const changed = kind.identity.filter((name) => !hasUnknown(news[name]) && !isDeepStrictEqual(olds[name], news[name]));
  if (nameOf(olds.host) !== nameOf(news.host)) return ["host", ...changed];
  const want = recordOf(news);
  // An input may say more than who it is: `192.168.4.5/24` is the object that was `192.168.4.5/32`.
  return !hasUnknown(want) && kind.key(want) === olds.key ? [] : changed;
}

/** A host is known by its name. A connection without one is only a way to get there: another key or address is no other host. */
function nameOf(host: Host): string | undefined {
  return typeof host === "string" ? host : host.name;
}
