import { isDeepStrictEqual } from "node:util";
import type { ServerSettings } from "../../../model/ipvs/real-server";
import { ownValue } from "../../../model/own-value";
import type { RuleStep, Step } from "../../../step";
import { deletionArgs, serverArgs } from "../../real-server/rules";
import { isOut } from "./declared";
import type { CheckChange } from "./plan";
import { recheckSteps } from "./recheck";
import { type CheckedSeen, type CheckedWant, ownFile } from "./seen";

type ServerChange = Extract<CheckChange, { readonly server: unknown }>;

/** A rule that is missing, where keepalived has read its file anew by then, and may have added the rule as that says. */
export function addChecked(rule: readonly string[], mayBeThere: boolean): readonly Step[] {
  return [mayBeThere ? { command: { sh: PUT, args: rule } } : { rule }];
}

export const PUT = `ipvsadm "$@" 2>/dev/null && exit
case $1 in -A) edit=-E ;; *) edit=-e ;; esac
shift
ipvsadm "$edit" "$@"`;

/** A server that a check has put out stays out: its other settings are written beside the weight that it has, or not at all where it is not there. */
export function renderCheckedServer({ op, server, service }: ServerChange, seen: CheckedSeen): readonly RuleStep[] {
  const { address } = server;
  const inKernel = seen.ipvs.servers.get(server.service)?.get(address);
  if (op === "delete checked server")
    return inKernel === undefined || isForgotten(address, service, seen) ? [] : [{ rule: deletionArgs(server) }];
  const wanted = ownValue(service.realServers, address);
  if (!isOut(ownFile(seen, service), wanted, address, inKernel)) return [{ rule: serverArgs("-e", server) }];
  const out = { ...server, weight: 0 };
  if (inKernel === undefined || isDeepStrictEqual(settingsOf(inKernel), settingsOf(out))) return [];
  return [{ rule: serverArgs("-e", out) }];
}

/** A sorry server that keepalived itself takes away, when its file is without it for a moment. */
function isForgotten(address: string, service: CheckedWant, seen: CheckedSeen): boolean {
  return ownFile(seen, service)?.fragment?.sorry === address && recheckSteps(service, seen).length > 0;
}

function settingsOf({ forwarding, weight, upperThreshold, lowerThreshold, tunnel }: ServerSettings) {
  return { forwarding, weight, upperThreshold, lowerThreshold, tunnel };
}
