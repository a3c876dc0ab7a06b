import { versionOf } from "../../../dialects/keepalived/problems";
import type { KeepalivedSeen } from "../../../dialects/keepalived/seen";
import { UserError } from "../../../errors";
import type { ForeignService } from "../../../facts/keepalived/config";
import { isAtLeast } from "../../../facts/keepalived/daemon";
import { checkFor } from "../../../model/ipvs/health-check";
import { parseServiceKey, serviceKey } from "../../../model/ipvs/service-key";
import { canonicalAddress, formatAddressAndPort } from "../../../model/network/address";
import { renderFragment } from "./fragment";
import type { CheckedWant } from "./seen";

/** What a service needs that not every keepalived can do: the property, and the version that could first. */
interface Need {
  readonly property: string;
  readonly since: string;
  readonly instead?: string;
}

/** Throws where the host's keepalived cannot do what is declared. */
export function refuseTooOld(want: CheckedWant, keepalived: KeepalivedSeen): void {
  const version = versionOf(keepalived);
  const need = needsOf(want).find(({ since }) => !isAtLeast(version, since));
  if (need === undefined) return;
  throw new UserError(
    `${need.property} needs keepalived ${need.since}, and this host has ${version}${need.instead === undefined ? "" : `: ${need.instead}`}`,
  );
}

function needsOf({ scheduler, realServers, healthCheck }: CheckedWant): readonly Need[] {
  const servers = Object.entries(realServers);
  const checks = servers.map(([, server]) => checkFor(healthCheck, server.healthCheck));
  const some = (property: string, since: string, isNeeded: boolean, instead?: string): Need[] =>
    isNeeded ? [{ property, since, ...(instead !== undefined && { instead }) }] : [];
  return [
    { property: "healthCheck", since: "2.0.4", instead: "earlier ones cannot test a configuration before they run it" },
    ...some("scheduler mh", "2.0.7", scheduler === "mh"),
    ...some("scheduler twos", "2.2.5", scheduler === "twos"),
    ...some(
      "more than one status",
      "2.0.17",
      checks.some(({ http, https }) => (http?.status ?? https?.status ?? []).length > 1),
    ),
    ...some(
      "a fraction of a second in healthCheck",
      "2.0.17",
      checks.some(({ interval, timeout, retryInterval }) =>
        [interval, timeout, retryInterval].some((seconds) => !Number.isInteger(seconds)),
      ),
    ),
    ...some(
      "tunnel gue or gre",
      "2.0.18",
      servers.some(([, { tunnel }]) => tunnel !== undefined && tunnel.type !== "ipip"),
    ),
    ...some(
      "healthCheck.udp",
      "2.1.0",
      checks.some(({ udp }) => udp !== undefined),
    ),
    ...some(
      "healthCheck.ping",
      "2.1.0",
      checks.some(({ ping }) => ping !== undefined),
    ),
    ...some(
      "weight 0 together with healthCheck",
      "2.2.0",
      servers.some(([, { weight }]) => weight === 0),
      "earlier ones make it 1 when they start. Leave the server out, or drain out",
    ),
  ];
}

/** Throws where a file of somebody else's has the service already. keepalived would take the one that it reads last, and say nothing. */
export function refuseForeign(want: CheckedWant, { keepalivedConfig: { services } }: KeepalivedSeen): void {
  const other = services.find((service) => isSame(service, want));
  if (other === undefined) return;
  throw new UserError(
    `${other.file}, line ${other.line}, has virtual_server ${other.service}, which is ${serviceKey(want)}. Remove it there, where this is to ` +
      `have keepalived check it by a file of its own:\n${renderFragment(want)}`,
  );
}

function isSame({ service, protocol = "UDP" }: ForeignService, want: CheckedWant): boolean {
  const identity = parseServiceKey(serviceKey(want));
  const [first = "", second = ""] = service.split(" ");
  if (identity.protocol === "fwmark") return first === "fwmark" && Number(second) === identity.fwmark;
  if (identity.protocol !== protocol.toLowerCase()) return false;
  try {
    return formatAddressAndPort(canonicalAddress(first), Number(second)) === identity.address;
  } catch {
    return false;
  }
}
