import { LINK_MARK } from "../../facts/network/addresses";
import { type CommandStep, run } from "../../step";

/** Creates a dummy interface if it does not exist, marks it as ours so that we may remove it later, and sets it up. */
export function createDummy(device: string): CommandStep {
  return { command: { sh: CREATE_DUMMY, args: [device, LINK_MARK] }, once: true, claims: linkOf(device) };
}

// Loading the module creates dummy0, so "ip link add" may fail because it exists.
const CREATE_DUMMY = `if ! [ -e "/sys/class/net/$1" ]; then
  ip link add "$1" type dummy || [ -e "/sys/class/net/$1" ] || exit 1
  ip link set "$1" alias "$2" || exit 1
fi
ip link set "$1" up`;

/** Not where another job of the batch needs it. */
export function removeLink(device: string): CommandStep {
  return { ...run("ip", "link", "del", "dev", device), once: true, releases: linkOf(device) };
}

const linkOf = (device: string) => `link ${device}`;
