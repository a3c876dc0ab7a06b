import ipaddr from "ipaddr.js";
import { canonicalAddress, familyOf } from "./address";
import { HOST_PREFIX } from "./interface-address";

/** `255.255.255.0` for 24. */
export function netmaskOf(prefix: number): string {
  return ipaddr.IPv4.subnetMaskFromPrefixLength(prefix).toString();
}

/** Whether two addresses of one family have the same first `prefix` bits. */
export function isSameSubnet(a: string, b: string, prefix: number): boolean {
  return ipaddr.parse(a).match(ipaddr.parse(b), prefix);
}

/** `192.168.2.0/24` for 192.168.2.100 and 24; undefined for the prefix of a single address. */
export function networkOf(address: string, prefix: number): string | undefined {
  const family = familyOf(address);
  if (prefix >= HOST_PREFIX[family]) return undefined;
  const cidr = `${address}/${prefix}`;
  const network =
    family === "ipv4" ? ipaddr.IPv4.networkAddressFromCIDR(cidr) : ipaddr.IPv6.networkAddressFromCIDR(cidr);
  return `${canonicalAddress(network.toString())}/${prefix}`;
}
