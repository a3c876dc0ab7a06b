import { mentions } from "../address-text";
import type { Declaration } from "../declaration";
import { addedBy } from "../ip-command";
import type { Option, Stanza } from "./interfaces";

/** What a command of a stanza brings up of an address. */
export function hookDeclarations(option: Option, stanza: Stanza, ip: string): Declaration[] {
  const { name, value, path, line } = option;
  if (HARMLESS.test(name) || !mentions(value, ip)) return [];
  const [device = ""] = stanza.name.split(":");
  const added =
    name === "up" || name === "pre-up" ? addedBy(value, { IFACE: stanza.name, LOGICAL: stanza.name }) : undefined;
  if (added === undefined) {
    const why = `"${name}" has a command or a setting that we do not know`;
    return [{ path, line, device, address: undefined, unclear: why }];
  }
  if (added.address.split("/")[0] !== ip) return [];
  const label = ip.includes(":") ? {} : { label: added.label ?? added.device };
  return [{ path, line, device: added.device, address: added.address, ...label }];
}

/** Options that name an address and bring none up. */
const HARMLESS =
  /^(?:address|gateway|netmask|broadcast|network|pointopoint|down|post-down|dns-.*|.*-?metric|endpoint|local)$/;
