import type { HostName } from "../../../tools/lab/index.ts";
import { repositoryScript } from "../../../tools/lab/repository.ts";

/** What others have on each host beside ours, live and at boot, in every file that we share with them. */
const anyHost = `set -e
echo 'net.ipv4.conf.lo.rp_filter = 2' > /etc/sysctl.d/50-foreign.conf
sysctl -q -p /etc/sysctl.d/50-foreign.conf
`;

/** An address, and a rule of policy routing with its table. The file does not end its last line. */
const address = (nic: string, ip: string) => `cat > /etc/network/interfaces.d/foreign <<'END'
# Not ours.
auto ${nic}:7
iface ${nic}:7 inet static
    address ${ip}/32
    up ip rule add from ${ip} lookup 77 priority 77
    up ip route add default dev ${nic} table 77
END
truncate -s -1 /etc/network/interfaces.d/foreign
ifup ${nic}:7 2> /dev/null || ifup ${nic} # ifupdown2 takes both stanzas for one
`;

const director = (number: number) => `${anyHost}${address("eth0", `192.168.4.7${number}`)}
cat > /etc/ipvsadm.rules <<'END'
# Not ours.
-A -t 192.168.4.99:81 -s rr
-a -t 192.168.4.99:81 -r 10.9.9.9:81 -m -w 7
END
grep -v '^#' /etc/ipvsadm.rules | ipvsadm -R
echo '# Not ours.' >> /etc/default/ipvsadm
echo 'tmpfs /srv/foreign tmpfs nofail 0 0' > /etc/fstab
`;

// The last line has no end. What a mount reads at a time would follow from the server's free memory.
const web = (ip: string) => `${anyHost}${address("eth1", ip)}
printf '# Not ours.\\n192.168.2.50:/foreign /srv/foreign nfs vers=4.2,ro,rsize=8192,wsize=8192,nofail,_netdev 0 0' > /etc/fstab
systemctl daemon-reload; mkdir /srv/foreign; mount /srv/foreign
echo kept > /etc/foreign.conf; chown www-data:adm /etc/foreign.conf
`;

const nfs = `${anyHost}${address("eth1", "192.168.2.75")}
mkdir -p /foreign /common /other /etc/exports.d
echo common > /common/index.html; echo other > /other/index.html; echo foreign > /foreign/index.html
echo '/foreign 192.168.2.0/24(ro,no_subtree_check)' > /etc/exports
echo '/foreign 192.168.4.0/24(ro,no_subtree_check)' > /etc/exports.d/foreign.exports
systemctl --quiet enable nfs-server; systemctl start nfs-server
`;

const packages = repositoryScript([
  { name: "lvs-lab-tool", version: "1.2-3" },
  { name: "lvs-lab-tool", version: "1.3-1", unlisted: true },
  { name: "lvs-lab-daemon", version: "2.0-1", service: "/bin/sleep infinity" },
]);

/** Scripts, by host. */
export const foreign = {
  nfs: `${nfs}${packages}`,
  director1: `${director(1)}sed -i 's/^AUTO=.*/AUTO="true"/' /etc/default/ipvsadm\n`,
  director2: director(2),
  web1: `${web("192.168.2.73")}${packages}`,
  web2: web("192.168.2.74"),
} as const satisfies Partial<Record<HostName, string>>;
