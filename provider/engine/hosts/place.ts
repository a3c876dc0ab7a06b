import { createHash } from "node:crypto";
import type { Connection, Reach } from "../../model/connection";
import type { Machine } from "../../model/machine";

/** Where an object was last seen: the machine, and the way to it. Digests, because a state holds no address and no key of a host. */
export interface Place {
  /** Empty where the machine has no machine-id. Clones may have the same. */
  readonly machine: string;
  readonly hostKey: string;
  readonly address: string;
}

export function placeOf(connection: Connection, { id, hostKey }: Machine): Place {
  return { machine: id === "" ? "" : digest(id), hostKey: digest(hostKey), address: addressDigest(connection) };
}

/** Of the address alone: user, keys and passwords are no part of it. */
export function addressDigest(connection: Connection): string {
  return digest(JSON.stringify(addresses(connection)));
}

/** A word that no other machine has that runs at the same time. */
export function machineKey({ running, id, hostKey }: Machine): string {
  return running === "" ? `${id} ${hostKey}` : running;
}

/** As an earlier run stored it; undefined in states of versions that did not. */
export function placeIn(stored: unknown): Place | undefined {
  if (typeof stored !== "object" || stored === null) return undefined;
  const { machine, hostKey, address } = stored as Readonly<Record<string, unknown>>;
  if (typeof machine !== "string" || typeof hostKey !== "string" || typeof address !== "string") return undefined;
  return { machine, hostKey, address };
}

/** How much two places look like one machine. Clones may have both in common, and a machine that has several keys only the first. */
export function likeness(one: Place, other: Place): 0 | 1 | 2 {
  const sameKey = one.hostKey === other.hostKey;
  if (one.machine === "" || other.machine === "") return sameKey ? 2 : 0;
  if (one.machine !== other.machine) return 0;
  return sameKey ? 2 : 1;
}

/**
 * Of the host and of its proxies. Where ssh_config is read, that is the name in it: a preview has to mean the same on a machine that has
 * another file, or none.
 */
function addresses({ host, port, proxy }: Reach): readonly string[] {
  const own = `${host.toLowerCase()} ${port ?? "ssh_config"}`;
  return [own, ...(typeof proxy === "object" ? addresses(proxy) : [])];
}

function digest(text: string): string {
  return createHash("sha256").update(`pulumi-lvs ${text}`).digest("hex").slice(0, 16);
}
