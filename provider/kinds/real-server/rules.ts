import type { Server, Tunnel } from "../../model/ipvs/real-server";
import { parseServiceKey } from "../../model/ipvs/service-key";

/** `-a -t 192.0.2.10:80 -r 10.0.0.11:80 -g -w 100`. Without quotes, which `ipvsadm --restore` would read as part of a word. */
export function serverRule(server: Server): string {
  return serverArgs("-a", server).join(" ");
}

const PROTOCOL_OPTION = { tcp: "-t", udp: "-u", sctp: "--sctp-service" } as const;
const METHOD_OPTION = { direct: "-g", tunnel: "-i", masquerade: "-m" } as const;

/** Always all settings: "ipvsadm -e" resets omitted ones to their defaults. */
export function serverArgs(operation: "-a" | "-e", server: Server): readonly string[] {
  const { forwarding, weight, upperThreshold, lowerThreshold, tunnel } = server;
  return [
    operation,
    ...serverSelector(server),
    METHOD_OPTION[forwarding],
    "-w",
    String(weight),
    ...(upperThreshold === 0 ? [] : ["-x", String(upperThreshold)]),
    ...(lowerThreshold === 0 ? [] : ["-y", String(lowerThreshold)]),
    ...(tunnel === undefined ? [] : tunnelArgs(tunnel)),
  ];
}

/** `-d -t 192.0.2.10:80 -r 10.0.0.11:80` */
export function deletionArgs(server: Server): readonly string[] {
  return ["-d", ...serverSelector(server)];
}

/** The default, ipip, is left out: ipvsadm before 1.31 does not know the option. */
function tunnelArgs(tunnel: Tunnel): readonly string[] {
  if (tunnel.type === "ipip") return [];
  const port = tunnel.type === "gue" ? ["--tun-port", String(tunnel.port)] : [];
  return ["--tun-type", tunnel.type, ...port, `--tun-${tunnel.checksum}`];
}

/** The service comes first: ipvsadm uses its port if the server's address has none. */
function serverSelector({ service, address }: Server): readonly string[] {
  return [...serviceSelector(service), "-r", address];
}

/** The arguments that select a service: `-t 192.0.2.10:80`. */
export function serviceSelector(key: string): readonly string[] {
  const service = parseServiceKey(key);
  if (service.protocol !== "fwmark") return [PROTOCOL_OPTION[service.protocol], service.address];
  return ["-f", String(service.fwmark), ...(service.family === "ipv6" ? ["-6"] : [])];
}

export function serverKey({ service, address }: Pick<Server, "service" | "address">): string {
  return `${service} -> ${address}`;
}
