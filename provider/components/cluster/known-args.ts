import type { Known, Renamed } from "../check-args";
import type { ClusterArgs, DirectorArgs, InternalArgs } from "./args";
import type { FailoverArgs } from "./failover/args";

/** A cluster's own arguments. Those of real servers and ports are passed on to resources, which refuse unknown names themselves. */
export const CLUSTER: Known<ClusterArgs> = {
  vips: "required",
  ports: "required",
  protocol: "optional",
  scheduler: "optional",
  allowUnknownScheduler: "optional",
  schedulerFlags: "optional",
  persistenceTimeout: "optional",
  netmask: "optional",
  persistenceEngine: "optional",
  onePacket: "optional",
  healthCheck: "optional",
  directors: "required",
  device: "optional",
  realServers: "required",
  tunnel: "optional",
  returnRoute: "optional",
  drain: "optional",
  ipvs: "optional",
  failover: "optional",
  sync: "optional",
  boot: "optional",
  granularity: "optional",
  transform: "optional",
};

/** What 0.1.0 called them. */
export const CLUSTER_RENAMED: Renamed = { vip: 'vips, a list: vips: ["192.168.4.5"]' };
export const DIRECTOR_RENAMED: Renamed = { inside: "internal" };
export const SERVER_RENAMED: Renamed = { vipDevice: "device", sharesNetwork: "sameSubnetAsVip" };

export const DIRECTOR: Known<DirectorArgs> = {
  host: "optional",
  device: "optional",
  vips: "optional",
  internal: "optional",
};

export const INTERNAL: Known<InternalArgs> = {
  device: "required",
  address: "required",
  address6: "optional",
  alias: "optional",
};

export const FAILOVER: Known<FailoverArgs> = {
  virtualRouterId: "required",
  advertInterval: "optional",
  preempt: "optional",
  track: "optional",
  peers: "optional",
};
