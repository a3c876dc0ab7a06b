import type { Change } from "../change.ts";
import { ours, same, theirs } from "./words.ts";

const OPTIONS = "/etc/modprobe.d/zz-pulumi-lvs-ip_vs.conf";
const LOAD = "/etc/modules-load.d/pulumi-lvs-settings.conf";
const RULES_FILE = "/etc/ipvsadm.rules";

const restarted = (words: string) => `ipvsadm --stop-daemon master; ipvsadm --start-daemon master ${words}`;
const daemon = (fields: readonly string[], words: string): Change =>
  ours("master", fields, restarted(words), { spot: "daemon/master" });

const daemons: readonly Change[] = [
  ours("master", ["live"], "ipvsadm --stop-daemon master", { spot: "daemon/master" }),
  daemon(["syncId"], "--mcast-interface eth1 --syncid 6"),
  daemon(["device"], "--mcast-interface eth0 --syncid 5"),
  daemon(["group"], "--mcast-interface eth1 --syncid 5 --mcast-group 224.0.0.90"),
  daemon(["port"], "--mcast-interface eth1 --syncid 5 --mcast-port 9000"),
  daemon(["ttl"], "--mcast-interface eth1 --syncid 5 --mcast-ttl 3"),
  daemon(["device", "syncId"], "--mcast-interface eth0"),
  { at: "master", typed: restarted("--mcast-interface eth1 --syncid 5"), spot: "daemon/master" },
  theirs(
    "master",
    "ipvsadm --start-daemon backup --mcast-interface eth0 --syncid 9",
    "ipvsadm --stop-daemon backup",
    "daemon/backup",
  ),
  theirs(
    "master",
    `echo '--start-daemon backup --mcast-interface eth0 --syncid 9' >> ${RULES_FILE}`,
    `sed -i '/--start-daemon backup/d' ${RULES_FILE}`,
  ),
];

const vs = (field: string, sysctl: string): Change =>
  ours("settings", [field], `sysctl -qw net.ipv4.vs.${sysctl}`, { spot: `sysctl/vs/${field}` });

const ipvs: readonly Change[] = [
  vs("conntrack", "conntrack=0"),
  vs("expireNodestConn", "expire_nodest_conn=0"),
  vs("amDroprate", "am_droprate=10"),
  ours(
    "settings",
    ["conntrack", "amDroprate"],
    "echo 0 > /proc/sys/net/ipv4/vs/conntrack; sysctl -qw net/ipv4/vs/am_droprate=11",
    {
      spot: "sysctl/vs",
    },
  ),
  ours("settings", ["timeouts"], "ipvsadm --set 900 120 300", { spot: "timeouts" }),
  ours("settings", ["timeouts"], "ipvsadm --set 1 0 0", { spot: "timeouts" }),
  ours("settings", ["connTabBits", "pending"], `sed -i s/=12/=13/ ${OPTIONS}`, { spot: OPTIONS }),
  ours("settings", ["connTabBits"], `rm ${OPTIONS}`, { spot: OPTIONS }),
  ours("settings", ["connTabBits"], `sed -i 's/^options/#&/' ${OPTIONS}`, { spot: OPTIONS }),
  ours("settings", ["boot"], `rm ${LOAD}`, { spot: LOAD }),
  ours("settings", ["boot"], `sed -i 's/^ip_vs/#&/' ${LOAD}`, { spot: LOAD }),
  ours("settings", ["boot"], `: > ${LOAD}`, { spot: LOAD }),
  same("settings", LOAD, `printf '; early\\n  ip_vs\\n' > ${LOAD}`),
  same("settings", LOAD, `truncate -s -1 ${LOAD}`),
  same("settings", LOAD, `sed -i 's/$/\\r/' ${LOAD}`),
  same("settings", OPTIONS, `echo '# twelve is the default' >> ${OPTIONS}`),
  same("settings", OPTIONS, `sed -i 's/^options ip_vs /options  ip_vs  /' ${OPTIONS}`),
  same("settings", OPTIONS, `truncate -s -1 ${OPTIONS}`),
  theirs("settings", "sysctl -qw net.ipv4.vs.sync_retries=1", "sysctl -qw net.ipv4.vs.sync_retries=0"),
  theirs("settings", "sysctl -qw net.ipv4.vs.sloppy_tcp=1", "sysctl -qw net.ipv4.vs.sloppy_tcp=0"),
  theirs("settings", "ipvsadm --set 0 60 0", "ipvsadm --set 0 120 0", "timeouts/fin"),
  theirs("settings", "ipvsadm --set 0 0 200", "ipvsadm --set 0 0 300", "timeouts/udp"),
  theirs(
    "settings",
    "echo 'options nf_conntrack hashsize=4096' > /etc/modprobe.d/theirs.conf",
    "rm /etc/modprobe.d/theirs.conf",
  ),
  theirs(
    "settings",
    "echo 'options ip_vs conn_tab_bits=10' > /etc/modprobe.d/aa-theirs.conf",
    "rm /etc/modprobe.d/aa-theirs.conf",
  ),
];

/** Sync daemons and settings of IPVS. */
export const settings: readonly Change[] = [...daemons, ...ipvs];
