import { STAMP } from "./declared.ts";

const KEPT = "/root/by-hand";
const SETTINGS = "conf/*/arp_ignore conf/*/arp_announce conf/*/rp_filter conf/*/send_redirects vs/*";

/** Keeps what a reset brings back. */
export const KEEP = `
mkdir -p ${KEPT}; tar -C / -cf - etc var/lib/pulumi-lvs srv/docs | tar -C ${KEPT} -xpf -
cd /proc/sys/net/ipv4; grep -s '' ${SETTINGS} > ${KEPT}/settings
`;

/** Puts back files that were kept and have changed since, and removes what came later, live too. What drifts then is ours to repair. */
export const RESET = `
exec 2> /dev/null
umount -l /etc /run/etc
find /etc /var/lib/pulumi-lvs /srv/docs -cnewer ${STAMP} ! -type d | while IFS= read -r path; do
  if [ -e "${KEPT}$path" ] || [ -L "${KEPT}$path" ]; then cp -a --remove-destination "${KEPT}$path" "$path"; else rm -f "$path"; fi
done
cd ${KEPT} && find etc var srv ! -type d | while IFS= read -r path; do
  [ -e "/$path" ] || [ -L "/$path" ] || { mkdir -p "/\${path%/*}"; cp -a "$path" "/$path"; }
done
rmdir /etc/systemd/system/*.service.d; rm -f /srv/rules /srv/same-rules /var/lib/pulumi-lvs/README
chmod 755 /srv/docs; rm -f /srv/docs/index.html
systemctl unmask --runtime nginx nfs-server; systemctl daemon-reload; systemctl stop theirs
dpkg --purge lvs-lab-daemon; dpkg -i /srv/repository/lvs-lab-tool_1.2-3.deb; apt-mark unhold lvs-lab-tool
ipvsadm -C; ipvsadm --stop-daemon master; ipvsadm --stop-daemon backup; ipvsadm --set 0 120 300
ipvsadm -A -t 192.168.4.99:81 -s rr; ipvsadm -a -t 192.168.4.99:81 -r 10.9.9.9:81 -m -w 7
ip link del theirs0; ip link del theirs1
ip -4 -o addr show | while read -r _ device _ address _; do
  case $device\${address#*/} in eth?32 | lo32 | tunl032) ip addr del "$address" dev "$device" ;; esac
done
ip addr del 192.168.4.78/24 dev eth0; ip addr del VIP/24 dev eth0; ip addr del VIP/25 dev eth0; ip addr del 192.168.4.9/24 dev lo
ip rule | while read -r priority _; do case $priority in 0: | 3276?:) ;; *) ip rule del priority "\${priority%:}" ;; esac; done
ip route flush table all proto boot
cd /proc/sys/net/ipv4; while IFS=: read -r path value; do echo "$value" > "$path"; done < ${KEPT}/settings
umount -l /srv/away /srv/tmp; rmdir /srv/away /srv/tmp; exportfs -ra
true
`;
