import { fail } from "../fail";
import type { ClusterArgs } from "./args";
import { activeDirector } from "./directors";
import { needTwo, normalizeFailover } from "./failover/normalize";
import { normalizeDirectors, normalizeServers } from "./normalize-hosts";
import { normalizeServices, normalizeVips } from "./normalize-services";
import { type ClusterPlan, type Forwarding, familiesIn } from "./plan";

/** Fills in defaults, and refuses arguments that do not go together. `mode` is the forwarding method of servers without one of their own. */
export function normalizeCluster(called: string, mode: Forwarding, args: ClusterArgs): ClusterPlan {
  const { ipvs, sync, drain = { timeout: 60 }, boot = true, granularity = "service", transform = {} } = args;
  const vips = normalizeVips(called, args);
  const services = normalizeServices(called, args, vips);
  const directors = normalizeDirectors(called, args, vips);
  const servers = normalizeServers(called, args, mode, directors);
  if (sync !== undefined) needTwo(called, "sync", directors);
  const failover = normalizeFailover(called, args, { directors, servers });
  const plan = { vips, services, directors, servers, ipvs, failover, sync, drain, boot, granularity, transform };
  refuseWithoutGateway(called, plan);
  return plan;
}

/** Replies of masqueraded servers pass a director. */
function refuseWithoutGateway(called: string, plan: ClusterPlan): void {
  const masqueraded = plan.servers.filter(({ forwarding }) => forwarding === "masquerade");
  if (masqueraded.length === 0) return;
  const without = plan.directors.find(({ internal }) => internal === undefined);
  if (without !== undefined) {
    const example = 'internal: { device: "eth1", address: "192.168.2.2" }';
    fail(called, `director ${without.name} needs an internal address for masquerading: ${example}`);
  }
  const active = activeDirector(plan);
  if (familiesIn(plan).length === 1 || active === undefined || active.internal?.address6 !== undefined) return;
  if (masqueraded.every(({ returnRoute }) => returnRoute === undefined)) return;
  fail(
    called,
    `has VIPs of both families: their replies need an IPv6 address of director ${active.name} as well, ` +
      'internal: { ..., address6: "2001:db8:2::2" }',
  );
}
