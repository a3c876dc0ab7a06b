import { isRunning } from "../../facts/keepalived/daemon";
import { fragmentPath } from "../../facts/keepalived/paths";
import type { Address } from "../../facts/network/addresses";
import { splitPrefix } from "../../model/network/interface-address";
import type { CommandStep, Step } from "../../step";
import { fragmentNameOf } from "./fragment";
import type { InstanceSeen } from "./refuse";
import type { VrrpInstance } from "./schema";

/**
 * At its start keepalived takes off what it finds of its addresses. So where this host has the first of them up by other means, another host
 * is to be master before: then clients go there, and miss nothing. Where no other one comes, this host goes on after the time in which one would.
 */
export function waitForAnother(want: VrrpInstance, seen: InstanceSeen): readonly CommandStep[] {
  const [first] = want.addresses;
  const isOurs = seen.keepalivedDaemon.loaded.includes(fragmentNameOf(want));
  if (first === undefined || (isOurs && isRunning(seen.keepalivedDaemon.unit.activeState))) return [];
  const { ip, family } = splitPrefix(first.address);
  const isUp = seen.addresses.addresses.some((one) => one.ip === ip && one.device === first.device);
  if (!isUp) return [];
  // Three messages that are missing, and at most one interval more for the one with the lowest priority.
  const tenths = Math.ceil((3 * want.advertInterval + Math.min(want.advertInterval, 1) + 0.6) * 10);
  const args = [family, first.device, ip, String(tenths)];
  // Adverts may be minutes apart.
  const doing = `waiting until another host is master of ${ip}, up to ${Math.ceil(tenths / 10)} s`;
  return [{ command: { sh: WAIT, args, patience: Math.ceil(tenths / 10), doing } }];
}

// arping asks as who has no address yet (-D), and fails where somebody answers. It takes a second for nobody.
const WAIT = `round=0
if [ "$1" = ipv4 ] && arping=$(command -v arping); then
  while [ $((round * 10)) -lt "$4" ]; do
    "$arping" -q -D -c 1 -w 1 -I "$2" "$3" || exit 0
    round=$((round + 1))
  done
else
  sleep $(($4 / 10 + 1))
fi`;

/**
 * The steps that take an instance away, where a VipAlias of this host has addresses of it by now: they stay. keepalived takes them off, so they are
 * put back at once, and neighbours are told for a while: the other host is master until its instance goes, too.
 */
export function leaveToAliases(name: string, seen: InstanceSeen, removal: readonly Step[]): readonly Step[] {
  const own = seen.moved.filter(({ file }) => file === fragmentPath(name)).map(({ ip }) => ip);
  const kept = seen.addresses.addresses.filter(
    ({ ip, device }) => own.includes(ip) && (seen.owners("VipAlias", `${ip} on ${device}`)?.names ?? []).length > 0,
  );
  return [...kept.map(putBack), ...removal, ...kept.map(announce)];
}

/** In the background, from before it goes. */
function putBack(address: Address): CommandStep {
  return { command: { sh: PUT_BACK, args: [`${address.ip}/${address.prefix}`, address.device, ...labelOf(address)] } };
}

const PUT_BACK = `address=$1 device=$2
shift 2
round=0
until ip addr add "$address" dev "$device" "$@" 2>/dev/null || [ $round -ge 250 ]; do
  round=$((round + 1))
  sleep 0.02 2>/dev/null || sleep 1
done </dev/null >/dev/null 2>&1 &`;

/** The address is there for certain, and told to neighbours each second for half a minute. */
function announce(address: Address): CommandStep {
  const words = [`${address.ip}/${address.prefix}`, address.device, address.ip, ...labelOf(address)];
  return { command: { sh: ANNOUNCE, args: words } };
}

const ANNOUNCE = `address=$1 device=$2 ip=$3
shift 3
ip addr replace "$address" dev "$device" "$@" || exit
case $ip in *:*) exit 0 ;; esac
arping=$(command -v arping) || {
  echo "arping is missing: neighbours with an ARP entry for $ip use it until it expires" >&2
  exit 0
}
"$arping" -q -U -c 30 -w 40 -I "$device" "$ip" </dev/null >/dev/null 2>&1 &`;

function labelOf({ label, device, ip }: Address): readonly string[] {
  if (label !== undefined && label !== device) return ["label", label];
  return ip.includes(":") ? ["nodad"] : [];
}
