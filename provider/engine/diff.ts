import { isDeepStrictEqual } from "node:util";
import type { AnyKind } from "../kinds/kind";
import { type Host, parseConnection } from "./inventory";
import { currentRecordOf, haveOf, type Properties, recordOf, wantedOf } from "./state";
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
    const collides = !hasUnknown(want) && kind.conflictsWith?.(have, want) === true;
    return { changes: true, replaces, deleteBeforeReplace: collides };
  }
  if (hasUnknown(news)) return { changes: true };
  if (!isDeepStrictEqual(currentHost(olds.host), currentHost(news.host))) return { changes: undefined };
  if (wantedOf(want) === olds.__wanted) return { changes: kind.plan(currentRecordOf(kind, news), have).length > 0 };
  return { changes: isDeepStrictEqual(currentRecordOf(kind, olds), want) ? false : undefined };
}

function replacedBy(kind: AnyKind, olds: Properties, news: Properties): string[] {
  const changed = kind.identity.filter((name) => !hasUnknown(news[name]) && !isDeepStrictEqual(olds[name], news[name]));
  if (nameOf(olds.host) !== nameOf(news.host)) return ["host", ...changed];
  const want = recordOf(news);
  // An input may say more than who it is: `192.168.4.5/24` is the object that was `192.168.4.5/32`.
  return !hasUnknown(want) && kind.key(want) === olds.key ? [] : changed;
}

/** With the defaults of today, where an earlier version wrote it down. */
function currentHost(host: Host): Host {
  const read = typeof host === "string" ? undefined : parseConnection(host);
  return read?.success === true ? read.data : host;
}

/** A host is known by its name. A connection without one is only a way to get there: another key or address is no other host. */
function nameOf(host: Host): string | undefined {
  return typeof host === "string" ? host : host.name;
}
