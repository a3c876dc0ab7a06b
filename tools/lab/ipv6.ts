import type { HostName } from "./hosts.ts";
import type { LabHosts } from "./index.ts";

/** Addresses of 2001:db8:4::/64 on the front network, with the numbers of 192.168.4.0/24. Returns what takes them away again. */
export async function giveIpv6(lab: LabHosts, names: readonly HostName[]): Promise<() => Promise<unknown>> {
  const onEach = (words: (address: string) => string) => {
    return Promise.all(names.map((name) => lab.host(name).sh(words(`2001:db8:4::${numberOf(lab, name)}/64 dev eth0`))));
  };
  await onEach((address) => `ip -6 addr add ${address} nodad`);
  return () => onEach((address) => `ip -6 addr del ${address}`);
}

function numberOf(lab: LabHosts, name: HostName): string {
  return lab.host(name).addresses["eth0"]?.split(".").at(-1) ?? "";
}
