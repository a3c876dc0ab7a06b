import type * as pulumi from "@pulumi/pulumi";
import { OBSERVED } from "../kinds/vrrp-instance/properties";
import type { Host } from "./args/connection";
import { HostResource, typeToken } from "./host-resource";

/** An address that the master has, where it needs more than itself. */
export interface VrrpAddressArgs {
  /** With or without a prefix: `"192.168.2.1/24"`. @default /32, /128 */
  address: pulumi.Input<string>;
  /** The NIC that gets it. @default the instance's */
  device?: pulumi.Input<string>;
  /** IPv4: the label, such as `eth0:0`; at most 15 characters. @default none */
  label?: pulumi.Input<string>;
}

/** When a host takes the addresses back. */
export interface PreemptArgs {
  /**
   * Seconds that the host has to be up, 1 to 1000: `preempt_delay`. By then it should know the connections that the other one has served.
   * @default 60
   */
  delay?: pulumi.Input<number>;
}

/** What has to be well on the host that has the addresses. Where it is not, another host gets them. */
export interface TrackArgs {
  /** NICs that have to have a link, beside the instance's own. */
  devices?: pulumi.Input<pulumi.Input<string>[]>;
  /** Services that have to be active: `"nginx"`. Seen within 2 s. One that hangs is active. */
  services?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * Addresses of which at least one has to answer a ping: hosts behind another NIC, which may lose its way although its link is up. Name several: if
   * none answers on any host, no host has the addresses.
   */
  hosts?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * Commands that have to succeed, `vrrp_script`: `"/usr/bin/curl -sf -m 1 -o /dev/null http://127.0.0.1/health"`. Each runs once a second, as root, for 3 s at
   * most; two failures in a row are one. With the path of the program, and without `"`, `#`, `!`, `$`, `~` and `\\`.
   */
  scripts?: pulumi.Input<pulumi.Input<string>[]>;
}

/** Arguments of `VrrpInstance`. */
export interface VrrpInstanceArgs {
  /** One of the hosts that may have the addresses. A change replaces the resource. */
  host: pulumi.Input<Host>;
  /** The NIC by which the hosts tell each other who is master: `interface` of keepalived. A change replaces the resource. */
  device: pulumi.Input<string>;
  /** 1 to 255: what the hosts of one instance have in common, and no other instance on that network has. A change replaces the resource. */
  virtualRouterId: pulumi.Input<number>;
  /**
   * The addresses that the master has: `["192.168.4.5"]`. The first one is advertised and has to be the same on all hosts; the others may
   * differ for a while. In place; another family of the first one replaces the resource.
   */
  addresses: pulumi.Input<pulumi.Input<string | VrrpAddressArgs>[]>;
  /** 1 to 254: of hosts that begin at once, the one with the most becomes master. In place. */
  priority: pulumi.Input<number>;
  /**
   * Seconds between two messages of the master, `advert_int`: 1 to 255, the same on all hosts. A master that is dead is missed after three, and up to
   * one second more. Other than whole seconds, 0.01 to 40, are version 3 of VRRP. In place: change all hosts in one run. @default 1
   */
  advertInterval?: pulumi.Input<number>;
  /** Take the addresses back from a host with a lower `priority`, after a delay. In place. @default false */
  preempt?: pulumi.Input<false | PreemptArgs>;
  /** Addresses of the other hosts, where the network has no multicast: `unicast_peer`. In place. @default multicast */
  peers?: pulumi.Input<pulumi.Input<string>[]>;
  /** The address of this host that messages come from: `unicast_src_ip`, `mcast_src_ip`. In place. @default the first one of the device */
  source?: pulumi.Input<string>;
  /** What has to be well beside the device. In place. @default nothing */
  track?: pulumi.Input<TrackArgs>;
}

/**
 * Addresses that one of several hosts has, by VRRP: when it dies, another one has them within seconds, without Pulumi. keepalived does that; one
 * resource is its part on one host. Who has the addresses is never drift.
 *
 * ```ts
 * for (const [index, host] of ["director1", "director2"].entries()) {
 *   new lvs.VrrpInstance(host, { host, device: "eth0", virtualRouterId: 51, addresses: ["192.168.4.5"], priority: 254 - index });
 * }
 * ```
 */
export class VrrpInstance extends HostResource {
  static readonly __pulumiType = typeToken("VrrpInstance");

  /** The NIC by which the hosts tell each other who is master. */
  declare readonly device: pulumi.Output<string>;
  /** What the hosts of one instance have in common. */
  declare readonly virtualRouterId: pulumi.Output<number>;
  /** The addresses that the master has, with their prefix and NIC. */
  declare readonly addresses: pulumi.Output<{ address: string; device: string; label?: string }[]>;
  /** Of hosts that begin at once, the one with the most becomes master. */
  declare readonly priority: pulumi.Output<number>;
  /** Seconds between two messages of the master. */
  declare readonly advertInterval: pulumi.Output<number>;
  /** Whether the host takes the addresses back, and after how many seconds. */
  declare readonly preempt: pulumi.Output<false | { delay: number }>;
  /** Addresses of the other hosts, where they are named. */
  declare readonly peers: pulumi.Output<string[] | undefined>;
  /** The address that messages come from, where it is named. */
  declare readonly source: pulumi.Output<string | undefined>;
  /** What has to be well on the host that has the addresses. */
  declare readonly track: pulumi.Output<
    { devices?: string[]; services?: string[]; hosts?: string[]; scripts?: string[] } | undefined
  >;
  /** `"differs"` if the file of the instance has more than that, or says it in another way. */
  declare readonly file: pulumi.Output<"differs" | undefined>;
  /** Whether keepalived runs. */
  declare readonly live: pulumi.Output<boolean>;
  /** Whether a boot starts keepalived with this instance, and brings none of the addresses up before it. */
  declare readonly boot: pulumi.Output<boolean>;
  /** Whether keepalived has read the file as it is. */
  declare readonly loaded: pulumi.Output<boolean>;

  constructor(name: string, args: VrrpInstanceArgs, opts?: pulumi.CustomResourceOptions) {
    super("VrrpInstance", name, args, OBSERVED, opts);
  }
}
