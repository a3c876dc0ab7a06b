import type { Connection } from "../../model/connection";
import { cliWords } from "../cli-words";
import { refreshesAlways } from "./hosts-file";

/** Stands among advice where a connection may be that of an earlier run. `ifOld` puts words in its place that fit the run. */
export const IF_OLD = "(if the connection is old)";

/**
 * What to do where the connection of an earlier run was used. Of `lvs:hosts`, Pulumi gives a refresh and a destroy what they were at the
 * last up, and a connection in the program is the one that the state has. A file of hosts is read now, and so is all for an `up` that does not refresh.
 */
export function ifOld(
  { origin = "lvs:hosts" }: Pick<Connection, "origin">,
  words = cliWords(),
  isAlwaysRefreshed = refreshesAlways,
): readonly string[] {
  if (origin === "file" || (words?.isUp === true && !words.isRefreshing && !isAlwaysRefreshed())) return [];
  if (origin === "program") return [IN_THE_PROGRAM];
  if (words === undefined || !words.isProgramRun) return [IN_LVS_HOSTS];
  return words.isDestroy && words.isRefreshing ? [IN_REFRESH_OF_DESTROY] : [];
}

const CHANGED = 'has changed since the last "pulumi up":';

const IN_LVS_HOSTS = `If lvs:hosts ${CHANGED} "pulumi refresh", "pulumi destroy" and --refresh use the old one. Add --run-program.`;
const IN_REFRESH_OF_DESTROY =
  `If lvs:hosts ${CHANGED} the refresh of "pulumi destroy --refresh" uses the old one, with --run-program too. ` +
  "Leave out --refresh.";
const IN_THE_PROGRAM = `If the connection in the program ${CHANGED} a refresh and a destroy use the old one. Run "pulumi up" without --refresh first.`;
