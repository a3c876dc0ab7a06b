import { createHash } from "node:crypto";
import { linesAt, type NetworkConfig } from "../../../facts/network/managers";
import { isDummy } from "../../../model/network/device";
import { splitPrefix } from "../../../model/network/interface-address";
import type { Vip } from "../../../model/network/vip";
import type { CommandStep, FileStep } from "../../../step";
import { type BootFile, significantLines } from "../boot-file";
import { addressesIn, foundAddressesIn, withAddress, withoutAddress } from "./keyfile";

export const PROFILES = "/etc/NetworkManager/system-connections";

/** Adds the address to a profile of the host. All other lines stay as they are. */
export function addToProfile(vip: Vip, path: string): BootFile {
  const { family } = splitPrefix(vip.address);
  const edit = (lines: readonly string[]) => withAddress(withoutVip(vip, lines), family, vip.address);
  return {
    path,
    text: `address ${vip.address}`,
    matches: (lines) => prefixesIn(vip, lines).join() === vip.address,
    // A profile that was deleted meanwhile is not created again: it is the host's.
    edit: (before) => (before === undefined ? undefined : edit(before.split("\n")).join("\n")),
  };
}

/** Our own profile, for an interface that has VIPs only. All VIPs of the interface share it. */
export function ownProfile(vip: Vip): BootFile {
  const path = `${PROFILES}/pulumi-lvs-${vip.device}.nmconnection`;
  const wanted = (lines: readonly string[]) => ownLines(vip.device, [...vipsIn(withoutVip(vip, lines)), vip.address]);
  return {
    path,
    mode: "0600",
    text: `VIP ${vip.address}`,
    matches: (lines) =>
      prefixesIn(vip, lines).join() === vip.address &&
      significantLines(lines).join("\n") === significantLines(ownLines(vip.device, vipsIn(lines))).join("\n"),
    edit: (before) => wanted((before ?? "").split("\n")).join("\n"),
  };
}

export function removeFromProfile(vip: Vip, path: string): FileStep {
  const edit = (before: string | undefined): string | undefined => {
    if (before === undefined) return undefined;
    const left = withoutVip(vip, before.split("\n"));
    if (!isOwnProfile(path)) return left.join("\n");
    const vips = vipsIn(left);
    return vips.length === 0 ? undefined : ownLines(vip.device, vips).join("\n");
  };
  return { file: path, edit, summary: `remove ${vip.address}` };
}

/** Whether the profile has this VIP, with any prefix length. */
export function hasAddress(vip: Vip, path: string, config: NetworkConfig): boolean {
  return prefixesIn(vip, linesAt(config, path) ?? []).length > 0;
}

/** The VIP's IP as an address that a profile of the host had before us: it is not changed there, nor removed. */
export function foundAddress({ address }: Vip, path: string, config: NetworkConfig): string | undefined {
  if (isOwnProfile(path)) return undefined;
  const { ip, family } = splitPrefix(address);
  return foundAddressesIn(linesAt(config, path) ?? [], family).find((one) => one.split("/")[0] === ip);
}

export function isOwnProfile(path: string): boolean {
  return path.startsWith(`${PROFILES}/pulumi-lvs-`);
}

/** Without a reload NetworkManager would overwrite the file at the next change of the profile. A reload activates nothing. */
export function reloadProfile(path: string): CommandStep {
  return { command: { sh: RELOAD_PROFILE, args: [path] }, once: true };
}

// 8: NetworkManager is not running, and reads the file when it starts.
const RELOAD_PROFILE = `command -v nmcli >/dev/null || exit 0
output=$(LC_ALL=C nmcli connection load "$1" 2>&1) && case $output in *"ould not load"*) false ;; esac
case $? in 0 | 8) ;; *) echo "$output" >&2; exit 1 ;; esac`;

/**
 * Makes NetworkManager forget our profile after its file was removed, because it would create the dummy again. Not while the interface
 * has other addresses, because deleting an active profile removes them too. Earlier versions of this package gave `lo` such a profile.
 * When NetworkManager 1.52 gives that up, it removes the kernel's route to 127.0.0.0/8, and does so after it has answered: what is
 * missing of the addresses and routes of before is put back until the interface is NetworkManager's no longer.
 */
export function forgetProfile(device: string, path: string): CommandStep {
  return { command: { sh: FORGET_PROFILE, args: [path, uuidOf(device), device] }, once: true };
}

// 10: NetworkManager never loaded the profile.
// shellcheck disable=SC2086: a route is several words.
const FORGET_PROFILE = `[ ! -e "$1" ] && command -v nmcli >/dev/null || exit 0
[ -z "$(ip -o addr show dev "$3" scope global 2>/dev/null)" ] || exit 0
loopback() { ip -4 route show table local dev lo; }
[ "$3" = lo ] && before=$(loopback)
output=$(nmcli connection delete uuid "$2" 2>&1)
case $? in 0) ;; 8 | 10) exit 0 ;; *) echo "$output" >&2; exit 1 ;; esac
[ "$3" = lo ] || exit 0
for pause in 0 .2 .3 .5 .7; do
  sleep "$pause"
  now=$(loopback)
  while IFS= read -r route; do
    [ -n "$route" ] || continue
    case "
$now
" in *"
$route
"*) continue ;; esac
    set -f
    ip -4 route replace $route dev lo table local || exit
  done <<END
$before
END
done`;

/**
 * Removes the route of an IPv6 address: NetworkManager adds such addresses without the kernel's route and with one of its own, which
 * stays when the address is deleted.
 */
export function dropRoute({ address, device }: Vip): CommandStep[] {
  return splitPrefix(address).family === "ipv6" ? [{ command: { sh: DROP_ROUTE, args: [address, device] } }] : [];
}

const DROP_ROUTE = `[ -z "$(ip -6 -o addr show dev "$2" to "$1" 2>/dev/null)" ] || exit 0
[ -z "$(ip -6 route show exact "$1" dev "$2" proto kernel 2>/dev/null)" ] || ip -6 route del "$1" dev "$2" proto kernel`;

function ownLines(device: string, vips: readonly string[]): string[] {
  const isSix = (address: string) => address.includes(":");
  return [
    "# carries VIPs, by pulumi-lvs",
    "[connection]",
    `id=pulumi-lvs-${device}`,
    `uuid=${uuidOf(device)}`,
    `type=${isDummy(device) ? "dummy" : "loopback"}`,
    `interface-name=${device}`,
    "",
    ...section("ipv4", [...(device === "lo" ? ["127.0.0.1/8"] : []), ...vips.filter((vip) => !isSix(vip))]),
    "",
    ...section("ipv6", [...(device === "lo" ? ["::1/128"] : []), ...vips.filter(isSix)]),
    "",
  ];
}

function section(name: string, addresses: readonly string[]): string[] {
  const entries = addresses.map((address, index) => `address${index + 1}=${address}`);
  return [`[${name}]`, ...entries, `method=${addresses.length === 0 ? "disabled" : "manual"}`];
}

function vipsIn(lines: readonly string[]): string[] {
  const all = [...addressesIn(lines, "ipv4"), ...addressesIn(lines, "ipv6")];
  return all.filter((address) => address !== "127.0.0.1/8" && address !== "::1/128");
}

function prefixesIn({ address }: Vip, lines: readonly string[]): string[] {
  const { ip, family } = splitPrefix(address);
  return addressesIn(lines, family).filter((one) => one.split("/")[0] === ip);
}

function withoutVip({ address }: Vip, lines: readonly string[]): string[] {
  const { ip, family } = splitPrefix(address);
  return withoutAddress(lines, family, ip);
}

/** NetworkManager identifies a profile by its UUID. It depends on the device only, so a removal knows it without a look at the file. */
function uuidOf(device: string): string {
  const hex = createHash("sha1").update(`pulumi-lvs ${device}`).digest("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), `5${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    "-",
  );
}
