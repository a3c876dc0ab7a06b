import type * as pulumi from "@pulumi/pulumi";
import { ownValue } from "../model/own-value";
import type { VrrpInstance, VrrpInstanceArgs } from "../resources/vrrp-instance";
import type { Nodes } from "./nodes";

/** The highest priority that is not that of the address's owner, whom the protocol treats differently. */
const HIGHEST_PRIORITY = 254;

/**
 * An instance for each host, the first one's last, after all others: addresses that it has up already move away from it once, when their next
 * keeper is ready. It has the highest priority. Destroyed in the other order.
 */
export function inVrrpOrder<H extends { readonly name: string }>(
  hosts: readonly H[],
  make: (host: H, priority: number, others: readonly VrrpInstance[]) => VrrpInstance,
): Nodes<VrrpInstance> {
  const made: [string, VrrpInstance][] = [];
  for (const host of hosts.toReversed()) {
    const others = made.map(([, instance]) => instance);
    made.push([host.name, make(host, HIGHEST_PRIORITY - hosts.indexOf(host), others)]);
  }
  return Object.fromEntries(made.reverse());
}

/** How a host speaks to the others alone: each has an address of its own, by name. Undefined: by multicast. */
export function unicastOf(
  name: string,
  addresses: Readonly<Record<string, pulumi.Input<string>>> | undefined,
): Pick<VrrpInstanceArgs, "peers" | "source"> {
  const source = ownValue(addresses ?? {}, name);
  if (addresses === undefined || source === undefined) return {};
  const peers = Object.entries(addresses).flatMap(([other, address]) => (other === name ? [] : [address]));
  return { peers, source };
}
