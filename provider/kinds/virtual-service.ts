import { isDeepStrictEqual } from "node:util";
import { type BootChange, isBooted, isInBlock, renderBoot, rulesFacts, sweepRules } from "../dialects/rules";
import type { Owner } from "../dialects/rules-file";
import { UserError } from "../errors";
import { ipvsAdvice, ipvsTable, refuseUnreadable } from "../facts/ipvs";
import { canonicalAddress, isAddress, parseAddressAndPort } from "../model/address";
import { parseServiceKey, serviceKey } from "../model/ipvs-service-key";
import * as model from "../model/ipvs-virtual-service";
import type { Step } from "../step";
import type { Drain, Endpoint, Kind, Problem } from "./kind";
import { planServer, renderServer, type Seen, type ServerChange } from "./real-server";
import { serviceWords } from "./real-server-rule";
import { rulesOf, serversOf, settingsWords } from "./virtual-service-rule";

type Want = model.WantedVirtualService;
type Have = model.VirtualService;

type ServiceChange =
  | { readonly op: "add service" | "edit service"; readonly service: model.Service }
  | { readonly op: "delete service"; readonly service: Have }
  /** From now on its servers are somebody else's: nothing is told to the host. */
  | { readonly op: "release servers" };

type Change = ServiceChange | ServerChange | BootChange;

export const virtualService: Kind<Want, Have, Seen, Change> = {
  name: "VirtualService",
  schema: model.virtualService,
  identity: ["protocol", "address", "fwmark", "family"],
  observed: [
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
    "realServers",
  ],
  key: serviceKey,
  rule: (want) => rulesOf(want).join("\n"),
  facts: () => ({ ipvs: ipvsTable, ...rulesFacts }),
  find,
  plan,
  render,
  sweep: (seen, gone) => sweepRules(seen, ownerOf(gone, gone)),
  drain,
  guard,
  includes: (want) =>
    [...serversOf(want).values()].map((server) => ["RealServer", `${server.service} -> ${server.address}`]),
  advice: ipvsAdvice,
};

function find(seen: Seen, want: Want, known?: Have): Have | undefined {
  const key = serviceKey(want);
  refuseUnreadable(
    seen.ipvs,
    (other) => other === key || (want.realServers !== undefined && other.startsWith(`${key} -> `)),
  );
  const service = seen.ipvs.services.get(key);
  if (service === undefined) return undefined;
  const realServers = findServers(seen, want, known);
  const have = { ...service, ...(realServers === undefined ? {} : { realServers }) };
  const owner = ownerOf(want, known);
  // A file that agrees with the kernel is right, too: then it is the rules that are not as wanted, and not the file.
  const booted = want.boot
    ? [want, have].some((at) => isBooted(seen, owner, rulesOf(at), want.rules))
    : isInBlock(seen, owner);
  return { ...have, boot: booted };
}

/** All servers of the service; where others may add theirs, only those that we know of. */
function findServers({ ipvs }: Seen, want: Want, known: Have | undefined): model.Servers | undefined {
  if (want.realServers === undefined) return undefined;
  const ours = new Set([...Object.keys(want.realServers), ...Object.keys(known?.realServers ?? {})]);
  const there = [...(ipvs.servers.get(serviceKey(want)) ?? [])];
  return Object.fromEntries(there.filter(([address]) => want.exclusive !== false || ours.has(address)));
}

function plan(want: Want | undefined, have: Have | undefined): readonly Change[] {
  if (want === undefined)
    return have === undefined
      ? []
      : [
          { op: "delete service", service: have },
          { op: "unboot", owner: ownerOf({ ...have, exclusive: false }, have) },
        ];
  const live = [...planService(want, have), ...planServers(want, have)];
  const owner = ownerOf(want, have);
  if (!want.boot) return have?.boot === true ? [...live, { op: "unboot", owner }] : live;
  if (live.length === 0 && have?.boot === true) return [];
  const { rules } = want;
  return [...live, { op: "boot", owner, rules: rulesOf(want), ...(rules === undefined ? {} : { dialect: rules }) }];
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
  if (going.length === 0 || settings.drain === undefined || settings.drain.timeout === 0) return undefined;
  const idle = Object.fromEntries(going.map(([address, server]) => [address, { ...server, weight: 0 }]));
  const staying: Want = want ?? { ...settings, ...have };
  const key = serviceKey(have);
  return {
    interim: { ...staying, realServers: { ...staying.realServers, ...idle } },
    left: ({ ipvs }) => going.reduce((sum, [address]) => sum + (ipvs.active.get(`${key} -> ${address}`) ?? 0), 0),
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
  if (parseAddressAndPort(service.address).address !== plainAddress(reachedAt.address)) return undefined;
  return {
    property: "address",
    reason: `"${service.address}" would swallow SSH to this host, which is reached at ${reachedAt.address} port ${reachedAt.port}: sessions that are open would go on, and new ones would be sent to the real servers. Use another address or port for the service`,
  };
}

/** A name stays a name: what the host itself says later is an address. */
function plainAddress(text: string): string {
  const address = text.replace(/^::ffff:(?=\d+\.)/i, "");
  return isAddress(address) ? canonicalAddress(address) : address;
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

/** With all servers of an exclusive service; with those that we know of otherwise; with none where they are others' business. */
function ownerOf(want: Have & { readonly exclusive?: boolean }, known: Have | undefined): Owner {
  const service = serviceKey(want);
  if (want.realServers === undefined) return { service, itself: true, servers: [] };
  if (want.exclusive !== false) return { service, itself: true, servers: "all" };
  return {
    service,
    itself: true,
    servers: [...Object.keys(want.realServers), ...Object.keys(known?.realServers ?? {})],
  };
}
