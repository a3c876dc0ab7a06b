/**
 * Prints all that a trial may change, in few processes: each takes its time on a guest. Numbers of devices and the order of settings
 * have no meaning, nor has that of the lines of our records.
 */
export const LOOK = `
export LC_ALL=C
ip -o addr | sed 's/^[0-9]*: //; s/ tentative//; s/ *\\\\.*//'; ip -4 route show table all; ip rule
ipvsadm -Sn 2>/dev/null | sort; ipvsadm -Ln --timeout; ipvsadm -Ln --daemon
cd /proc/sys/net/ipv4 && grep -s '' vs/* conf/*/arp_ignore conf/*/arp_announce conf/*/rp_filter conf/*/send_redirects conf/*/forwarding ip_forward
grep -E 'nfs' /proc/mounts; [ ! -e /var/lib/nfs/etab ] || sort /var/lib/nfs/etab
for device in /sys/class/net/*; do read -r flags <$device/flags; echo "$device $flags"; done
systemctl list-units --plain --no-legend --no-pager --state=active crash.service 'pulumi-lvs*' | cut -d' ' -f1
cd /etc; find sysctl.d modules-load.d modprobe.d systemd/system network default ipvsadm.rules fstab exports exports.d rc?.d /var/lib/pulumi-lvs /srv \
  -printf '%y %m %p %l\n' -type f -newer /run/crash-points -exec grep -Hn '' {} + 2>/dev/null |
  sed -E 's#^(/var/lib/pulumi-lvs/before|sysctl.d/99-zz-pulumi-lvs.conf):[0-9]+:#\\1:#' | sort
`;
