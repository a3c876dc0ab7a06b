import { splitPrefix } from "../../../model/network/interface-address";
import type { Vip } from "../../../model/network/vip";
import { addressCommands, dummyLines } from "./stanza-options";

/**
 * `manual` with `ip addr replace`: a `static` stanza fails if the address is up already, so the first `ifup` or restart of
 * networking by an operator would fail. IPv6 has no labels: its stanza is one more for the device, which ifupdown merges.
 */
export function stanzaLines(vip: Vip): string[] {
  const { family } = splitPrefix(vip.address);
  const name = stanzaName(vip);
  return [
    `auto ${name}`,
    `iface ${name} ${family === "ipv4" ? "inet" : "inet6"} manual`,
    ...dummyLines(vip),
    ...addressCommands(vip),
  ];
}

export function stanzaName({ address, device, label }: Vip): string {
  return splitPrefix(address).family === "ipv4" ? (label ?? device) : device;
}
