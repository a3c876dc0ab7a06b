import { cleanupRules, renderBoot, rulesFacts } from "../../dialects/ipvs/boot-rules";
import { rulesKeeper } from "../../dialects/ipvs/used-loaders";
import { UserError } from "../../errors";
import { originalState } from "../../facts/files/original-state";
import { OWNERS_FILE, owners } from "../../facts/files/owners";
import { ipvsAdvice, ipvsTable } from "../../facts/ipvs/table";
import { parseServiceKey, serviceKey } from "../../model/ipvs/service-key";
import {
  type VirtualService as Have,
  virtualService as schema,
  type WantedVirtualService as Want,
} from "../../model/ipvs/virtual-service";
import { isSpellingOf, parseAddressAndPort } from "../../model/network/address";
import type { Step } from "../../step";
import { defineKind } from "../define-kind";
import type { Drain, Endpoint, Problem } from "../kind";
import { canEnd, renderServer } from "../real-server/kind";
import { serverKey, serviceSelector } from "../real-server/rules";
import { previewChecks } from "./checks/preview";
import { cleanupChecks, renderCheck } from "./checks/render";
import { checksFacts, ownFile } from "./checks/seen";
import { observe, type ServiceSeen } from "./observe";
import { plan, type VirtualServiceChange } from "./plan";
import { OBSERVED } from "./properties";
import { release } from "./release";
import { inlineServers, serviceArgs, serviceRules } from "./rules";
import { ownersOfServer, removedRealServers, servers } from "./servers";

export const virtualService = defineKind<Want, Have, ServiceSeen, VirtualServiceChange>({
  name: "VirtualService",
  schema,
  identity: ["protocol", "address", "fwmark", "family"],
  observedProperties: OBSERVED,
  renamed: { rules: "rulesLoader" },
  key: serviceKey,
  commands: (want) => [...serviceRules(want), ...previewChecks(want)],
  facts: (want) => ({ ipvs: ipvsTable, ...rulesFacts, record: originalState, owners, ...checksFacts(want) }),
  observe,
  plan,
  render,
  // Lines of servers are useless without their service, also those of servers that are in no state.
  cleanup: (seen, gone) => [
    ...cleanupRules(seen, { service: serviceKey(gone), itself: true, servers: "all" }),
    ...cleanupChecks(seen, gone),
  ],
  drain,
  parts: servers,
  partialBy: "exclusive",
  wholeMaps: ["healthCheck"],
  release,
  takes: removedRealServers,
  keeper: rulesKeeper((want) => ({ service: serviceKey(want), itself: true, servers: [] })),
  lockoutProblem,
  owns: (want) => [...inlineServers(want).values()].map((server) => ["RealServer", serverKey(server)]),
  isDirectors: true,
  advice: ipvsAdvice,
});

function render(change: VirtualServiceChange, seen: ServiceSeen): readonly Step[] {
  switch (change.op) {
    case "add service":
      return [{ rule: serviceArgs("-A", change.service) }];
    case "edit service":
      return [{ rule: serviceArgs("-E", change.service) }];
    case "delete service":
      refuseForeignServers(change.service, seen);
      return [{ rule: ["-D", ...serviceSelector(serviceKey(change.service))] }];
    case "release servers":
      return [];
    case "add server":
    case "edit server":
    case "delete server":
      return renderServer(change);
    case "boot":
    case "unboot":
    case "restoreLoader":
      return renderBoot(change, seen);
    default:
      return renderCheck(change, seen);
  }
}

/** The kernel deletes a service with all its servers, also with those that it does not manage. */
function refuseForeignServers(service: Have, seen: ServiceSeen): void {
  const key = serviceKey(service);
  const present = [...(seen.ipvs.servers.get(key)?.keys() ?? [])];
  const needed = present.flatMap((address) => {
    const names = ownersOfServer(seen, key, address);
    return names.length === 0 ? [] : [`${address} (${names.join(", ")})`];
  });
  if (needed.length > 0)
    throw new UserError(
      `${key} still has real servers that RealServer resources need, as ${OWNERS_FILE} of this host says: ${needed.join(", ")}. The kernel ` +
        "would delete them with the service. Destroy those first",
    );
  const sorry = [service.healthCheck?.sorry, ownFile(seen, service)?.fragment?.sorry];
  const foreign = present.filter((address) => !hasServer(service, address) && !sorry.includes(address));
  if (foreign.length === 0) return;
  throw new UserError(
    `${key} still has real servers that this resource does not manage: ${foreign.join(", ")}. The kernel would delete them with the service. ` +
      'Delete them first; Pulumi does that for RealServer resources whose service is the VirtualService\'s "key".',
  );
}

function drain(want: Want | undefined, have: Have, settings: Want): Drain<Want, ServiceSeen> | undefined {
  if (want !== undefined && want.realServers === undefined) return undefined;
  const leaving = Object.entries(have.realServers ?? {}).filter(([address]) => !hasServer(want, address));
  if (leaving.length === 0 || !have.live || settings.drain === undefined || settings.drain.timeout === 0)
    return undefined;
  const drained = Object.fromEntries(leaving.map(([address, server]) => [address, { ...server, weight: 0 }]));
  const target: Want = want ?? { ...settings, ...have };
  const service = serviceKey(have);
  return {
    interim: { ...target, realServers: { ...target.realServers, ...drained } },
    remaining: ({ ipvs }) =>
      leaving.reduce((sum, [address]) => sum + (ipvs.active.get(serverKey({ service, address })) ?? 0), 0),
    ...canEnd(service),
    ...settings.drain,
  };
}

function hasServer(service: Pick<Have, "realServers"> | undefined, address: string): boolean {
  return Object.hasOwn(service?.realServers ?? {}, address);
}

/** Open SSH sessions survive such a service, but new ones do not reach the host, so that a connected run notices it too late. */
function lockoutProblem(want: Want, reachedAt: Endpoint): Problem | undefined {
  const service = parseServiceKey(serviceKey(want));
  if (service.protocol !== "tcp" || (service.port !== reachedAt.port && service.port !== 0)) return undefined;
  if (!isSpellingOf(reachedAt.address, parseAddressAndPort(service.address).address)) return undefined;
  return {
    property: "address",
    reason: `"${service.address}" would take over SSH to this host, which is reached at ${reachedAt.address} port ${reachedAt.port}: the director would send new sessions to the real servers. Use another address or port for the service`,
  };
}
