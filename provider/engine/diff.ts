import { isDeepStrictEqual } from "node:util";
import type { RuntimeKind } from "../kinds/runtime-kind";
import { hasUnknown } from "../model/input/unknowns";
import { ownValue } from "../model/own-value";
import { addressDigest } from "./hosts/place";
import { type Host, type Inventory, parseConnection } from "./inventory";
import type { Inputs, State } from "./state";

/** What Pulumi's `diff` answers. `changes` undefined lets the engine compare the inputs itself, and show each property. */
export interface Difference {
  readonly changes: boolean | undefined;
  readonly replaces?: string[];
  readonly deleteBeforeReplace?: boolean;
}

/** Compares the stored state with new inputs. `isSame`: their hosts are the same, see `isSameHost`. Contacts no host. */
export function diff(kind: RuntimeKind, state: State, inputs: Inputs, isSame: boolean): Difference {
  const { host, desired } = inputs;
  const replaces = [...(isSame ? [] : ["host"]), ...replacedBy(kind, state, inputs)];
  if (replaces.length > 0) {
    const conflicts = !hasUnknown(desired) && kind.conflictsWith(state.observed, desired);
    return { changes: true, replaces, deleteBeforeReplace: conflicts };
  }
  if (inputs.isUnknown || state.isUnfinished) return { changes: true };
  if (!isDeepStrictEqual(withDefaults(state.host), withDefaults(host))) return { changes: undefined };
  if (state.isFor(inputs)) return { changes: kind.differs(desired, state.observed) };
  if (!isDeepStrictEqual(state.record, desired)) return { changes: undefined };
  // A refresh found on the host what the program wants now. It judged boot by what was wanted before, which may still be there. Of another
  // refresh, whose inputs say what the host has, nothing is wanted.
  return { changes: state.isWantedKnown && !inputs.isRefreshed };
}

function replacedBy(kind: RuntimeKind, state: State, { desired }: Inputs): string[] {
  const changed = kind.identity.filter(
    (name) =>
      !hasUnknown(ownValue(desired, name)) && !isDeepStrictEqual(ownValue(state.record, name), ownValue(desired, name)),
  );
  // An input may say more than the identity: `192.168.4.5/24` is the object that was `192.168.4.5/32`.
  return !hasUnknown(desired) && kind.key(desired) === state.key ? [] : changed;
}

/** With the defaults of this version: an earlier one may have stored it. */
function withDefaults(host: Host): Host {
  const read = typeof host === "string" ? undefined : parseConnection(host);
  return read?.success === true ? read.data : host;
}

/**
 * The same name is the same host, and so is another name for the address at which the object was seen. A connection without a name
 * only says how to reach a host. What is not known here, a delete finds out: it removes nothing that has an owner by another name.
 */
export function isSameHost(
  inventory: Inventory,
  { host: old, place }: Pick<State, "host" | "place">,
  host: Host,
): boolean {
  if (nameOf(old) === nameOf(host)) return true;
  if (hasUnknown(host) || !inventory.has(host)) return false;
  const address = place?.address ?? (inventory.has(old) ? addressDigest(inventory.resolve(old)) : undefined);
  return address === addressDigest(inventory.resolve(host));
}

function nameOf(host: Host): string | undefined {
  return typeof host === "string" ? host : host.name;
}
