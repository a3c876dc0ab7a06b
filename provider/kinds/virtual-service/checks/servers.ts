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

/** Where keepalived has read its file anew by then, it may have done that already, or something else as its file says. */
export function asRead(rules: readonly RuleStep[], service: CheckedWant, seen: CheckedSeen): readonly Step[] {
  if (recheckSteps(service, seen).length === 0) return rules;
  return rules.map(({ rule }) => ({ command: { sh: AS_READ, args: rule } }));
}

export const AS_READ = `case $1 in
  -d) ipvsadm "$@" 2>/dev/null; exit 0 ;;
  -A | -E) add=-A edit=-E ;;
  *) add=-a edit=-e ;;
esac
shift
ipvsadm "$add" "$@" 2>/dev/null || ipvsadm "$edit" "$@"`;

/** A server that a check has put out stays out: its other settings are written beside the weight that it has, or not at all where it is not there. */
export function renderCheckedServer({ op, server, service }: ServerChange, seen: CheckedSeen): readonly RuleStep[] {
  const { address } = server;
  const inKernel = seen.ipvs.servers.get(server.service)?.get(address);
  if (op === "delete checked server") return inKernel === undefined ? [] : [{ rule: deletionArgs(server) }];
  const wanted = ownValue(service.realServers, address);
  if (!isOut(ownFile(seen, service), wanted, address, inKernel)) return [{ rule: serverArgs("-e", server) }];
  const out = { ...server, weight: 0 };
  if (inKernel === undefined || isDeepStrictEqual(settingsOf(inKernel), settingsOf(out))) return [];
  return [{ rule: serverArgs("-e", out) }];
}

function settingsOf({ forwarding, weight, upperThreshold, lowerThreshold, tunnel }: ServerSettings) {
  return { forwarding, weight, upperThreshold, lowerThreshold, tunnel };
}
