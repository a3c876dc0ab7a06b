import { ipAddressWords } from "../../dialects/network/ip-words";
import { UserError } from "../../errors";
import type { Address, Addresses } from "../../facts/network/addresses";
import { isDummy } from "../../model/network/device";
import { splitPrefix } from "../../model/network/interface-address";
import { freeLabel } from "../../model/network/label";
import type { Vip } from "../../model/network/vip";
import { type Advice, type CommandStep, run, type Step } from "../../step";
import { askAdvice, askNetwork, asksBefore } from "./ask";
import { createDummy } from "./dummy";
import { dropRecord, endless, formsOf, hasEnd, recordAbsence, textOf } from "./forms";
import { sendGratuitousArp, sendsGratuitousArp } from "./gratuitous-arp";
import { earlierOwner, isRightLabel } from "./label";
import { linkProblem, type VipSeen } from "./observation";
import { removeAddresses, replaceAddress } from "./removal";
import type { WantedVip } from "./schema";

/** `ip addr add 192.168.4.5/32 dev eth0 label eth0:0` */
export function addCommand(vip: Pick<Vip, "address" | "device" | "label">): CommandStep {
  return run("ip", "addr", "add", ...ipAddressWords(vip));
}

/**
 * Adds the address with the desired prefix length, then deletes those of ours with other lengths. No other address is changed, and one
 * that the host's routes depend on stays as it is. An interface has an IPv6 address only once, whatever its prefix length, so there the
 * old one is deleted first.
 *
 * @param vip with the label that it gets on this host.
 */
export function bringUp(vip: WantedVip, seen: VipSeen, known: Vip | undefined): Step[] {
  refuseMissingDevice(vip, seen.addresses);
  refuseBrokenLink(vip, seen.addresses);
  const { wanted, strays, kept } = formsOf(seen, vip, known);
  const isAbsent = wanted === undefined && strays.length === 0 && kept.length === 0;
  return [
    ...(isDummy(vip.device) ? [createDummy(vip.device)] : []),
    ...(isAbsent && asksBefore(vip) ? askNetwork(vip) : []),
    ...(isAbsent ? recordAbsence(vip, seen) : []),
    ...(wanted === undefined ? [addNew(vip, seen)] : adjust(wanted, kept.includes(wanted), vip, seen)),
    ...removeAddresses(strays, seen, vip),
    ...(isAbsent && sendsGratuitousArp(vip) ? [sendGratuitousArp(vip)] : []),
  ];
}

export function bringDown(vip: Vip, seen: VipSeen): readonly Step[] {
  return [...removeAddresses(ownForms(vip, seen), seen), ...dropRecord(vip, seen)];
}

/** The addresses that go with a VIP. */
export function ownForms(vip: Vip, seen: VipSeen): readonly Address[] {
  const { wanted, strays, kept } = formsOf(seen, vip, vip);
  return wanted === undefined || kept.includes(wanted) ? strays : [wanted, ...strays];
}

export const advice: readonly Advice[] = [
  askAdvice,
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

function addNew(vip: WantedVip, seen: VipSeen): CommandStep {
  refuseLabelInUse(vip, seen.addresses);
  return addCommand(vip);
}

/** The address is there, with the desired prefix length or one that stays. The kernel can change neither that nor its label. */
function adjust(found: Address, isKept: boolean, vip: WantedVip, seen: VipSeen): CommandStep[] {
  const hasPrefix = found.prefix === splitPrefix(vip.address).prefix;
  if (isKept) return found.dadFailed ? [replaceAddress(found, undefined, seen)] : [];
  if (hasPrefix && !found.dadFailed && hasLabel(found, vip, seen)) return hasEnd(found) ? [keepForEver(found)] : [];
  refuseLabelInUse(vip, seen.addresses);
  return [replaceAddress(found, vip, seen)];
}

/** In place: no route goes. The kernel sets all flags anew, so they are said again. */
function keepForEver(found: Address): CommandStep {
  const forEver = ["valid_lft", "forever", "preferred_lft", "forever"];
  return run("ip", "addr", "change", textOf(found), "dev", found.device, ...endless(found), ...forEver);
}

/** IPv6 has no labels. An address without one has the name of its device. */
function hasLabel({ label }: Address, vip: WantedVip, seen: VipSeen): boolean {
  if (label === undefined) return true;
  const wanted = { ...vip, label: vip.label ?? vip.device };
  return isRightLabel(label, wanted) && earlierOwner(label, wanted, seen) === undefined;
}

function refuseMissingDevice({ device }: Vip, { devices }: Addresses): void {
  if (devices.includes(device) || isDummy(device)) return;
  throw new UserError(`this host has no device ${device}, only ${devices.join(", ")}`);
}

/** A NIC is the operator's: we do not set it up. */
function refuseBrokenLink({ address, device }: Vip, addresses: Addresses): void {
  const problem = linkProblem({ device }, addresses);
  if (problem === undefined) return;
  const remedy = problem === "is down" ? `Set it up ("ip link set dev ${device} up", or ifup)` : "Restore its link";
  throw new UserError(
    `${device} ${problem} on this host, so nobody on its network would be answered at ${splitPrefix(address).ip}. ${remedy}, and run again`,
  );
}

/** Refuses a label of another address: scripts identify an address by its label, and would replace or remove the wrong one. */
function refuseLabelInUse(vip: WantedVip, { addresses }: Addresses): void {
  const { ip } = splitPrefix(vip.address);
  const other = addresses.find((one) => vip.label !== undefined && one.label === vip.label && one.ip !== ip);
  if (other === undefined) return;
  const free = freeLabel(vip.device, (label) => addresses.some((one) => one.label === label));
  throw new UserError(
    `the label ${vip.label} belongs to ${other.ip}/${other.prefix} already. Choose another, such as "${free ?? ""}"`,
  );
}
