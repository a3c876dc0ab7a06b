import { UserError } from "../../errors";
import type { Address, Addresses } from "../../facts/network/addresses";
import type { RouteLine } from "../../facts/network/routes";
import { splitPrefix } from "../../model/network/interface-address";
import type { Vip } from "../../model/network/vip";
import { type Command, type CommandStep, run } from "../../step";
import { endless, textOf } from "./forms";
import { comesBack, restoreLines, routesLostWith, secondariesOf } from "./lost-routes";
import type { VipSeen } from "./observation";
import type { WantedVip } from "./schema";

/**
 * Deletes addresses of ours. Refuses where a route that somebody made would go, too. Where the route to a subnet goes, our own way may
 * lead there, so the host takes the change back unless it is confirmed. `added`: a VIP that comes up first.
 */
export function removeAddresses(gone: readonly Address[], seen: VipSeen, added?: WantedVip): CommandStep[] {
  const lost = gone.map((address) => [address, lostBeside(address, seen, added)] as const);
  const plain = lost.filter(([, routes]) => routes.length === 0).map(([address]) => deleteAddress(address, seen));
  const risky = lost.filter(([, routes]) => routes.length > 0);
  if (risky.length === 0) return plain;
  for (const [address, routes] of risky) {
    refuseLosingSecondaries(address, seen.addresses);
    refuseLosing(address, routes);
  }
  const apply = risky.map(([address]) => deleteLine(address));
  const undo = risky.flatMap(([address, routes]) => [addLine(address), ...restoreLines(routes, address)]);
  return [...plain, { command: batch(apply), undo: batch(undo, "-force") }];
}

/**
 * Deletes an address and adds it again, as the VIP or as it was, and puts the routes back that go with it. One process runs all commands,
 * so that the gap is short.
 */
export function replaceAddress(found: Address, vip: WantedVip | undefined, seen: VipSeen): CommandStep {
  refuseLosingSecondaries(found, seen.addresses);
  const lost = routesLostWith(found, seen);
  const prefix = vip === undefined ? found.prefix : splitPrefix(vip.address).prefix;
  const attributes = vip === undefined ? (found.attributes ?? []) : endless(found);
  const line = addLine({ ...found, prefix, attributes }, vip ?? found);
  const command = batch([deleteLine(found), line, ...restoreLines(lost, found)]);
  if (lost.length === 0) return { command };
  return { command, undo: batch([addLine(found), ...restoreLines(lost, found)], "-force") };
}

/** The routes that go with the address when the VIP is up with another prefix length. */
function lostBeside(address: Address, seen: VipSeen, added: WantedVip | undefined): RouteLine[] {
  if (added === undefined) return routesLostWith(address, seen);
  const { ip, device } = address;
  const [, prefix] = added.address.split("/");
  const twin: Address = { device, ip, prefix: Number(prefix), secondary: false, dadFailed: false, label: device };
  const addresses = { ...seen.addresses, addresses: [...seen.addresses.addresses, twin] };
  return routesLostWith(address, { ...seen, addresses });
}

function refuseLosing(address: Address, routes: readonly RouteLine[]): void {
  const others = routes.filter((route) => !comesBack(route, address));
  if (others.length === 0) return;
  throw new UserError(
    [
      `removing ${textOf(address)} from ${address.device} would remove routes that depend on it:`,
      ...others.map(({ text }) => `  ${text}`),
      "Delete them on the host, or give them another source or gateway, and run again. To leave the address on the host, set the resource " +
        "option retainOnDelete: true and run `pulumi up`, before the resource is removed.",
    ].join("\n"),
  );
}

function deleteAddress(address: Address, { addresses }: VipSeen): CommandStep {
  refuseLosingSecondaries(address, addresses);
  return run("ip", ...deleteLine(address).split(" "));
}

function deleteLine(address: Address): string {
  return `addr del ${textOf(address)} dev ${address.device}`;
}

/**
 * As the address is, but for its label. IPv6 without duplicate address detection: that would find the other host again, or a real server
 * that has the VIP and answers.
 */
function addLine({ device, attributes = [], ...address }: Address, { label }: Pick<Vip, "label"> = address): string {
  const isIpv6 = address.label === undefined;
  const nodad = isIpv6 && !attributes.includes("nodad") ? ["nodad"] : [];
  const labelWords = label === undefined || label === device ? [] : ["label", label];
  return ["addr add", textOf(address), "dev", device, ...attributes, ...nodad, ...labelWords].join(" ");
}

function batch(lines: readonly string[], ...options: readonly string[]): Command {
  return { run: ["ip", ...options, "-batch", "-"], stdin: lines.map((line) => `${line}\n`).join("") };
}

/** Refuses to delete a primary address with secondaries: without promote_secondaries the kernel deletes those too. */
function refuseLosingSecondaries(primary: Address, addresses: Addresses): void {
  const { device } = primary;
  const secondaries = secondariesOf(primary, addresses);
  if (secondaries.length === 0 || addresses.promoteSecondaries.includes(device)) return;
  throw new UserError(
    `removing ${textOf(primary)} from ${device} would remove ${secondaries.map((one) => one.ip).join(", ")} too: it was there first, ` +
      "and the other addresses of its subnet are secondary to it. Set the kernel to promote them, " +
      `"sysctl -w net.ipv4.conf.${device.replaceAll(".", "/")}.promote_secondaries=1", and run again`,
  );
}
