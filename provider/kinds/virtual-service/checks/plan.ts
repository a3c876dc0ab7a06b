import { isDeepStrictEqual } from "node:util";
import type { BootChange } from "../../../dialects/ipvs/boot-rules";
import type { Server } from "../../../model/ipvs/real-server";
import type { Service, VirtualService } from "../../../model/ipvs/virtual-service";
import type { ServerChange } from "../../real-server/kind";
import { serverArgs } from "../../real-server/rules";
import { ownerOf } from "../owner";
import { serviceArgs } from "../rules";
import type { CheckedWant } from "./seen";

export type ServiceChange =
  | { readonly op: "add service" | "edit service"; readonly service: Service }
  | { readonly op: "delete service"; readonly service: VirtualService }
  /** The service stops managing its servers: a change of the state only, without a step. */
  | { readonly op: "release servers" };

/** What keepalived is to be told about a service, beside the rules. */
export type CheckChange =
  /** It has servers looked at anew of which the kernel has what it did not set. */
  | { readonly op: "recheck"; readonly service: CheckedWant }
  | { readonly op: "check"; readonly service: CheckedWant }
  /** The service stays, as these rules say. */
  | { readonly op: "uncheck"; readonly service: VirtualService }
  | { readonly op: "drop checks" | "restore keepalived"; readonly service: VirtualService }
  /** Before all others: a run that was cut may have left rules that are added again and again. */
  | { readonly op: "stop keeping"; readonly service: VirtualService }
  /** The same rule as without checks. */
  | { readonly op: "checked rule"; readonly rule: readonly string[]; readonly service: CheckedWant }
  /** The same changes of a server as without checks, while keepalived may have put it out. */
  | {
      readonly op: "edit checked server" | "delete checked server";
      readonly server: Server;
      readonly service: CheckedWant;
    };

/** Rules first, so that the kernel is right at once, and then keepalived's file: it takes what is there. Its file is the loader, and the only one. */
export function planChecked(
  want: CheckedWant,
  have: VirtualService | undefined,
  rules: readonly (ServerChange | ServiceChange)[],
): readonly (ServiceChange | CheckChange | BootChange)[] {
  if (rules.length === 0 && have?.boot === true && hasChecksOf(want, have)) return [];
  return [
    { op: "recheck", service: want },
    ...rules.map((change) => checked(change, want)),
    { op: "check", service: want },
    { op: "unboot", owner: ownerOf(want, Object.keys(have?.realServers ?? {})) },
  ];
}

function hasChecksOf(want: CheckedWant, have: VirtualService): boolean {
  const own = ({ realServers = {} }: VirtualService) =>
    Object.entries(realServers).flatMap(([address, { healthCheck }]) => (healthCheck ? [[address, healthCheck]] : []));
  return isDeepStrictEqual(want.healthCheck, have.healthCheck) && isDeepStrictEqual(own(want), own(have));
}

function checked(change: ServerChange | ServiceChange, service: CheckedWant): ServiceChange | CheckChange {
  const rule = ruleOf(change);
  if (rule !== undefined) return { op: "checked rule", rule, service };
  if (!("server" in change)) return change;
  const { op, server } = change;
  return { op: op === "edit server" ? "edit checked server" : "delete checked server", server, service };
}

function ruleOf(change: ServerChange | ServiceChange): readonly string[] | undefined {
  if (change.op === "add server") return serverArgs("-a", change.server);
  if (change.op === "add service") return serviceArgs("-A", change.service);
  return change.op === "edit service" ? serviceArgs("-E", change.service) : undefined;
}
