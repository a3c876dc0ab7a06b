import { ipWords } from "../../dialects/network/ip-words";
import { UserError } from "../../errors";
import { type Address, type Addresses, MARK } from "../../facts/network/addresses";
import { isDummy } from "../../model/network/device";
import { splitAddress } from "../../model/network/interface-address";
import { type Vip } from "../../model/network/vip";
import { type Advice, type CommandStep, describeCommand, run } from "../../step";
import { type WantedVip } from "./schema";
import { formsOf } from "./seen";

/** `ip addr add 192.168.4.5/32 dev eth0 label eth0:0`, for a preview too. */
export function addCommand(vip: Pick<Vip, "address" | "device" | "label">): CommandStep {
  return run("ip", "addr", "add", ...ipWords(vip));
}

/** Adds the wanted form, then takes away the others. No other address is touched. */
export function bringUp(vip: WantedVip, seen: Addresses): CommandStep[] {
  refuseDevice(vip, seen);
  refuseLabel(vip, seen);
  const forms = formsOf(seen, vip);
  const { prefix } = splitAddress(vip.address);
  const same = forms.find((form) => form.prefix === prefix);
  const others = forms.filter((form) => form !== same);
  return [
    ...(isDummy(vip.device) ? [makeDummy(vip.device)] : []),
    ...(same === undefined ? [addCommand(vip)] : isSame(same, vip) ? [] : [exchange(same, vip, seen)]),
    ...others.map((form) => takeAway(form, seen)),
    ...(forms.length === 0 && announces(vip) ? [tellNeighbours(vip)] : []),
  ];
}

export function bringDown(vip: Vip, seen: Addresses): CommandStep[] {
  return formsOf(seen, vip).map((form) => takeAway(form, seen));
}

export function removeLink(device: string): CommandStep {
  return { ...run("ip", "link", "del", "dev", device), once: true };
}

export const advice: readonly Advice[] = [
  { when: /Cannot find device/, say: "The interface went away meanwhile: see `ip link` on the host." },
  {
    when: /Permission denied/,
    say: "For an IPv6 address this means that IPv6 is off on the interface: see net.ipv6.conf.*.disable_ipv6. Otherwise: not root.",
  },
  {
    when: /Could not load file/,
    say: "NetworkManager refuses the profile, and would at boot. It must belong to root, with mode 0600.",
  },
  { when: /Operation not permitted/, say: "Changing addresses takes root: connect as root, or set sudo: true." },
  { when: /Unknown device type|Operation not supported/, say: "The kernel has no dummy interfaces: use lo." },
];

function isSame({ label, failed }: Address, vip: Vip): boolean {
  return label === vip.label && !failed;
}

/** The kernel changes no label, and none of an address that failed: away and back, in one process, so there is next to no gap. */
function exchange(form: Address, vip: Vip, seen: Addresses): CommandStep {
  refuseIfOthersGoAlong(form, seen);
  const lines = [
    ["addr", "del", `${form.ip}/${form.prefix}`, "dev", form.device],
    ["addr", "add", ...ipWords(vip)],
  ];
  return { command: { run: ["ip", "-batch", "-"], stdin: lines.map((line) => `${line.join(" ")}\n`).join("") } };
}

function takeAway(form: Address, seen: Addresses): CommandStep {
  refuseIfOthersGoAlong(form, seen);
  return run("ip", "addr", "del", `${form.ip}/${form.prefix}`, "dev", form.device);
}

/** The first address of a subnet on an interface takes all later ones along, unless the kernel is told to promote them. */
function refuseIfOthersGoAlong(form: Address, { addresses, promotes }: Addresses): void {
  if (form.secondary || form.prefix === 32 || form.label === undefined || promotes.includes(form.device)) return;
  const along = addresses.filter(
    (one) =>
      one.secondary &&
      one.device === form.device &&
      one.prefix === form.prefix &&
      sameSubnet(one.ip, form.ip, form.prefix),
  );
  if (along.length === 0) return;
  throw new UserError(
    `removing ${form.ip}/${form.prefix} from ${form.device} would take ${along.map(({ ip }) => ip).join(", ")} along: it was ` +
      `there first, and the others of its subnet are secondary to it. Tell the kernel to promote them, ` +
      `"sysctl -w net.ipv4.conf.${form.device.replaceAll(".", "/")}.promote_secondaries=1", and run again`,
  );
}

function sameSubnet(a: string, b: string, prefix: number): boolean {
  const number = (ip: string) => ip.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  const size = 2 ** (32 - prefix);
  return Math.floor(number(a) / size) === Math.floor(number(b) / size);
}

function refuseDevice({ device }: Vip, { devices }: Addresses): void {
  if (devices.includes(device) || isDummy(device)) return;
  throw new UserError(`this host has no device ${device}, only ${devices.join(", ")}`);
}

/** A label names one address for the host's scripts, which would remove or replace the other one. */
function refuseLabel(vip: WantedVip, { addresses }: Addresses): void {
  const { ip } = splitAddress(vip.address);
  const other = addresses.find((one) => vip.label !== undefined && one.label === vip.label && one.ip !== ip);
  if (other === undefined) return;
  throw new UserError(
    `the label ${vip.label} belongs to ${other.ip}/${other.prefix} already. Choose another, such as "${free(vip, addresses)}"`,
  );
}

function free({ device }: Vip, addresses: readonly Address[]): string {
  let number = 0;
  while (addresses.some(({ label }) => label === `${device}:${number}`)) number++;
  return `${device}:${number}`;
}

/** The module brings dummy0 along, so "add" may find it there. Marked, so that we know it again and remove it in the end. */
function makeDummy(device: string): CommandStep {
  return { command: { sh: MAKE_DUMMY, args: [device, MARK] }, once: true };
}

const MAKE_DUMMY = `if ! [ -e "/sys/class/net/$1" ]; then
  ip link add "$1" type dummy || [ -e "/sys/class/net/$1" ] || exit 1
  ip link set "$1" alias "$2" || exit 1
fi
ip link set "$1" up`;

function announces({ role, address, gratuitousArp }: WantedVip): boolean {
  return role === "director" && gratuitousArp !== false && splitAddress(address).family === "ipv4";
}

/**
 * Gratuitous ARP, as a question (-U) and as an answer (-A), for hosts heed only one of them. In the background, since each
 * packet after the first takes a second, and nobody has to wait.
 */
function tellNeighbours(vip: Vip): CommandStep {
  return { command: { sh: TELL, args: [vip.device, splitAddress(vip.address).ip] } };
}

const TELL = `arping=$(command -v arping) || {
  echo "arping is missing: neighbours that knew $2 elsewhere will ask again when their entry is too old" >&2
  exit 0
}
( "$arping" -q -U -c 3 -I "$1" "$2"; "$arping" -q -A -c 2 -I "$1" "$2" ) </dev/null >/dev/null 2>&1 &`;

/** For a preview: what brings the address up. */
export function ruleOf(vip: WantedVip): readonly string[] {
  return [
    describeCommand(addCommand(vip).command),
    ...(announces(vip) ? [`arping -U -I ${vip.device} ${splitAddress(vip.address).ip}`] : []),
    ...(vip.boot ? [`at boot: ${vip.networkManager ?? "the host's own network configuration"}`] : []),
  ];
}
