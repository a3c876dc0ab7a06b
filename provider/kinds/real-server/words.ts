import type { Server, Tunnel } from "../../model/ipvs/real-server";
import { parseServiceKey } from "../../model/ipvs/service-key";

/** `-a -t 192.0.2.10:80 -r 10.0.0.11:80 -g -w 100`. Never quoted: `ipvsadm --restore` takes quotes for text. */
export function serverRule(server: Server): string {
  return serverWords("-a", server).join(" ");
}

const PROTOCOL = { tcp: "-t", udp: "-u", sctp: "--sctp-service" } as const;
const METHOD = { direct: "-g", tunnel: "-i", masquerade: "-m" } as const;

/** The whole record every time: "ipvsadm -e" puts back the default of whatever it is not told. */
export function serverWords(operation: "-a" | "-e", server: Server): readonly string[] {
  const { forwarding, weight, upperThreshold, lowerThreshold, tunnel } = server;
  return [
    operation,
    ...named(server),
    METHOD[forwarding],
    "-w",
    String(weight),
    ...(upperThreshold === 0 ? [] : ["-x", String(upperThreshold)]),
    ...(lowerThreshold === 0 ? [] : ["-y", String(lowerThreshold)]),
    ...(tunnel === undefined ? [] : tunnelWords(tunnel)),
  ];
}

export function deletionWords(server: Server): readonly string[] {
  return ["-d", ...named(server)];
}

/** ipip, the default, is not said: ipvsadm before 1.31 does not know the option. */
function tunnelWords(tunnel: Tunnel): readonly string[] {
  if (tunnel.type === "ipip") return [];
  const port = tunnel.type === "gue" ? ["--tun-port", String(tunnel.port)] : [];
  return ["--tun-type", tunnel.type, ...port, `--tun-${tunnel.checksum}`];
}

/** The service comes first: ipvsadm takes a port that is not given from the service that it has read. */
function named({ service, address }: Server): readonly string[] {
  return [...serviceWords(service), "-r", address];
}

/** How ipvsadm is told which service is meant. */
export function serviceWords(key: string): readonly string[] {
  const service = parseServiceKey(key);
  if (service.protocol !== "fwmark") return [PROTOCOL[service.protocol], service.address];
  return ["-f", String(service.fwmark), ...(service.family === "ipv6" ? ["-6"] : [])];
}
