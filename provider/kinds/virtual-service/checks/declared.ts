import { isDeepStrictEqual } from "node:util";
import { type Check, checkFor, type HealthCheck } from "../../../model/ipvs/health-check";
import type { ServerSettings } from "../../../model/ipvs/real-server";
import type { InlineServer, Servers, VirtualService } from "../../../model/ipvs/virtual-service";
import { ownValue } from "../../../model/own-value";
import { checkLines } from "./fragment";
import type { Fragment } from "./parse-fragment";
import type { CheckedWant, OwnFile } from "./seen";

/**
 * Whether a weight of 0, or a server that is not there, is the work of a check. Only where keepalived was told another weight: what the
 * program wants to be 0 has no other, and of a server that it was not told of it moves no weight.
 */
export function isOut(
  file: OwnFile | undefined,
  want: InlineServer | undefined,
  address: string,
  inKernel: ServerSettings | undefined,
): boolean {
  if (file === undefined || want === undefined || want.weight === 0) return false;
  const { fragment } = file;
  const declared = fragment === undefined ? want : fragment.servers.get(address)?.settings;
  if (declared === undefined || declared.weight === 0) return false;
  return inKernel === undefined ? fragment?.onFailure === "remove" : inKernel.weight === 0;
}

/**
 * The sorry server, where it serves beside a real one: keepalived 2.2.7 leaves it there where it reads its files anew while no server is left,
 * and one of them then comes back.
 */
export function leftSorry(inKernel: Servers, { sorry }: Fragment): string | undefined {
  if (sorry === undefined || ownValue(inKernel, sorry) === undefined) return undefined;
  return Object.entries(inKernel).some(([address, { weight }]) => address !== sorry && weight > 0) ? sorry : undefined;
}

/** What the servers amount to without checks: one that is out has the weight that keepalived was told, and the sorry server is none of them. */
export function withoutChecks(inKernel: Servers, want: CheckedWant, file: OwnFile): Servers {
  const { fragment } = file;
  const left = fragment && leftSorry(inKernel, fragment);
  const names = new Set([...Object.keys(inKernel), ...(fragment?.servers.keys() ?? [])]);
  const servers = [...names].sort().flatMap((address): readonly (readonly [string, InlineServer])[] => {
    if (address !== left && [fragment?.sorry, want.healthCheck.sorry].includes(address)) return [];
    const kernel = ownValue(inKernel, address);
    const wanted = ownValue(want.realServers, address);
    const declared = fragment?.servers.get(address)?.settings ?? wanted;
    if (declared !== undefined && isOut(file, wanted, address, kernel))
      return [[address, { ...(kernel ?? declared), weight: declared.weight }]];
    return kernel === undefined ? [] : [[address, kernel]];
  });
  return Object.fromEntries(servers);
}

/** What keepalived was told, in the terms of the program: what most servers have, and what differs for one. */
export function observedChecks(
  have: VirtualService,
  fragment: Fragment,
  want: VirtualService,
): Pick<VirtualService, "healthCheck" | "realServers"> {
  const healthCheck = commonCheck(fragment, want);
  const servers = Object.entries(have.realServers ?? {}).map(([address, { healthCheck: _, ...settings }]) => {
    const check = fragment.servers.get(address)?.check;
    if (check === undefined || isSame(check, checkFor(healthCheck, undefined), address))
      return [address, settings] as const;
    const wanted = ownValue(want.realServers, address)?.healthCheck;
    const own = wanted !== undefined && isSame(check, wanted, address) ? wanted : check;
    return [address, { ...settings, healthCheck: own }] as const;
  });
  return { healthCheck, ...(have.realServers !== undefined && { realServers: Object.fromEntries(servers) }) };
}

/** That of the program, if any server has it that should. Else, of the servers that should have it, the first one's. */
function commonCheck({ servers, onFailure, sorry }: Fragment, want: VirtualService): HealthCheck {
  const rest = { onFailure, ...(sorry !== undefined && { sorry }) };
  const plain = [...servers].filter(([address]) => ownValue(want.realServers, address)?.healthCheck === undefined);
  const wanted = want.healthCheck && checkFor(want.healthCheck, undefined);
  const isWanted = plain.length === 0 || plain.some(([address, { check }]) => wanted && isSame(check, wanted, address));
  if (wanted !== undefined && isWanted) return { ...wanted, ...rest };
  const [first] = plain.length === 0 ? [...servers.values()] : plain.map(([, server]) => server);
  return first === undefined ? { ...UNREAD, ...rest } : { ...first.check, ...rest };
}

/** Of a file that somebody has made another one of: no program could declare it, so it differs from every declared one. */
export const UNREAD = {} as HealthCheck;

/** Compared as keepalived reads them. */
function isSame(one: Check, other: Check, address: string): boolean {
  return isDeepStrictEqual(checkLines(one, address), checkLines(other, address));
}
