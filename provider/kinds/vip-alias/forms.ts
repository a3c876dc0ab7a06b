import { z } from "zod";
import { dropOriginal, originalOf, recordOriginal } from "../../facts/files/original-state";
import type { Address } from "../../facts/network/addresses";
import { isSilent } from "../../model/network/device";
import { HOST_PREFIX, splitPrefix } from "../../model/network/interface-address";
import type { Vip } from "../../model/network/vip";
import type { FileStep, Step } from "../../step";
import { routesLostWith, secondariesOf } from "./lost-routes";
import { addressesOf, type VipSeen } from "./observation";

/** The name of the kind, under which the host's file of original states has its records. */
export const KIND = "VipAlias";

/** The VIP's address on its interface, with one prefix length or another. */
export interface Forms {
  /** Sorted by prefix length. */
  readonly all: readonly Address[];
  /** With the desired prefix length. IPv6: an interface has an address only once, so that one. */
  readonly wanted: Address | undefined;
  /** With other prefix lengths, and ours to remove. */
  readonly strays: readonly Address[];
  /** The host's own: they were there before us, and its routes or other addresses depend on them. They stay as they are. */
  readonly kept: readonly Address[];
}

/** `known`: what earlier runs observed, or this one. */
export function formsOf(seen: VipSeen, vip: Pick<Vip, "address" | "device">, known: Vip | undefined): Forms {
  const all = addressesOf(seen.addresses, vip);
  const { prefix, family } = splitPrefix(vip.address);
  const wanted = all.find((one) => one.prefix === prefix) ?? (family === "ipv6" ? all[0] : undefined);
  const kept = all.filter((one) => isKept(one, one === wanted ? seen : without(wanted, seen), known));
  return { all, wanted, kept, strays: all.filter((one) => one !== wanted && !kept.includes(one)) };
}

/** What depends on another form is judged as before ours was there, so that the answer is the same after it is. */
function without(wanted: Address | undefined, seen: VipSeen): VipSeen {
  const addresses = seen.addresses.addresses.filter((one) => one !== wanted);
  return { ...seen, addresses: { ...seen.addresses, addresses } };
}

function isKept(form: Address, seen: VipSeen, known: Vip | undefined): boolean {
  if (known?.adopted === true && known.address === textOf(form)) return true;
  if (known?.otherForms !== undefined && !known.otherForms.includes(textOf(form))) return false;
  if (isOurs(form, seen, known)) return false;
  if (form.attributes?.includes("peer") === true || secondariesOf(form, seen.addresses).length > 0) return true;
  return routesLostWith(form, seen).length > 0;
}

function isOurs(form: Address, { originalState }: VipSeen, known: Vip | undefined): boolean {
  if (known !== undefined && known.adopted !== true && known.address === textOf(form)) return true;
  return originalState !== undefined && originalOf(originalState, KIND, keyOf(form), ABSENT) !== undefined;
}

/** Whether the kernel takes the address away when its time is over, as one that a DHCP client or a script has set. */
export function hasEnd({ attributes = [] }: Address): boolean {
  return attributes.includes("valid_lft");
}

/** The attributes without the end. */
export function endless({ attributes = [] }: Address): readonly string[] {
  const isLimit = (word: string | undefined) => word === "valid_lft" || word === "preferred_lft";
  return attributes.filter((word, index) => !isLimit(word) && !isLimit(attributes[index - 1]));
}

export function textOf({ ip, prefix }: Pick<Address, "ip" | "prefix">): string {
  return `${ip}/${prefix}`;
}

/**
 * Records that the host did not have the address, where routes can come to depend on it: it gives the interface a subnet, or its first
 * address. Otherwise a run after an interrupted one would take it for the host's own.
 */
export function recordAbsence(vip: Pick<Vip, "address" | "device">, { addresses: { addresses } }: VipSeen): FileStep[] {
  const { ip, prefix, family } = splitPrefix(vip.address);
  if (isSilent(vip.device) || family === "ipv6") return [];
  const isFirst = addresses.every((one) => one.device !== vip.device || one.label === undefined);
  if (prefix === HOST_PREFIX[family] && !isFirst) return [];
  return [recordOriginal(KIND, keyOf({ ip, device: vip.device }), "absent")];
}

export function dropRecord(vip: Pick<Vip, "address" | "device">, { originalState }: VipSeen): readonly Step[] {
  const key = keyOf({ ip: splitPrefix(vip.address).ip, device: vip.device });
  if (originalState === undefined || originalOf(originalState, KIND, key, ABSENT) === undefined) return [];
  return [dropOriginal(KIND, key)];
}

const ABSENT = z.literal("absent");

const keyOf = ({ ip, device }: Pick<Address, "ip" | "device">): string => `${ip} on ${device}`;
