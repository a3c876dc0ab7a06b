/**
 * Prints all that a trial may change, in few processes: each takes its time on a guest. Numbers of devices and the order of settings
 * have no meaning.
 */
export const LOOK = `
export LC_ALL=C
ip -o addr | sed 's/^[0-9]*: //; s/ *\\\\\\\\.*//'; ip -4 route show table all; ip rule; ipvsadm -Sn 2>/dev/null | sort
cd /proc/sys/net/ipv4 && grep -s '' conf/*/arp_ignore conf/*/arp_announce conf/*/rp_filter conf/*/send_redirects ip_forward
grep nfs /proc/mounts; [ ! -e /var/lib/nfs/etab ] || sort /var/lib/nfs/etab
systemctl list-units --plain --no-legend --no-pager --state=active crash.service 'pulumi-lvs*' | cut -d' ' -f1
find /etc /var/lib/pulumi-lvs /srv -printf '%y %m %p %l\\n' -type f -newer /run/crash-points -exec sha256sum {} + | sort
`;
