import * as pulumi from "@pulumi/pulumi";
import { ownValue } from "../../model/own-value";
import type { Host } from "../../resources/args/connection";
import { isOfType } from "../../resources/host-resource";
import { Package } from "../../resources/package";
import { VrrpInstance } from "../../resources/vrrp-instance";
import { checkArgs } from "../check-args";
import { fail } from "../fail";
import { byName, type Nodes } from "../nodes";
import { isList } from "../optional-args";
import { childrenOf } from "../transform";
import { inVrrpOrder, unicastOf } from "../vrrp-order";
import type { FailoverHostArgs, FailoverPairArgs } from "./args";

/** A host of the pair, with its settings. */
interface PairHost extends FailoverHostArgs {
  readonly name: string;
  readonly host: pulumi.Input<Host>;
  readonly device: pulumi.Input<string>;
}

/**
 * Hosts with one address that is up on one of them at a time: on the next one within seconds when the first is gone, or when a service on it
 * that is tracked has stopped. For programs that run on each of them, such as two nginx, which balance what comes.
 *
 * ```ts
 * new lvs.FailoverPair("nginx", {
 *   hosts: ["lb1", "lb2"],
 *   device: "eth0",
 *   virtualRouterId: 51,
 *   addresses: ["192.168.4.5"],
 *   track: { services: ["nginx"] },
 * });
 * ```
 *
 * On each host it creates the package of keepalived and a `VrrpInstance`; the first one's last. A destroy has the reverse order.
 */
export class FailoverPair extends pulumi.ComponentResource {
  static readonly __pulumiType = "lvs:index:FailoverPair";

  /** The instances, by host. */
  readonly instances: Nodes<VrrpInstance>;
  /** The packages, by host. None with `packages: false`. */
  readonly packages: Nodes<Package>;

  constructor(name: string, args: FailoverPairArgs, opts?: pulumi.ComponentResourceOptions) {
    const hosts = normalizeHosts(`FailoverPair ${name}`, args);
    // The arguments are not inputs of the component: the state would show a connection among them in clear text.
    super(FailoverPair.__pulumiType, name, {}, opts);
    const make = childrenOf(this, name);
    const { packages = true, transform = {}, hosts: _, device: __, ...settings } = args;
    this.packages = packages ? byName(hosts, installKeepalived) : {};
    const addresses = addressesOf(hosts);
    this.instances = inVrrpOrder(hosts, (host, priority, others) => {
      const vrrp = { host: host.host, device: host.device, priority, ...settings, ...unicastOf(host.name, addresses) };
      const keepalived = ownValue(this.packages, host.name);
      return make(VrrpInstance, transform.vrrpInstance, host.name, vrrp, [
        ...(keepalived ? [keepalived] : []),
        ...others,
      ]);
    });
    this.registerOutputs({});

    function installKeepalived({ name: own, host }: PairHost): Package {
      return make(Package, transform.package, `${own}-keepalived`, { host, name: "keepalived" });
    }
  }

  /** Whether a value is a component of this class, also one that another copy of the package made. */
  static override isInstance(value: unknown): value is FailoverPair {
    return isOfType(value, this.__pulumiType);
  }
}

function normalizeHosts(called: string, args: FailoverPairArgs): PairHost[] {
  checkArgs("FailoverPair", called, args);
  const { hosts: given, device: common } = args;
  const all: [string, FailoverHostArgs][] = isList(given) ? given.map((name) => [name, {}]) : Object.entries(given);
  const hosts = all.map(([name, { host = name, device = common, ...settings }]): PairHost => {
    if (device === undefined) fail(called, `host ${name} needs a device, a NIC: device: "eth0"`);
    return { ...settings, name, host, device };
  });
  if (hosts.length < 2) fail(called, 'needs two hosts: hosts: ["lb1", "lb2"]');
  const [without] = hosts.filter(({ address }) => address === undefined);
  if (without !== undefined && hosts.some(({ address }) => address !== undefined))
    fail(called, `host ${without.name} needs an address, too: with unicast, each host has to know all others`);
  return hosts;
}

/** Each host's own, where all have one. */
function addressesOf(hosts: readonly PairHost[]): Record<string, pulumi.Input<string>> {
  return Object.fromEntries(
    hosts.flatMap(({ name, address }) => (address === undefined ? [] : [[name, address] as const])),
  );
}
