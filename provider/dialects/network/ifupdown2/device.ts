import { wordsOf } from "../../../facts/files/blanks";
import { INTERFACES, isOurFile } from "../ifupdown/ifupdown-files";
import type { Interfaces, Option, Stanza } from "../ifupdown/interfaces";
import { matchesSource } from "../ifupdown/sources";

/** All that ifupdown2 knows of one device: it makes one of all stanzas. */
export interface DeviceConfig {
  readonly name: string;
  readonly stanzas: readonly Stanza[];
  /** Whether it comes up at boot. Unclear: another interface may be made of it and bring it up, or `auto` may come too late. */
  readonly comesUp: "yes" | "no" | "unclear";
  /** By the method of the host's first stanza a program gives the device its addresses, and `address` counts for nothing. */
  readonly isDynamic: boolean;
  /** Files of one `source` line come in any order, and what the addresses become depends on it. */
  readonly dependsOnOrder: boolean;
  /** The addresses, each with the netmask of the same number. */
  readonly addresses: readonly { readonly option: Option; readonly mask?: string | undefined }[];
}

export function deviceConfig(name: string, { stanzas: all, autos }: Interfaces): DeviceConfig {
  const stanzas = all.filter((one) => one.name === name);
  const mine = autos.filter((auto) => auto.stanza === name && ["auto", "hotplug", "mgmt"].includes(auto.by));
  const isPart = all.some((one) => one.name !== name && (one.name.startsWith(`${name}.`) || isMadeOf(one, name)));
  const masks = stanzas.flatMap(masksOf);
  const own = stanzas.filter(({ path }) => !isOurFile(path));
  return {
    name,
    stanzas,
    comesUp: mine.some(({ anyOrder }) => anyOrder !== true) ? "yes" : isPart || mine.length > 0 ? "unclear" : "no",
    isDynamic: own[0] !== undefined && isDynamic(own[0]),
    dependsOnOrder: dependsOnOrder(own),
    addresses: stanzas
      .flatMap(({ options }) => options.filter((option) => option.name === "address"))
      .map((option, index) => ({ option, mask: masks[index] })),
  };
}

/**
 * The host's own stanzas of a device that ifupdown2 reads before a file of this path, and those that it may read behind it. Files of one
 * `source` line come in any order.
 */
export function aroundFile(
  path: string,
  device: string,
  { stanzas, sources }: Interfaces,
): { readonly before: readonly Stanza[]; readonly behind: readonly Stanza[] } {
  const position = Math.min(...sources.filter((one) => matchesSource(one, path)).map((one) => one.stanzasBefore ?? 0));
  const isOwn = (one: Stanza) => one.name === device && !isOurFile(one.path);
  return {
    before: stanzas.filter((one, index) => isOwn(one) && index < position),
    behind: stanzas.filter((one, index) => isOwn(one) && index >= position),
  };
}

function isDynamic({ method = "" }: Stanza): boolean {
  return ["dhcp", "dhcp6", "ppp"].includes(method);
}

function dependsOnOrder(stanzas: readonly Stanza[]): boolean {
  const sourced = new Set(stanzas.map(({ path }) => path).filter((path) => path !== INTERFACES));
  if (sourced.size < 2) return false;
  const isMixed = stanzas.some(isDynamic) && !stanzas.every(isDynamic);
  return isMixed || stanzas.some(({ options }) => options.some(({ name }) => name === "netmask"));
}

function isMadeOf({ options }: Stanza, name: string): boolean {
  return options.some(
    (option) => /^(?:bridge-|bond-|vlan-|vrf|ovs)/.test(option.name) && wordsOf(option.value).includes(name),
  );
}

/** In its stanza, a netmask belongs to the last address before it; in the list of all stanzas it has the same number as that only by chance. */
function masksOf({ options }: Stanza): string[] {
  const masks: string[] = [];
  let addresses = 0;
  for (const { name, value } of options) {
    if (name === "address") addresses++;
    if (name !== "netmask" || addresses === 0) continue;
    while (masks.length < addresses - 1) masks.push("");
    masks.push(value);
  }
  return masks;
}
