import { isSilent } from "../../../model/network/device";
import { splitPrefix } from "../../../model/network/interface-address";
import type { Vip } from "../../../model/network/vip";
import { isOurFile } from "../ifupdown/ifupdown-files";
import type { Interfaces, Stanza } from "../ifupdown/interfaces";
import { addressCommands, dummyLines } from "../ifupdown/stanza-options";
import { aroundFile, deviceConfig } from "./device";

/**
 * One more stanza of the device, which ifupdown2 joins with the host's own: it knows no aliases. It has no family and no method, which
 * would be the device's, and no `auto`: the host says when its device comes up. At each `ifreload` ifupdown2 takes away what is in no `address`
 * line, but it does not see an address with a label. So a VIP with a label is added by a command, and one without has such a line.
 */
export function ifupdown2Stanza(vip: Vip, path: string, interfaces: Interfaces): string[] {
  const device = stanzaDevice(vip.device, interfaces);
  return [
    `iface ${device}`,
    ...dummyLines(vip),
    ...(isKeptByAddress(vip, device, path, interfaces) ? addressLines(vip) : addressCommands(vip)),
  ];
}

/**
 * `lo` for a dummy or a tunnel that has no stanza: ifupdown2 would change the MTU of what it has a stanza for, and take foreign addresses
 * away.
 */
export function stanzaDevice(device: string, interfaces: Interfaces): string {
  return isSilent(device) && !hasStanza(device, interfaces) ? "lo" : device;
}

export function hasStanza(device: string, { stanzas }: Interfaces): boolean {
  return stanzas.some(({ name, path }) => name === device && !isOurFile(path));
}

/** A DHCP client takes the place of `address` lines. */
function isKeptByAddress(vip: Vip, device: string, path: string, interfaces: Interfaces): boolean {
  const hasLabel = splitPrefix(vip.address).family === "ipv4" && (vip.label ?? vip.device) !== vip.device;
  if (hasLabel || device !== vip.device || deviceConfig(device, interfaces).isDynamic) return false;
  const { before, behind } = aroundFile(path, device, interfaces);
  return behind.length === 0 || (before.some(hasAddress) && !behind.some(isCounted));
}

/** Where the first address of a device becomes another one, a reload takes all away and adds them again. */
function hasAddress({ options }: Stanza): boolean {
  return options.some(({ name, value }) => name === "address" && !value.includes(":"));
}

/** The settings of an address that belong to it by their number, which one more address before them would change. */
function isCounted({ options }: Stanza): boolean {
  const counted = ["netmask", "broadcast", "scope", "preferred-lifetime", "pointopoint"];
  return options.some(({ name }) => counted.includes(name));
}

function addressLines({ address, device }: Vip): string[] {
  const { family } = splitPrefix(address);
  // ifupdown2 adds it with a check for duplicates, which a real server that has the VIP and answers would make fail.
  const isUnchecked = `[ -n "$(ip -o addr show dev ${device} to ${address} nodad)" ]`;
  const again = `ip addr del ${address} dev ${device} 2>/dev/null; ip addr replace ${address} dev ${device} nodad`;
  return [`    address ${address}`, ...(family === "ipv4" ? [] : [`    up ${isUnchecked} || { ${again}; }`])];
}
