import type { Address, Addresses } from "../../facts/network/addresses";
import type { RouteLine } from "../../facts/network/routes";
import { familyOf } from "../../model/network/address";
import { isSilent } from "../../model/network/device";
import { isSameSubnet, networkOf } from "../../model/network/subnet";
import type { VipSeen } from "./observation";

/**
 * The routes that the kernel removes together with an address:
 * - with the last IPv4 address of an interface, all of its routes, the default gateway included;
 * - with the last place of an IP on the host, the routes that have it as their source, in any table;
 * - the route to the subnet, if no other address of the interface is in it. On lo, a dummy or a tunnel it leads nowhere.
 */
export function routesLostWith(address: Address, seen: Pick<VipSeen, "addresses" | "routes">): RouteLine[] {
  const { device, ip, prefix } = address;
  const family = familyOf(ip);
  const others = seen.addresses.addresses.filter((one) => one !== address && familyOf(one.ip) === family);
  const neighbours = others.filter((one) => one.device === device);
  const isLast = family === "ipv4" && neighbours.length === 0;
  const isElsewhere = others.some((one) => one.ip === ip);
  const hasHeir = neighbours.some((one) => one.prefix === prefix && isSameSubnet(one.ip, ip, prefix));
  const subnet = hasHeir ? undefined : networkOf(ip, prefix);
  return seen.routes.filter((route) => {
    const isOn = route.devices.includes(device);
    if (route.byKernel && isOn && isSilent(device)) return false;
    if (route.byKernel && isOn && subnet !== undefined && route.text.startsWith(`${subnet} `)) return true;
    return (isLast && isOn) || (route.source === ip && !isElsewhere && !isOwnSubnetRoute(route, address, hasHeir));
  });
}

/** Those behind a primary address. Deleted, it takes them along, or without it they come in another order. */
export function secondariesOf({ device, ip, prefix, ...primary }: Address, { addresses }: Addresses): Address[] {
  if (primary.secondary || primary.label === undefined) return [];
  return addresses.filter(
    (one) => one.secondary && one.device === device && one.prefix === prefix && isSameSubnet(one.ip, ip, prefix),
  );
}

/** The kernel gives the route to the subnet to the next address of it. */
function isOwnSubnetRoute(route: RouteLine, { device, ip, prefix }: Address, hasHeir: boolean): boolean {
  const subnet = networkOf(ip, prefix);
  return hasHeir && route.byKernel && route.devices.includes(device) && route.text.startsWith(`${subnet ?? ip} `);
}

/** Whether the kernel makes the route again when the address comes back. */
export function comesBack({ byKernel }: RouteLine, { attributes }: Address): boolean {
  return byKernel && attributes?.includes("noprefixroute") !== true;
}

/** Lines for `ip -batch` that make routes again: those without a gateway first, because the others need them. */
export function restoreLines(lost: readonly RouteLine[], address: Address): string[] {
  const mine = lost.filter((route) => !comesBack(route, address)).map(({ text }) => text);
  const needs = (text: string) => text.includes(" via ");
  return [...mine.filter((text) => !needs(text)), ...mine.filter(needs)].map((text) => `route replace ${text}`);
}
