import { isDeepStrictEqual } from "node:util";
import type { BootChange } from "../../../dialects/ipvs/boot-rules";
import type { Server } from "../../../model/ipvs/real-server";
import type { VirtualService } from "../../../model/ipvs/virtual-service";
import type { ServerChange } from "../../real-server/kind";
import { ownerOf } from "../owner";
import type { CheckedWant } from "./seen";

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
  /** The same changes of a server as without checks, while keepalived may have put it out. */
  | {
      readonly op: "edit checked server" | "delete checked server";
      readonly server: Server;
      readonly service: CheckedWant;
    };

/** Rules first, so that the kernel is right at once, and then keepalived's file: it takes what is there. Its file is the loader, and the only one. */
export function planChecked<Change>(
  want: CheckedWant,
  have: VirtualService | undefined,
  rules: readonly (ServerChange | Change)[],
): readonly (ServerChange | Change | CheckChange | BootChange)[] {
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

function checked<Change>(change: ServerChange | Change, service: CheckedWant): ServerChange | Change | CheckChange {
  if (!isServerChange(change)) return change;
  const { op, server } = change;
  if (op === "edit server") return { op: "edit checked server", server, service };
  return op === "delete server" ? { op: "delete checked server", server, service } : change;
}

function isServerChange(change: unknown): change is ServerChange {
  return typeof change === "object" && change !== null && "server" in change;
}
