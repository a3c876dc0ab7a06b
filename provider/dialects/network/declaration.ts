import { splitPrefix } from "../../model/network/interface-address";
import type { Vip } from "../../model/network/vip";

export interface Place {
  readonly path: string;
  readonly line: number;
}

/** A line of the host's own configuration that brings an address up at boot. */
export interface Declaration extends Place {
  /** With its prefix length; that is undefined where it cannot be judged. */
  readonly address: string | undefined;
  readonly device: string;
  /** IPv4 only: the label, which is the device where there is none. Undefined: the manager keeps no labels, or labels do not matter. */
  readonly label?: string;
  /** Why we cannot say what the line does. */
  readonly unclear?: string;
}

/**
 * Why the host's own lines for the IP of this VIP are not the VIP; undefined if they are, or if there are none. Two lines that mean the
 * same are too many: the second fails at boot.
 */
export function contradiction(vip: Vip, declarations: readonly Declaration[]): string | undefined {
  const { ip } = splitPrefix(vip.address);
  const [first, second] = declarations;
  if (first === undefined) return undefined;
  for (const declaration of declarations) {
    const difference = differenceOf(vip, declaration);
    if (difference !== undefined) return `${placeOf(declaration)}, ${difference}`;
  }
  if (second === undefined) return undefined;
  return `${placeOf(first)}, and ${placeOf(second)}, both bring ${ip} up at boot, and the second of them would fail. Remove one of them`;
}

export function placeOf({ path, line }: Place): string {
  return `${path}, line ${line}`;
}

function differenceOf(vip: Vip, { address, device, label, unclear }: Declaration): string | undefined {
  const { ip } = splitPrefix(vip.address);
  const remedy = 'Remove it there, or set "boot: false"';
  if (unclear !== undefined || address === undefined) {
    return `may bring ${ip} up at boot, which cannot be judged: ${unclear ?? "its prefix is unclear"}. ${remedy}`;
  }
  if (device !== vip.device) return `brings ${ip} up on ${device} at boot, and ${vip.device} is wanted. ${remedy}`;
  if (address !== vip.address) {
    return `brings ${address} up at boot, and ${vip.address} is wanted. Write "address: ${address}", remove it there, or set "boot: false"`;
  }
  if (label === undefined || vip.label === undefined || label === vip.label) return undefined;
  const found = label === device ? "without a label" : `with the label ${label}`;
  return `brings ${ip} up at boot ${found}, and "${vip.label}" is wanted. Set "label: ${label}", or remove it there`;
}
