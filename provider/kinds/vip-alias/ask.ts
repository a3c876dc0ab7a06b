import { splitPrefix } from "../../model/network/interface-address";
import type { Vip } from "../../model/network/vip";
import type { Advice, CommandStep } from "../../step";
import type { WantedVip } from "./schema";

/**
 * Whether the network is asked for the address before it comes up. A real server's VIP is on an interface that asks and answers nobody.
 */
export function asksBefore({ role, allowDuplicateAddress }: WantedVip): boolean {
  return role === "director" && allowDuplicateAddress !== true;
}

/**
 * Asks by ARP or neighbour discovery who has the address, and fails if somebody answers. The kernel asks, so no program is needed for it,
 * and all VIPs of a batch are asked for at once: the wait is one command for all.
 */
export function askNetwork({ device, address }: Vip): CommandStep[] {
  const args = [device, splitPrefix(address).ip];
  return [
    { command: { sh: ASK, args } },
    { command: { sh: WAIT }, once: true },
    { command: { sh: REFUSE_IF_ANSWERED, args } },
  ];
}

/** For a preview. */
export function askWords({ device, address }: Vip): string {
  return `ask on ${device} who has ${splitPrefix(address).ip}, and go on if nobody answers`;
}

/** The card of the host that answered, from an error that says so. */
export function holderIn(error: string): string | undefined {
  return ANSWERED.exec(error)?.[1];
}

const ANSWERED = /is in use on the network of \S+, by ([0-9a-f:]+)/;

export const askAdvice: Advice = {
  when: ANSWERED,
  say:
    "The address was not brought up. A real server that holds the VIP without arp_ignore=1 answers like that: it needs its DrKernelTuning " +
    'or TunKernelTuning first. If both hosts may have the address for a while, set "allowDuplicateAddress: true".',
};

// `use` makes the kernel resolve the entry. An entry of earlier would be taken for an answer; one that an operator set is left alone.
// iproute2 before 5.16 (Debian 11, Ubuntu 22.04) knows no such word: there perl, which each Debian has, says the same to the kernel.
// Without it a ping does, for IPv6 in a subnet of the NIC only. With -r, no gateway is asked for in place of the address.
const ASK = `case $(ip neigh show to "$2" dev "$1") in
*PERMANENT* | *NOARP*) exit 0 ;;
*lladdr*) ip neigh replace "$2" dev "$1" nud failed || exit 0 ;;
esac
ip neigh replace "$2" dev "$1" nud none use 2>/dev/null && exit
{ read -r index <"/sys/class/net/$1/ifindex"; } 2>/dev/null && perl -e '${useNeighbour()}' "$index" "$2" 2>/dev/null && exit
case $2 in *:*) program=ping6 ;; *) program="ping -r" ;; esac
$program -q -n -c 1 -w 1 -I "$1" "$2" </dev/null >/dev/null 2>&1 &
exit 0`;

// The kernel asks again after 1 s.
const WAIT = "sleep 1.1 2>/dev/null || sleep 1";

// Another NIC of this host may be on the same network.
const REFUSE_IF_ANSWERED = `said=$(ip neigh show to "$2" dev "$1")
case $said in
*PERMANENT* | *NOARP*) exit 0 ;;
*" lladdr "*) mac=\${said#* lladdr } mac=\${mac%% *} ;;
*) ip neigh del "$2" dev "$1" 2>/dev/null; exit 0 ;;
esac
for file in /sys/class/net/*/address; do
  own=
  { read -r own <"$file"; } 2>/dev/null
  [ "$own" != "$mac" ] || exit 0
done
echo "$2 is in use on the network of $1, by $mac" >&2
exit 1`;

/**
 * The message of rtnetlink(7) that `ip neigh replace ... use` sends: RTM_NEWNEIGH, to be created or replaced and acknowledged, of the state
 * NONE, with the flag USE, and the address as NDA_DST. The kernel answers within the call that sends it.
 */
function useNeighbour(): string {
  return `use Socket;
my ($index, $ip) = @ARGV;
my $family = $ip =~ /:/ ? AF_INET6 : AF_INET;
my $to = Socket::inet_pton($family, $ip);
my $entry = pack("CxxxlSCCSS", $family, $index, 0, 1, 0, 4 + length $to, 1) . $to;
socket my $kernel, 16, SOCK_RAW, 0 or die;
send $kernel, pack("LSSLL", 16 + length $entry, 28, 0x505, 1, 0) . $entry, 0 or die;
recv $kernel, my $answer, 4096, 0;
exit(unpack("x16l", $answer) != 0);`;
}
