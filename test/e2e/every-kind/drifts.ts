import { LEDGER } from "../../../provider/dialects/sysctl/ledger-text.ts";
import { newerSettings, settingDrifts } from "./settings.ts";

/** What somebody does by hand to the host of a resource. */
export interface Drift {
  readonly resource: string;
  /** Fields of the kind that differ then. */
  readonly fields: readonly string[];
  readonly byHand: string;
  /** What a diff shows instead, where a field tells itself only by another, or where the thing is gone and has left something. */
  readonly shows?: readonly string[];
  /** The thing is gone. */
  readonly gone?: true;
  /** What is somebody else's thing then, and is not repaired but taken back. */
  readonly takenBack?: string;
}

const INTERFACES = "/etc/network/interfaces.d";
const INSTANCE = "/etc/keepalived/pulumi-lvs.d/vrrp-eth0-60.conf";
const RULES = "/etc/ipvsadm.rules";
const sysctl = (key: string, value: string | number) => `sysctl -qw '${key}=${value}'`;
const inLedger = (key: string, value: number) => `sed -i 's/^${key} = .*/${key} = ${value}/' ${LEDGER}`;

const directors: readonly Drift[] = [
  { resource: "router", fields: ["settings"], byHand: sysctl("net.ipv4.conf.eth1.send_redirects", 1) },
  { resource: "router", fields: ["boot"], byHand: inLedger("net.ipv4.conf.eth1.send_redirects", 1) },
  { resource: "web", fields: ["boot"], byHand: `sed -i '/^-a .* 192.168.2.200:80 /d' ${RULES}` },
  { resource: "tunneled", fields: ["boot"], byHand: `sed -i '/ 192.168.2.100:80 /d' ${RULES}` },
  {
    resource: "master",
    fields: ["device", "syncId", "group", "port", "ttl", "maxLength"],
    byHand: `ipvsadm --stop-daemon master
ipvsadm --start-daemon master --mcast-interface eth0 --syncid 6 --mcast-group 224.0.0.90 --mcast-port 9000 --mcast-ttl 3 --sync-maxlen 1000`,
  },
  { resource: "master", fields: ["boot"], byHand: `sed -i '/--start-daemon master/d' ${RULES}` },
  {
    resource: "vip",
    fields: ["label"],
    byHand: "ip addr del 192.168.4.5/32 dev eth0; ip addr add 192.168.4.5/32 dev eth0",
  },
  {
    resource: "vip",
    fields: ["boot", "bootFile"],
    byHand: `sed -i s/32/24/ ${INTERFACES}/pulumi-lvs-eth0-192-168-4-5`,
  },
  { resource: "second vip", fields: ["address"], byHand: "ip addr add 192.168.4.6/24 dev eth0" },
  {
    resource: "instance",
    fields: ["priority", "advertInterval", "preempt", "peers", "source", "track", "file", "loaded"],
    byHand: `sed -i 's/priority 254/priority 7/; s/advert_int 3/advert_int 2/; s/preempt_delay 90/nopreempt/; s/192.168.4.3$/192.168.4.4/
s/unicast_src_ip 192.168.4.2/unicast_src_ip 192.168.4.9/; s/^ *[a-z_0-9]*emergency.service$//; s/repeat 2/repeat 3/' ${INSTANCE}`,
  },
  {
    resource: "standby instance",
    fields: ["live", "boot", "loaded"],
    byHand: "systemctl --quiet disable --now keepalived",
  },
  { resource: "second master", fields: ["live"], byHand: "ipvsadm --stop-daemon master" },
  { resource: "standby router", fields: [], gone: true, byHand: "" },
  {
    resource: "standby settings",
    fields: [],
    gone: true,
    byHand: `ipvsadm --set 0 0 300
rm ${LEDGER} /etc/modprobe.d/zz-pulumi-lvs-ip_vs.conf /etc/modules-load.d/pulumi-lvs-settings.conf
sed -i /--set/d ${RULES}; sed -i /IpvsSettings/d /var/lib/pulumi-lvs/before
sysctl -qw net.ipv4.vs.conntrack=0 net.ipv4.ip_forward=0 net.ipv4.conf.all.send_redirects=1 \\
  net.ipv4.conf.default.send_redirects=1 net.ipv4.conf.eth0.send_redirects=1 net.ipv4.conf.all.accept_redirects=1`,
  },
  {
    resource: "backup",
    fields: [],
    shows: ["commands"],
    byHand: `ipvsadm --stop-daemon backup; sed -i '/--start-daemon backup/d' ${RULES}`,
  },
  { resource: "standby", fields: ["live"], byHand: "ipvsadm -D -t 192.168.4.5:80" },
  { resource: "standby server", fields: ["live"], byHand: "" },
  {
    resource: "checked",
    fields: ["healthCheck", "boot"],
    byHand: "sed -i 's/retry 1/retry 7/' /etc/keepalived/pulumi-lvs.d/tcp-192.168.4.5-81.conf",
  },
  { resource: "marked", fields: [], shows: ["commands"], byHand: `ipvsadm -D -f 7; sed -i '/ -f 7 /d' ${RULES}` },
  { resource: "marked server", fields: [], shows: ["commands"], byHand: "" },
  {
    resource: "standby vip",
    fields: [],
    shows: ["commands"],
    byHand: `ip addr del 192.168.4.7/32 dev eth0; rm ${INTERFACES}/pulumi-lvs-eth0-192-168-4-7`,
  },
];

const settings: readonly Drift[] = [
  { resource: "settings", ...settingDrifts },
  { resource: "settings", fields: ["timeouts"], byHand: "ipvsadm --set 0 0 301" },
  {
    resource: "settings",
    fields: ["connTabBits", "pending"],
    byHand: "sed -i s/=12/=13/ /etc/modprobe.d/zz-pulumi-lvs-ip_vs.conf",
  },
  { resource: "settings", fields: ["boot"], byHand: "rm /etc/modules-load.d/pulumi-lvs-settings.conf" },
];

const realServers: readonly Drift[] = [
  { resource: "arp", fields: ["settings"], byHand: sysctl("net.ipv4.conf.eth0.arp_announce", 0) },
  // Two of ours need it.
  { resource: "arp", fields: ["boot"], byHand: inLedger("net.ipv4.conf.all.arp_ignore", 0) },
  { resource: "silent", fields: ["live"], byHand: "ip addr del 192.168.4.5/32 dev lo" },
  { resource: "tunnel", fields: ["settings"], byHand: sysctl("net.ipv4.conf.tunl0.rp_filter", 1) },
  { resource: "tunnel", fields: ["live"], byHand: "ip link set tunl0 down" },
  { resource: "tunnel", fields: ["boot"], byHand: "systemctl --quiet disable pulumi-lvs-tun-ipip.service" },
  {
    resource: "third way back",
    fields: ["live", "table"],
    shows: ["live"],
    byHand: "ip rule del from 192.168.2.100; ip rule add from 192.168.2.100 lookup 700 priority 20002",
    takenBack: "ip rule del from 192.168.2.100 lookup 700",
  },
  {
    resource: "way back",
    fields: ["gateway", "device"],
    byHand: "ip route replace default via 192.168.4.2 dev eth0 table 20712",
  },
  { resource: "way back", fields: ["localNetworks"], byHand: "ip route del 192.168.2.0/24 table 20712" },
  {
    resource: "way back",
    fields: ["priority"],
    byHand: "ip rule del from 192.168.2.200; ip rule add from 192.168.2.200 lookup 20712 priority 5",
  },
  { resource: "way back", fields: ["boot"], byHand: `rm ${INTERFACES}/pulumi-lvs-route-192-168-2-200` },
  {
    resource: "second way back",
    fields: [],
    shows: ["commands"],
    byHand: `ip rule del from 192.168.4.200; ip route flush table 21224; rm ${INTERFACES}/pulumi-lvs-route-192-168-4-200`,
  },
  {
    resource: "arp until the next boot",
    fields: [],
    gone: true,
    byHand: `rm ${LEDGER}
for one in all lo eth0; do sysctl -qw net.ipv4.conf.$one.arp_ignore=0 net.ipv4.conf.$one.arp_announce=0; done`,
  },
  {
    resource: "gre tunnel",
    fields: [],
    shows: ["commands"],
    byHand: `systemctl --quiet disable --now pulumi-lvs-tun-gre.service
rm /etc/systemd/system/pulumi-lvs-tun-gre.service /etc/modules-load.d/pulumi-lvs-tun-gre.conf
systemctl daemon-reload; modprobe -r ip_gre`,
  },
];

const documents: readonly Drift[] = [
  {
    resource: "common",
    fields: ["clients"],
    byHand: "exportfs -i -o ro,no_subtree_check,insecure 192.168.2.0/24:/common",
  },
  { resource: "common", fields: ["boot"], byHand: "echo '/common 10.9.9.9(rw)' >> /etc/exports.d/common.exports" },
  { resource: "other", fields: ["file"], byHand: "mv /etc/exports.d/other.exports /etc/exports.d/moved.exports" },
  {
    resource: "old",
    fields: [],
    shows: ["commands"],
    byHand: "exportfs -u '*:/srv/old'; rm /etc/exports.d/srv-old.exports",
  },
  {
    resource: "documents",
    fields: ["source", "ownSource", "version", "options"],
    byHand: "umount /srv/docs; mount -t nfs -o vers=4.1,noexec 192.168.2.50:/other /srv/docs",
  },
  { resource: "documents", fields: ["boot"], byHand: "sed -i '/docs/s/nofail/bg/' /etc/fstab" },
  { resource: "same documents", fields: ["live"], byHand: "umount /srv/docs" },
  {
    resource: "other documents",
    fields: [],
    shows: ["commands"],
    byHand: "umount /srv/other; sed -i '/other/d' /etc/fstab; truncate -s -1 /etc/fstab; systemctl daemon-reload",
  },
  {
    resource: "health",
    fields: ["sha256", "mode", "owner", "group", "loaded"],
    byHand: `cd /etc/nginx/conf.d; echo '# mine' >> health.conf; chmod 600 health.conf; chown www-data:adm health.conf
touch /var/lib/pulumi-lvs/files/%2Fetc%2Fnginx%2Fconf.d%2Fhealth.conf+begun`,
  },
  { resource: "foreign file", fields: ["before"], byHand: "sed -i /foreign.conf/d /var/lib/pulumi-lvs/before" },
  { resource: "nginx", fields: ["running"], byHand: "systemctl stop nginx" },
  { resource: "nginx", fields: ["enabled"], byHand: "systemctl --quiet disable nginx" },
  { resource: "second nginx", fields: ["before"], byHand: "sed -i /nginx/d /var/lib/pulumi-lvs/before" },
];

const packages: readonly Drift[] = [
  { resource: "tool", fields: ["version"], byHand: "dpkg -i /srv/repository/lvs-lab-tool_1.3-1.deb > /dev/null" },
  { resource: "daemon runs", fields: ["running"], byHand: "systemctl stop lvs-lab-daemon" },
  { resource: "daemon", fields: [], shows: ["commands"], byHand: "dpkg --purge lvs-lab-daemon > /dev/null" },
];

/**
 * A package's name on a host follows from its name and the host's package manager. Whether an address was there before us is known when it
 * is taken over.
 */
export const notByHand: Readonly<Record<string, readonly string[]>> = {
  IpvsSettings: newerSettings,
  Package: ["packageName"],
  VipAlias: ["adopted", "otherForms"],
};

export const drifts: readonly Drift[] = [...directors, ...settings, ...realServers, ...documents, ...packages];
