import * as pulumi from "@pulumi/pulumi";
import * as lvs from "pulumi-lvs";

/** One DR cluster, as `lvs:cluster` of the stack's configuration says it. */
interface Cluster {
  /** The virtual address. */
  readonly vip: string;
  /** Its ports, tcp. */
  readonly ports: number[];
  readonly scheduler?: string;
  readonly persistenceTimeout?: number;
  /** Directors by host name, each with the NIC that gets the VIP. */
  readonly directors: Record<string, { readonly device: string }>;
  /** Real servers by host name, each with its address and weight. */
  readonly realServers: Record<string, { readonly address: string; readonly weight?: number }>;
}

const cluster = new pulumi.Config("lvs").requireObject<Cluster>("cluster");
if (Object.keys(cluster.directors).length > 1) {
  throw new Error("lvs:cluster.directors has more than one director: all of them would answer ARP for the VIP");
}
const { vip, ports, scheduler, persistenceTimeout } = cluster;

const ready = Object.keys(cluster.realServers).map((host) => {
  const tuning = new lvs.DrKernelTuning(host, { host });
  return new lvs.VipAlias(host, { host, role: "realServer", address: vip }, { dependsOn: tuning });
});

const servers = Object.values(cluster.realServers).map(
  ({ address, weight }) => [address, { weight: weight ?? 1 }] as const,
);

for (const [host, { device }] of Object.entries(cluster.directors)) {
  const services = ports.map((port) => {
    const address = vip.includes(":") ? `[${vip}]:${port}` : `${vip}:${port}`;
    const settings = {
      ...(scheduler !== undefined && { scheduler }),
      ...(persistenceTimeout !== undefined && { persistenceTimeout }),
    };
    const args = { host, protocol: "tcp", address, realServers: Object.fromEntries(servers), ...settings } as const;
    return new lvs.VirtualService(`${host}-${port}`, args, { dependsOn: ready });
  });
  new lvs.VipAlias(host, { host, role: "director", address: vip, device }, { dependsOn: services });
}

export const url = `http://${vip.includes(":") ? `[${vip}]` : vip}/`;
