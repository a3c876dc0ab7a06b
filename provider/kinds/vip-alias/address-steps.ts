import { ipAddressWords } from "../../dialects/network/ip-words";
import { UserError } from "../../errors";
import type { Address, Addresses } from "../../facts/network/addresses";
import { isDummy } from "../../model/network/device";
import { splitPrefix } from "../../model/network/interface-address";
import { freeLabel } from "../../model/network/label";
import { isSameSubnet } from "../../model/network/subnet";
import type { Vip } from "../../model/network/vip";
import { type Advice, type CommandStep, run } from "../../step";
import { createDummy } from "./dummy";
import { sendGratuitousArp, sendsGratuitousArp } from "./gratuitous-arp";
import { addressesOf } from "./observation";
import type { WantedVip } from "./schema";

/** `ip addr add 192.168.4.5/32 dev eth0 label eth0:0` */
export function addCommand(vip: Pick<Vip, "address" | "device" | "label">): CommandStep {
  return run("ip", "addr", "add", ...ipAddressWords(vip));
}

/**
 * Adds the address with the desired prefix length, then deletes those with other lengths. No other address is changed. An interface has
 * an IPv6 address only once, whatever its prefix length, so there the old one is deleted first.
 */
export function bringUp(vip: WantedVip, seen: Addresses): CommandStep[] {
  refuseMissingDevice(vip, seen);
  refuseLabelInUse(vip, seen);
  const existing = addressesOf(seen, vip);
  const { prefix, family } = splitPrefix(vip.address);
  const replaced = existing.find((one) => one.prefix === prefix) ?? (family === "ipv6" ? existing[0] : undefined);
  return [
    ...(isDummy(vip.device) ? [createDummy(vip.device)] : []),
    ...(replaced === undefined ? [addCommand(vip)] : isCurrent(replaced, vip) ? [] : [addAgain(replaced, vip, seen)]),
    ...existing.filter((address) => address !== replaced).map((address) => deleteAddress(address, seen)),
    ...(existing.length === 0 && sendsGratuitousArp(vip) ? [sendGratuitousArp(vip)] : []),
  ];
}

export function bringDown(vip: Vip, seen: Addresses): CommandStep[] {
  return addressesOf(seen, vip).map((address) => deleteAddress(address, seen));
}

export const advice: readonly Advice[] = [
  { when: /Cannot find device/, say: "The interface has disappeared meanwhile: see `ip link` on the host." },
  {
    when: /Permission denied/,
    say: "For an IPv6 address: IPv6 is disabled on the interface, see net.ipv6.conf.*.disable_ipv6. Otherwise: not root.",
  },
  {
    when: /Could not load file/,
    say: "NetworkManager refuses the profile, and would at boot. It must belong to root, with mode 0600.",
  },
  { when: /Operation not permitted/, say: "Changing addresses needs root: connect as root, or set sudo: true." },
  { when: /Unknown device type|Operation not supported/, say: "The kernel has no dummy interfaces: use lo." },
];

function isCurrent({ label, prefix, dadFailed }: Address, vip: Vip): boolean {
  return label === vip.label && prefix === splitPrefix(vip.address).prefix && !dadFailed;
}

/**
 * Deletes the address and adds it again, because the kernel can neither change a label nor revive an address whose duplicate
 * detection failed. One process runs both commands, so that the gap is short.
 */
function addAgain(address: Address, vip: Vip, seen: Addresses): CommandStep {
  refuseLosingSecondaries(address, seen);
  const lines = [
    ["addr", "del", `${address.ip}/${address.prefix}`, "dev", address.device],
    ["addr", "add", ...ipAddressWords(vip)],
  ];
  return { command: { run: ["ip", "-batch", "-"], stdin: lines.map((line) => `${line.join(" ")}\n`).join("") } };
}

function deleteAddress(address: Address, seen: Addresses): CommandStep {
  refuseLosingSecondaries(address, seen);
  return run("ip", "addr", "del", `${address.ip}/${address.prefix}`, "dev", address.device);
}

/** Refuses to delete a primary address with secondaries: without promote_secondaries the kernel deletes those too. */
function refuseLosingSecondaries(primary: Address, { addresses, promoteSecondaries }: Addresses): void {
  const { device, ip, prefix } = primary;
  if (primary.secondary || primary.label === undefined || promoteSecondaries.includes(device)) return;
  const secondaries = addresses.filter(
    (one) => one.secondary && one.device === device && one.prefix === prefix && isSameSubnet(one.ip, ip, prefix),
  );
  if (secondaries.length === 0) return;
  throw new UserError(
    `removing ${ip}/${prefix} from ${device} would remove ${secondaries.map((one) => one.ip).join(", ")} too: it was there first, ` +
      "and the other addresses of its subnet are secondary to it. Set the kernel to promote them, " +
      `"sysctl -w net.ipv4.conf.${device.replaceAll(".", "/")}.promote_secondaries=1", and run again`,
  );
}

function refuseMissingDevice({ device }: Vip, { devices }: Addresses): void {
  if (devices.includes(device) || isDummy(device)) return;
  throw new UserError(`this host has no device ${device}, only ${devices.join(", ")}`);
}

/** Refuses a label of another address: scripts identify an address by its label, and would replace or remove the wrong one. */
function refuseLabelInUse(vip: WantedVip, { addresses }: Addresses): void {
  const { ip } = splitPrefix(vip.address);
  const other = addresses.find((one) => vip.label !== undefined && one.label === vip.label && one.ip !== ip);
  if (other === undefined) return;
  const free = freeLabel(vip.device, (label) => addresses.some((one) => one.label === label));
  throw new UserError(
    `the label ${vip.label} belongs to ${other.ip}/${other.prefix} already. Choose another, such as "${free}"`,
  );
}
