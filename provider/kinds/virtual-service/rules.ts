import type { Server } from "../../model/ipvs/real-server";
import { serviceKey } from "../../model/ipvs/service-key";
import type { Service, VirtualService } from "../../model/ipvs/virtual-service";
import { serverRule, serviceSelector } from "../real-server/rules";

type ServiceWithServers = Pick<VirtualService, keyof Service | "realServers">;

/** The rules that add a service with its inline servers: `-A -t 192.0.2.10:80 -s wrr`, then `-a ...` for each server. */
export function serviceRules(service: ServiceWithServers): string[] {
  const rule = serviceArgs("-A", service).join(" ");
  return [rule, ...[...inlineServers(service).values()].map(serverRule)];
}

/** Always all settings: "ipvsadm -E" resets omitted ones to their defaults. */
export function serviceArgs(operation: "-A" | "-E", service: Service): readonly string[] {
  const { scheduler, schedulerFlags, persistenceTimeout, netmask, persistenceEngine, onePacket } = service;
  return [
    operation,
    ...serviceSelector(serviceKey(service)),
    "-s",
    scheduler,
    ...(persistenceTimeout === undefined ? [] : ["-p", String(persistenceTimeout)]),
    ...(netmask === undefined ? [] : ["-M", netmask]),
    ...(persistenceEngine === undefined ? [] : ["--pe", persistenceEngine]),
    ...(onePacket ? ["-o"] : []),
    ...(schedulerFlags.length === 0 ? [] : ["-b", schedulerFlags.join(",")]),
  ];
}

/** The inline servers as records, by address, sorted. */
export function inlineServers(have: ServiceWithServers | undefined): ReadonlyMap<string, Server> {
  if (have?.realServers === undefined) return new Map();
  const service = serviceKey(have);
  const sorted = Object.entries(have.realServers).sort(([a], [b]) => (a < b ? -1 : 1));
  return new Map(sorted.map(([address, settings]) => [address, { service, address, ...settings }]));
}
