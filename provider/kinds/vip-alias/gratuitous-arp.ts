import { splitPrefix } from "../../model/network/interface-address";
import type { Vip } from "../../model/network/vip";
import type { CommandStep } from "../../step";
import type { WantedVip } from "./schema";

export function sendsGratuitousArp({ role, address, gratuitousArp }: WantedVip): boolean {
  return role === "director" && gratuitousArp !== false && splitPrefix(address).family === "ipv4";
}

/**
 * Gratuitous ARP as requests (-U) and as replies (-A): some neighbours update their entry by only one of the two. It runs in the
 * background, because arping waits a second between packets.
 */
export function sendGratuitousArp({ device, address }: Vip): CommandStep {
  return { command: { sh: SEND_ARP, args: [device, splitPrefix(address).ip] } };
}

const SEND_ARP = `arping=$(command -v arping) || {
  echo "arping is missing: neighbours with an ARP entry for $2 use it until it expires" >&2
  exit 0
}
( "$arping" -q -U -c 3 -I "$1" "$2"; "$arping" -q -A -c 2 -I "$1" "$2" ) </dev/null >/dev/null 2>&1 &`;

/** For a preview. */
export function arpingWords({ device, address }: Vip): string[] {
  return ["arping", "-U", "-I", device, splitPrefix(address).ip];
}
