import { isDeepStrictEqual } from "node:util";
import { compact } from "../fields";
import { familyOf, formatAddressAndPort, parseAddressAndPort, refuseUnusable } from "../network/address";
import type { Refusals } from "../refusals";
import { type Check, checkFor, type HealthCheck, PROBES, probesOf } from "./health-check";
import type { ServerSettings } from "./real-server";
import { SCHEDULERS } from "./scheduler";
import type { ServiceIdentity } from "./service-key";

interface Input {
  readonly healthCheck?: HealthCheck | undefined;
  readonly realServers?:
    | Readonly<Record<string, ServerSettings & { readonly healthCheck?: Partial<Check> }>>
    | undefined;
  readonly exclusive?: boolean | undefined;
  readonly scheduler: string;
  readonly persistenceTimeout?: number | undefined;
  readonly persistenceEngine?: string | undefined;
  readonly boot: boolean;
  readonly rulesLoader?: string | undefined;
}

interface Checked {
  readonly healthCheck?: HealthCheck;
  readonly realServers?: Readonly<Record<string, ServerSettings & { readonly healthCheck?: Check }>>;
}

/** The checks of a service in canonical form, and of its servers where theirs differ. What keepalived cannot do is refused. */
export function readChecks(input: Input, service: ServiceIdentity, refusals: Refusals): Checked {
  const { healthCheck, realServers } = input;
  if (healthCheck === undefined) {
    for (const [address, server] of Object.entries(realServers ?? {}))
      if (server.healthCheck !== undefined)
        refusals.add(
          ["realServers", address, "healthCheck"],
          "needs a healthCheck of the service, from which it differs",
        );
    return compact({ realServers: realServers as Checked["realServers"] });
  }
  refuseService(input, refusals);
  refuseProbe(healthCheck, refusals, ["healthCheck"], true);
  const sorry = refusals.attempt(["healthCheck", "sorry"], () =>
    canonicalSorry(healthCheck.sorry, service, realServers),
  );
  const canonical = compact({ ...healthCheck, sorry });
  if (realServers === undefined) return { healthCheck: canonical };
  const servers = Object.entries(realServers).map(([address, { healthCheck: override, ...server }]) => {
    const path = override === undefined ? ["healthCheck"] : ["realServers", address, "healthCheck"];
    if (override !== undefined) refuseProbe(override, refusals, path, false);
    const check = checkFor(canonical, override);
    refuseCheck(check, parseAddressAndPort(address).port ?? 0, refusals, path);
    const differs = override !== undefined && !isDeepStrictEqual(check, checkFor(canonical, undefined));
    return [address, { ...server, ...(differs && { healthCheck: check }) }] as const;
  });
  return { healthCheck: canonical, realServers: Object.fromEntries(servers) };
}

/** What does not go with checks of any kind. */
function refuseService(input: Input, refusals: Refusals): void {
  const { realServers, scheduler, persistenceTimeout } = input;
  const weights = Object.values(realServers ?? {}).map(({ weight }) => weight);
  if (realServers === undefined)
    refusals.add(["healthCheck"], "needs realServers: of RealServer resources the service does not know what to check");
  else if (weights.length === 0) refusals.add(["healthCheck"], "needs a server in realServers");
  else if (weights.every((weight) => weight === 0))
    refusals.add(["healthCheck"], "needs a server with a weight above 0 in realServers");
  if (input.exclusive === false)
    refusals.add(["exclusive"], "false does not go with healthCheck: keepalived has all servers of a service, or none");
  if (scheduler === "none" || !SCHEDULERS.some((name) => name === scheduler))
    refusals.add(
      ["scheduler"],
      `"${scheduler}" does not go with healthCheck: keepalived does not know it, and would take wlc`,
    );
  if (input.persistenceEngine !== undefined && persistenceTimeout === undefined)
    refusals.add(
      ["persistenceEngine"],
      "needs a persistenceTimeout together with healthCheck: keepalived drops it otherwise",
    );
  if (!input.boot)
    refusals.add(
      ["boot"],
      "false does not go with healthCheck: keepalived adds the service when it starts, also at boot",
    );
  if (input.rulesLoader !== undefined)
    refusals.add(
      ["rulesLoader"],
      "does not go with healthCheck: keepalived loads the rules of a service that it checks",
    );
}

function refuseProbe(check: Partial<Check>, refusals: Refusals, path: readonly string[], isNeeded: boolean): void {
  const probes = probesOf(check);
  if (probes.length > 1) refusals.add(path, `has ${probes.join(" and ")}: a server is checked in one way`);
  if (probes.length === 0 && isNeeded)
    refusals.add(path, `needs one of ${PROBES.join(", ")}, as in { http: { path: "/health" } }`);
}

/** Of one server. Those without a difference of their own have one message for all. */
function refuseCheck(check: Check, serverPort: number, refusals: Refusals, path: readonly string[]): void {
  const [probe] = probesOf(check);
  const refuse = (field: string, message: string) => {
    const isKnown = refusals.issues.some((one) => isDeepStrictEqual(one.path, [...path, field]));
    if (!isKnown) refusals.add([...path, field], message);
  };
  if (probe === "ping" && check.port !== undefined) refuse("port", "does not go with ping, which has none");
  if (probe !== "ping" && probe !== "command" && check.port === undefined && serverPort === 0)
    refuse("port", "is required: the servers of this service have no port of their own");
  if (probe === "command" && !Number.isInteger(check.timeout))
    refuse("timeout", "must be whole seconds with a command");
}

function canonicalSorry(
  text: string | undefined,
  service: ServiceIdentity,
  servers: Input["realServers"],
): string | undefined {
  if (text === undefined) return undefined;
  const { address, port = service.port } = parseAddressAndPort(text);
  refuseUnusable(address);
  if (familyOf(address) !== service.family) throw new Error(`"${text}" is not of the address family of the service`);
  const canonical = formatAddressAndPort(address, port);
  if (Object.hasOwn(servers ?? {}, canonical)) throw new Error(`"${canonical}" is one of realServers already`);
  return canonical;
}
