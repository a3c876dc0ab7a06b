import { isDeepStrictEqual } from "node:util";
import { loadFragments } from "../../../dialects/keepalived/load";
import { fragmentPath, LOADED, RUN_FOLDER } from "../../../facts/keepalived/paths";
import { boundOf, type Check, checkFor } from "../../../model/ipvs/health-check";
import { serviceKey } from "../../../model/ipvs/service-key";
import { ownValue } from "../../../model/own-value";
import { PUT_BACK, type Step } from "../../../step";
import { serverArgs, serviceSelector } from "../../real-server/rules";
import { inlineServers, serviceRules } from "../rules";
import { ABANDON } from "./abandon";
import { checkLines, fragmentName } from "./fragment";
import { KEEP, STOP } from "./keep-rules";
import { previewChecks } from "./preview";
import type { CheckedSeen } from "./seen";
import { type CheckedWant, ownFile } from "./seen";

/**
 * After a change of the checks of a service that clients may use: where all of its servers are out by the time in which a check ends, all is put
 * back as it was. A service that is new has no clients, and its servers may come up later.
 */
export function guardSteps(want: CheckedWant, seen: CheckedSeen): readonly Step[] {
  const key = serviceKey(want);
  const settings = seen.ipvs.services.get(key);
  const bounds = newChecks(want, seen).map(boundOf);
  if (settings === undefined || bounds.length === 0) return [];
  const service = { ...settings, realServers: Object.fromEntries(seen.ipvs.servers.get(key) ?? []) };
  const meant = Object.keys(want.realServers).filter((address) => ownValue(want.realServers, address)?.weight !== 0);
  const file = ownFile(seen, want);
  const serving = [...inlineServers(service).values()].filter(
    ({ address, weight }) => weight > 0 && address !== file?.fragment?.sorry,
  );
  if (serving.length === 0) return [];
  const bound = Math.ceil(Math.max(...bounds)) + 1;
  const text = file?.text;
  const load = loadFragments("reload").command;
  const args = [
    String(bound),
    serviceSelector(key).join(" "),
    meant.map((address) => ` ${address} `).join(""),
    fragmentPath(fragmentName(want)),
    text === undefined ? "none" : `text ${text}`,
    textOf(serviceRules(service)),
    textOf(serving.map((server) => serverArgs("-e", server).join(" "))),
    ...("sh" in load ? [load.sh] : []),
    KEEP,
    previewChecks({ ...want, realServers: {} })[0] ?? "",
    STOP,
    ABANDON,
  ];
  const doing = `waiting ${bound} s to see whether a server of ${key} passes its check`;
  return [{ command: { sh: GUARD, args, patience: bound + 10, doing } }];
}

/** Those that keepalived did not have yet. */
function newChecks(want: CheckedWant, seen: CheckedSeen): readonly Check[] {
  const { realServers, healthCheck } = want;
  const fragment = ownFile(seen, want)?.fragment;
  return Object.entries(realServers).flatMap(([address, server]) => {
    const check = checkFor(healthCheck, server.healthCheck);
    const known = fragment?.servers.get(address)?.check;
    const isKnown = known !== undefined && isDeepStrictEqual(checkLines(known, address), checkLines(check, address));
    return isKnown ? [] : [check];
  });
}

function textOf(rules: readonly string[]): string {
  return rules.map((rule) => `${rule}\n`).join("");
}

// Those that are meant to serve are looked for by their addresses: a sorry server has a weight, too. Several services of a batch wait at once, from
// the time when keepalived had read its files. Weights first: with them clients are served again. A sorry server that serves stays where
// servers come back by a reload, and goes where the file is without it for a moment.
// shellcheck disable=SC2086: the selector is words, and so are the addresses.
export const GUARD = `bound=$1 selector=$2 meant=$3 path=$4 before=$5 rules=$6 weights=$7 load=$8 keep=$9 check=\${10} stop=\${11} abandon=\${12}
one_that_serves() {
  ipvsadm -Ln $selector 2>/dev/null | while read -r _ address _ weight _; do
    case $meant in *" $address "*) [ "$weight" = 0 ] || { echo "$address"; break; } ;; esac
  done
}
write() {
  printf %s "$1" >"\${path%/*}/.pulumi-lvs.before" && mv -f -- "\${path%/*}/.pulumi-lvs.before" "$path"
}
from=$(stat -c %Y ${LOADED} 2>/dev/null || date +%s)
round=0
while [ -n "$(one_that_serves)" ]; do
  round=$((round + 1))
  if [ $round -gt $((bound * 10)) ] || [ $(($(date +%s) - from)) -gt "$bound" ]; then exit 0; fi
  sleep 0.2 2>/dev/null || sleep 1
done
words=$(journalctl --quiet --unit keepalived.service --lines 12 --output cat --no-pager 2>/dev/null)
printf %s "$weights" | ipvsadm -R 2>/dev/null
umask 022
if [ "$before" = none ]; then
  sh -c "$keep" sh ${RUN_FOLDER}/putting-back "$rules"
  rm -f -- "$path"
  sh -c "$abandon" sh
else
  before=\${before#text }
  case $before in
    *sorry_server*)
      write "$(printf '%s\\n' "$before" | grep -v sorry_server)"
      sh -c "$load" sh reload >/dev/null 2>&1
      ;;
  esac
  write "$before"
fi
sh -c "$load" sh reload >/dev/null 2>&1
printf %s "$rules$weights" | ipvsadm -R 2>/dev/null
sh -c "$stop" sh ${RUN_FOLDER}/putting-back
all=$(printf '%s, ' $meant)
printf '%s: this takes every server out (%s), so all is put back as it was. keepalived says:\\n%s\\n' "$check" "\${all%, }" "$words" >&2
exit ${PUT_BACK}`;
