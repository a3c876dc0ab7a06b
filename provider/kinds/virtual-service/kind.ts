import { isDeepStrictEqual } from "node:util";
import { type BootChange, cleanupRules, renderBoot, rulesFacts } from "../../dialects/ipvs/boot-rules";
import { UserError } from "../../errors";
import { ipvsAdvice, ipvsTable } from "../../facts/ipvs/table";
import { parseServiceKey, serviceKey } from "../../model/ipvs/service-key";
import * as model from "../../model/ipvs/virtual-service";
import { isSpellingOf, parseAddressAndPort } from "../../model/network/address";
import type { Step } from "../../step";
import { defineKind } from "../define-kind";
import type { Drain, Endpoint, Problem } from "../kind";
import { canEnd, planServer, renderServer, type Seen, type ServerChange } from "../real-server/kind";
import { serviceWords } from "../real-server/words";
import { find, ownerOf } from "./find";
import { rulesOf, serversOf, settingsWords } from "./words";

type Want = model.WantedVirtualService;
type Have = model.VirtualService;

type ServiceChange =
  | { readonly op: "add service" | "edit service"; readonly service: model.Service }
  | { readonly op: "delete service"; readonly service: Have }
  /** From now on its servers are somebody else's: nothing is told to the host. */
  | { readonly op: "release servers" };

type Change = ServiceChange | ServerChange | BootChange;

export const virtualService = defineKind<Want, Have, Seen, Change>({
  name: "VirtualService",
  schema: model.virtualService,
  identity: ["protocol", "address", "fwmark", "family"],
  observedProperties: [
    "protocol",
    "address",
    "fwmark",
    "family",
    "scheduler",
    "schedulerFlags",
    "persistenceTimeout",
    "netmask",
    "persistenceEngine",
    "onePacket",
    "boot",
    "live",
    "realServers",
  ],
  renamed: { rules: "rulesLoader" },
  key: serviceKey,
  commands: rulesOf,
  facts: () => ({ ipvs: ipvsTable, ...rulesFacts }),
  observe: find,
  plan,
  render,
  // Without its service no line of a server means anything, nor does one that no state remembers.
  cleanup: (seen, gone) => cleanupRules(seen, { service: serviceKey(gone), itself: true, servers: "all" }),
  drain,
  lockoutProblem: guard,
  owns: (want) =>
    [...serversOf(want).values()].map((server) => ["RealServer", `${server.service} -> ${server.address}`]),
  advice: ipvsAdvice,
});

function plan(want: Want | undefined, have: Have | undefined): readonly Change[] {
  if (want === undefined)
    return have === undefined
      ? []
      : [
          ...(!have.live ? [] : [{ op: "delete service", service: have } as const]),
          { op: "unboot", owner: ownerOf({ ...have, exclusive: false }, have) },
        ];
  const there = have?.live === false ? undefined : have;
  const live = [...planService(want, there), ...planServers(want, there)];
  const owner = ownerOf(want, have);
  if (!want.boot) return have?.boot === true ? [...live, { op: "unboot", owner }] : live;
  if (live.length === 0 && have?.boot === true) return [];
  const { rulesLoader } = want;
  return [
    ...live,
    { op: "boot", owner, rules: rulesOf(want), ...(rulesLoader === undefined ? {} : { dialect: rulesLoader }) },
  ];
}

function planService(want: Want, have: Have | undefined): readonly ServiceChange[] {
  if (have === undefined) return [{ op: "add service", service: want }];
  return isDeepStrictEqual(settingsOf(want), settingsOf(have)) ? [] : [{ op: "edit service", service: want }];
}

function planServers(want: Want, have: Have | undefined): readonly (ServerChange | ServiceChange)[] {
  if (want.realServers === undefined) return have?.realServers === undefined ? [] : [{ op: "release servers" }];
  const wanted = serversOf(want);
  const there = serversOf(have);
  return [
    ...[...wanted].flatMap(([address, server]) => planServer(server, there.get(address))),
    ...[...there].filter(([address]) => !wanted.has(address)).flatMap(([, server]) => planServer(undefined, server)),
  ];
}

function render(change: Change, seen: Seen): readonly Step[] {
  switch (change.op) {
    case "add service":
      return [{ rule: settingsWords("-A", change.service) }];
    case "edit service":
      return [{ rule: settingsWords("-E", change.service) }];
    case "delete service":
      refuseStrangers(change.service, seen);
      return [{ rule: ["-D", ...serviceWords(serviceKey(change.service))] }];
    case "release servers":
      return [];
    case "add server":
    case "edit server":
    case "delete server":
      return renderServer(change);
    default:
      return renderBoot(change, seen);
  }
}

/** The kernel deletes a service with all its servers. Those of others must not go with it. */
function refuseStrangers(service: Have, { ipvs }: Seen): void {
  const key = serviceKey(service);
  const strangers = [...(ipvs.servers.get(key)?.keys() ?? [])].filter((address) => !hasServer(service, address));
  if (strangers.length === 0) return;
  throw new UserError(
    `${key} still has real servers that are not part of it: ${strangers.join(", ")}. Deleting the service would take them away. ` +
      'Delete them first; RealServer resources go ahead of it by themselves when their service is the VirtualService\'s "key".',
  );
}

function drain(want: Want | undefined, have: Have, settings: Want): Drain<Want, Seen> | undefined {
  if (want !== undefined && want.realServers === undefined) return undefined;
  const going = Object.entries(have.realServers ?? {}).filter(([address]) => !hasServer(want, address));
  if (going.length === 0 || !have.live || settings.drain === undefined || settings.drain.timeout === 0)
    return undefined;
  const idle = Object.fromEntries(going.map(([address, server]) => [address, { ...server, weight: 0 }]));
  const staying: Want = want ?? { ...settings, ...have };
  const key = serviceKey(have);
  return {
    interim: { ...staying, realServers: { ...staying.realServers, ...idle } },
    remaining: ({ ipvs }) => going.reduce((sum, [address]) => sum + (ipvs.active.get(`${key} -> ${address}`) ?? 0), 0),
    ...canEnd(key),
    ...settings.drain,
  };
}

function hasServer(service: Pick<Have, "realServers"> | undefined, address: string): boolean {
  return Object.hasOwn(service?.realServers ?? {}, address);
}

/** A running SSH session survives such a service, and no new one gets through: it is noticed too late. */
function guard(want: Want, reachedAt: Endpoint): Problem | undefined {
  const service = parseServiceKey(serviceKey(want));
  if (service.protocol !== "tcp" || (service.port !== reachedAt.port && service.port !== 0)) return undefined;
  if (!isSpellingOf(reachedAt.address, parseAddressAndPort(service.address).address)) return undefined;
  return {
    property: "address",
    reason: `"${service.address}" would swallow SSH to this host, which is reached at ${reachedAt.address} port ${reachedAt.port}: sessions that are open would go on, and new ones would be sent to the real servers. Use another address or port for the service`,
  };
}

function settingsOf({
  scheduler,
  schedulerFlags,
  persistenceTimeout,
  netmask,
  persistenceEngine,
  onePacket,
}: model.Service) {
  return { scheduler, schedulerFlags, persistenceTimeout, netmask, persistenceEngine, onePacket };
}
