import { isIP } from "node:net";
import ipaddr from "ipaddr.js";
import { withoutNeedlessSlashes } from "../../model/path";

/** `192.168.2.50:/common` in two parts, as far as spelling goes: an address without brackets, a path without needless slashes. */
interface Source {
  readonly server: string;
  readonly path: string;
}

export function readSource(text: string): Source | undefined {
  const [, bracketed, name, path] = /^(?:\[([^\]]+)\]|([^:]+)):(\/[^]*)$/.exec(text) ?? [];
  const server = bracketed ?? name;
  if (server === undefined || path === undefined) return undefined;
  return { server: canonicalAddress(server), path: withoutNeedlessSlashes(path) };
}

/** The name of the server, where it has one and not an address. */
export function serverName(text: string): string | undefined {
  const server = readSource(text)?.server;
  return server === undefined || isIP(server) !== 0 ? undefined : server;
}

/** Where a mounted source is. */
export interface MountedSource {
  readonly source: string;
  /** The address of its server, as the kernel shows it. */
  readonly address?: string;
}

/** Whether something mounted is the desired source in other words. `addresses` are those of the desired server. */
export function isSource({ source, address }: MountedSource, desired: string, addresses: readonly string[]): boolean {
  const [have, want] = [readSource(source), readSource(desired)];
  if (have === undefined || want === undefined) return source === desired;
  if (have.path !== want.path) return false;
  const at = address === undefined ? [] : [canonicalAddress(address)];
  return [have.server, ...at].some(
    (server) => server === want.server || addresses.map(canonicalAddress).includes(server),
  );
}

function canonicalAddress(server: string): string {
  return ipaddr.IPv6.isValid(server) ? ipaddr.IPv6.parse(server).toRFC5952String() : server.toLowerCase();
}
