import { fail } from "../fail";
import type { ClusterArgs } from "./args";
import type { Director, Forwarding, Server, Vip } from "./plan";
import { readVip } from "./read-vip";

export function normalizeDirectors(cluster: string, args: ClusterArgs, vips: readonly Vip[]): Director[] {
  const directors = Object.entries(args.directors).map(([name, director], index): Director => {
    const device = director.device ?? args.device;
    if (device === undefined) {
      fail(cluster, `director ${name} needs a device, the NIC that gets the VIPs: device: "eth0", for it or for all`);
    }
    const first = index === 0 && args.failover === undefined ? vips : [];
    const own = director.vips?.map((text) => vipOf(cluster, name, text, vips)) ?? first;
    return { name, host: director.host ?? name, device, vips: own, internal: director.internal };
  });
  if (directors.length === 0) fail(cluster, "needs a director");
  for (const vip of vips) {
    const active = directors.filter(({ vips: own }) => own.includes(vip)).map(({ name }) => name);
    if (active.length > 1) {
      const all = active.join(" and ");
      fail(cluster, `${all} have ${vip.ip}: both would answer ARP for it. List it in the vips of one of them`);
    }
  }
  return directors;
}

export function normalizeServers(
  cluster: string,
  args: ClusterArgs,
  mode: Forwarding,
  directors: readonly Director[],
): Server[] {
  return Object.entries(args.realServers).map(([name, given]): Server => {
    if (directors.some((director) => director.name === name)) {
      fail(
        cluster,
        `${name} is a director and a real server: a cluster cannot prepare a host for both. Use VirtualService and VipAlias`,
      );
    }
    const { host, address, address6, device, sameSubnetAsVip = true, forwarding = mode, ...rest } = given;
    const { returnRoute = args.returnRoute, ...own } = rest;
    const tunnel = forwarding === "tunnel" && args.tunnel !== undefined ? { tunnel: args.tunnel } : {};
    return {
      name,
      host: host ?? name,
      address,
      address6: address6 ?? address,
      device,
      forwarding,
      sameSubnetAsVip,
      returnRoute: returnRoute === false ? undefined : returnRoute,
      settings: { ...tunnel, ...own, forwarding },
    };
  });
}

function vipOf(cluster: string, director: string, text: string, vips: readonly Vip[]): Vip {
  const { ip } = readVip(text);
  const found = vips.find((vip) => vip.ip === ip);
  if (found !== undefined) return found;
  const all = vips.map((vip) => vip.ip).join(", ");
  return fail(cluster, `director ${director} has ${ip}, which is not a VIP of the cluster: these are ${all}`);
}
