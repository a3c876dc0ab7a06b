import type { Server } from "../../model/ipvs/real-server";
import { serviceKey } from "../../model/ipvs/service-key";
import type { Service, VirtualService } from "../../model/ipvs/virtual-service";
import { serverRule, serviceWords } from "../real-server/words";

type Described = Pick<VirtualService, keyof Service | "realServers">;

/** `-A -t 192.0.2.10:80 -s wrr`, then `-a ...` for each inline server. */
export function rulesOf(service: Described): string[] {
  const words = settingsWords("-A", service).join(" ");
  return [words, ...[...serversOf(service).values()].map(serverRule)];
}

/** Everything every time: "ipvsadm -E" puts back the default of whatever it is not told. */
export function settingsWords(operation: "-A" | "-E", service: Service): readonly string[] {
  const { scheduler, schedulerFlags, persistenceTimeout, netmask, persistenceEngine, onePacket } = service;
  return [
    operation,
    ...serviceWords(serviceKey(service)),
    "-s",
    scheduler,
    ...(persistenceTimeout === undefined ? [] : ["-p", String(persistenceTimeout)]),
    ...(netmask === undefined ? [] : ["-M", netmask]),
    ...(persistenceEngine === undefined ? [] : ["--pe", persistenceEngine]),
    ...(onePacket ? ["-o"] : []),
    ...(schedulerFlags.length === 0 ? [] : ["-b", schedulerFlags.join(",")]),
  ];
}

/** Its inline servers as records of their own, by address, in the order in which they are told. */
export function serversOf(have: Described | undefined): ReadonlyMap<string, Server> {
  if (have?.realServers === undefined) return new Map();
  const service = serviceKey(have);
  const sorted = Object.entries(have.realServers).sort(([a], [b]) => (a < b ? -1 : 1));
  return new Map(sorted.map(([address, settings]) => [address, { service, address, ...settings }]));
}
