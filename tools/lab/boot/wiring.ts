import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { keeperAddress, type Network, type Nic } from "../hosts.ts";
import type { PlannedHost } from "../plan.ts";

const networks: readonly Network[] = ["mgmt", "front", "back"];

/** One bridge for each network and one veth pair for each card, in the network namespace that this runs in. */
export function wire(hosts: readonly PlannedHost[]): void {
  // This end takes no part in the guests' IPv6.
  for (const scope of ["default", "all"]) writeFileSync(`/proc/sys/net/ipv6/conf/${scope}/disable_ipv6`, "1");
  const commands = [
    "link set lo up",
    ...networks.flatMap((network) => [`link add ${network} type bridge`, `link set ${network} up`]),
    `addr add ${keeperAddress}/24 dev mgmt`,
    ...hosts.flatMap((host) => host.plan.nics.flatMap((nic) => pair(host.name, nic))),
  ];
  batch(commands);
}

/** The far end of a cable: its host sees no carrier go, and hears nothing any more. */
export function switchLink({ name, plan }: PlannedHost, card: string, to: "up" | "down"): void {
  const nic = plan.nics.find((one) => one.name === card);
  if (nic === undefined) throw new Error(`${name} has no card ${card}`);
  batch([`link set ${bridgeEnd(name, nic)} ${to}`]);
}

function batch(commands: readonly string[]): void {
  const ip = spawnSync("ip", ["-batch", "-"], { input: `${commands.join("\n")}\n`, encoding: "utf8" });
  if (ip.status !== 0) throw new Error(`The lab's networks: ip -batch failed: ${ip.stderr}${ip.error ?? ""}`);
}

/** The guest's end of the pair. An interface name has at most 15 characters. */
export const cardEnd = (host: string, nic: Nic): string => `${host}-${nic.name[0]}${nic.name.at(-1)}u`;

const bridgeEnd = (host: string, nic: Nic): string => cardEnd(host, nic).slice(0, -1);

function pair(host: string, nic: Nic): string[] {
  const guest = cardEnd(host, nic);
  const bridge = bridgeEnd(host, nic);
  return [
    `link add ${bridge} type veth peer name ${guest}`,
    `link set ${bridge} master ${nic.network} up`,
    // The guest reads raw frames off its end. Promiscuous: the kernel must not drop those to a cluster's address.
    `link set ${guest} address ${nic.mac} promisc on up`,
  ];
}
