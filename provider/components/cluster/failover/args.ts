import type * as pulumi from "@pulumi/pulumi";
import type { SyncDaemonArgs } from "../../../resources/sync-daemon";
import type { VrrpInstanceArgs } from "../../../resources/vrrp-instance";

/** The sync daemons of directors, all of them alike: `{ device: "eth1", syncId: 5 }`. */
export type SyncArgs = Omit<SyncDaemonArgs, "host" | "role" | "boot" | "rulesLoader">;

/** Directors that fail over by themselves: keepalived (VRRP) has the VIPs up on one of them, and on the next one when that is gone. */
export interface FailoverArgs
  extends Pick<VrrpInstanceArgs, "virtualRouterId" | "advertInterval" | "preempt" | "track"> {
  /**
   * `unicast_peer`, `unicast_src_ip`: the address of each director's own, by name, for networks without multicast:
   * `{ director1: "192.168.4.2", director2: "192.168.4.3" }`. In place. @default multicast
   */
  peers?: Readonly<Record<string, pulumi.Input<string>>>;
}
