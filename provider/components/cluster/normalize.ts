import { checkNames } from "../check-args";
import type { ClusterArgs } from "./args";
import { needTwo, normalizeFailover } from "./failover/normalize";
import { CLUSTER, CLUSTER_RENAMED } from "./known-args";
import { normalizeDirectors, normalizeServers } from "./normalize-hosts";
import { normalizeServices, normalizeVips } from "./normalize-services";
import type { ClusterPlan, Forwarding } from "./plan";

/** Fills in defaults, and refuses invalid arguments. `mode` is the forwarding method of servers without one of their own. */
export function normalizeCluster(called: string, mode: Forwarding, args: ClusterArgs): ClusterPlan {
  checkNames(called, "", args, CLUSTER, CLUSTER_RENAMED);
  const { ipvs, sync, drain = { timeout: 60 }, boot = true, granularity = "service", transform = {} } = args;
  const vips = normalizeVips(called, args);
  const services = normalizeServices(called, args, vips);
  const directors = normalizeDirectors(called, args, vips);
  const servers = normalizeServers(called, args, mode, directors);
  if (sync !== undefined) needTwo(called, "sync", directors);
  const failover = normalizeFailover(called, args, { directors, servers });
  return { called, vips, services, directors, servers, ipvs, failover, sync, drain, boot, granularity, transform };
}
