import { type Check, checkFor, type HttpProbe, probesOf } from "../../../model/ipvs/health-check";
import type { VirtualService } from "../../../model/ipvs/virtual-service";

/** `check GET /health every 2 s: out (weight 0) after 2 failures`; of a server with a check of its own, a line with its address. */
export function previewChecks({ healthCheck, realServers = {} }: VirtualService): string[] {
  if (healthCheck === undefined || probesOf(healthCheck).length === 0) return [];
  const { onFailure, sorry } = healthCheck;
  const own = Object.entries(realServers).flatMap(([address, server]) =>
    server.healthCheck === undefined ? [] : [`check ${address}: ${lineOf(server.healthCheck, onFailure)}`],
  );
  return [
    `check ${lineOf(checkFor(healthCheck, undefined), onFailure)}`,
    ...own,
    ...(sorry === undefined ? [] : [`sorry ${sorry} serves while all are out`]),
  ];
}

function lineOf(check: Check, onFailure: "weight0" | "remove"): string {
  const { interval, retries, port } = check;
  const at = port === undefined ? "" : ` at port ${port}`;
  const out = onFailure === "remove" ? "removed" : "out (weight 0)";
  return `${probeText(check)}${at} every ${interval} s: ${out} after ${retries + 1} failure${retries === 0 ? "" : "s"}`;
}

function probeText({ http, https, dns, udp, ping, command }: Check): string {
  if (http !== undefined) return pageText("GET", http);
  if (https !== undefined) return pageText("GET by TLS", https);
  if (dns !== undefined) return `DNS ${dns.type} ${dns.name}`;
  if (udp !== undefined) return udp.requireReply ? "UDP, with a reply" : "UDP";
  if (command !== undefined) return command;
  return ping === undefined ? "TCP" : "ping";
}

function pageText(word: string, { path, status, host }: HttpProbe): string {
  return [
    word,
    path,
    ...(host === undefined ? [] : [`of ${host}`]),
    ...(status === undefined ? [] : [`is ${status.join(" or ")}`]),
  ].join(" ");
}
