import type { FailoverArgs, SyncArgs } from "../components/cluster/failover/args";
import { syncDaemon } from "../kinds/sync-daemon/schema";
import { vrrpInstance } from "../kinds/vrrp-instance/schema";
import { mapOf, settings } from "../model/fields";
import { type Fields, plain } from "./parts";

const { virtualRouterId, advertInterval, preempt, track, source } = vrrpInstance.in.shape;
const { device, syncId, group, port, ttl, maxLength } = syncDaemon.in.shape;

/** What the hosts that may have an address agree on. */
export const vrrp = { virtualRouterId, advertInterval, preempt, track };

/** The address of a host, by which it speaks to the others. */
export const ownAddress = source;

export const failover = settings(
  {
    ...vrrp,
    peers: plain(mapOf(ownAddress, { error: "must be a map from director to its address" })).optional(),
  } satisfies Fields<FailoverArgs>,
  "{ virtualRouterId: 51 }",
);

export const sync = settings(
  { device, syncId, group, port, ttl, maxLength } satisfies Fields<SyncArgs>,
  '{ device: "eth1" }',
);
