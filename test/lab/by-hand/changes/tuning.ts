import type { Change } from "../change.ts";
import { all, ours, same, theirs } from "./words.ts";

const LEDGER = "/etc/sysctl.d/99-zz-pulumi-lvs.conf";
const UNIT = "/etc/systemd/system/pulumi-lvs-tun-ipip.service";
const MODULES = "/etc/modules-load.d/pulumi-lvs-tun-ipip.conf";

const live = (at: "router" | "arp" | "tunnel", key: string, shown: Change["shown"] = {}): Change =>
  ours(at, ["settings"], `sysctl -qw net.ipv4.${key}`, { spot: `sysctl/${key.replace(/=.*/, "")}`, shown });
const both = all(["arp", "tunnel"], "settings");
const boot = (at: "router" | "arp" | "tunnel" | "settings", typed: string, shown: Change["shown"] = {}): Change =>
  ours(at, ["boot"], typed, { spot: `${LEDGER}/${at}`, shown });
const everybody = ["router", "arp", "tunnel", "settings"] as const;

const sysctls: readonly Change[] = [
  live("router", "ip_forward=0"),
  live("router", "conf.all.send_redirects=1"),
  live("router", "conf.eth1.send_redirects=1"),
  live("router", "conf.default.send_redirects=1"),
  live("arp", "conf.all.arp_ignore=0", both),
  live("arp", "conf.all.arp_announce=0", both),
  live("arp", "conf.eth0.arp_ignore=0"),
  live("arp", "conf.eth0.arp_announce=1"),
  live("arp", "conf.lo.arp_ignore=2", both),
  live("tunnel", "conf.tunl0.rp_filter=1"),
  theirs("router", "sysctl -qw net.ipv4.conf.eth0.rp_filter=1", "sysctl -qw net.ipv4.conf.eth0.rp_filter=0"),
  theirs("arp", "sysctl -qw net.ipv4.conf.eth1.arp_announce=1", "sysctl -qw net.ipv4.conf.eth1.arp_announce=0"),
  theirs("router", "sysctl -qw net.ipv4.conf.eth0.send_redirects=0", "sysctl -qw net.ipv4.conf.eth0.send_redirects=1"),
  theirs("router", "echo 'net.ipv4.ip_forward = 0' > /etc/sysctl.d/60-theirs.conf", "rm /etc/sysctl.d/60-theirs.conf"),
  theirs(
    "router",
    "echo 'net.core.somaxconn = 999' > /etc/sysctl.d/99-zzz-theirs.conf",
    "rm /etc/sysctl.d/99-zzz-theirs.conf",
  ),
  theirs("arp", "echo 'vm.swappiness = 10' > /etc/sysctl.d/local.conf", "rm /etc/sysctl.d/local.conf"),
];

const ledger: readonly Change[] = [
  boot("router", `sed -i '/^net.ipv4.conf.eth1.send_redirects = /d' ${LEDGER}`),
  boot("router", `sed -i 's/^net.ipv4.ip_forward = 1/net.ipv4.ip_forward = 0/' ${LEDGER}`),
  boot("router", `sed -i 's/^net.ipv4.ip_forward/#&/' ${LEDGER}`),
  boot("router", `sed -i 's/^net.ipv4.ip_forward = 1/net.ipv4.ip_forward/' ${LEDGER}`),
  boot("arp", `sed -i '/^net.ipv4.conf.eth0.arp_ignore/d' ${LEDGER}`),
  boot(
    "arp",
    `sed -i 's/^net.ipv4.conf.all.arp_ignore = 1/net.ipv4.conf.all.arp_ignore = 0/' ${LEDGER}`,
    all(["tunnel"], "boot"),
  ),
  boot(
    "tunnel",
    `sed -i 's/^net.ipv4.conf.tunl0.rp_filter = 2/;&/; s/^net.ipv4.conf.tunl0.rp_filter = 0/;&/' ${LEDGER}`,
  ),
  boot("settings", `sed -i 's/^net.ipv4.vs.conntrack = 1/net.ipv4.vs.conntrack = 0/' ${LEDGER}`),
  boot("settings", `sed -i '/^net.ipv4.vs.am_droprate/d' ${LEDGER}`),
  ours("router", [], `rm ${LEDGER}`, { shown: all(everybody), files: [LEDGER] }),
  ours("router", [], `: > ${LEDGER}`, { shown: all(everybody), files: [LEDGER] }),
  ours("router", [], `sed -i '/^# owner: NatKernelTuning/d' ${LEDGER}`, { files: [LEDGER] }),
  ours("router", ["boot"], `sed -i '/^net/d' ${LEDGER}`, { shown: all(everybody, "boot"), spot: LEDGER }),
  same("router", LEDGER, `sed -i '/^net/s/ = /=/' ${LEDGER}`, everybody),
  same("router", LEDGER, `sed -i '/^net/s/ = /   =   /' ${LEDGER}`, everybody),
  same("router", LEDGER, `sed -i '/^net/s,[.],/,g' ${LEDGER}`, everybody),
  same("router", LEDGER, `sed -i 's/^net/-net/' ${LEDGER}`, everybody),
  same("router", LEDGER, `sed -i 's/^net.ipv4.ip_forward.*/&   /' ${LEDGER}`, everybody),
  same("router", LEDGER, `truncate -s -1 ${LEDGER}`, everybody),
  same("router", LEDGER, `sed -i 's/$//' ${LEDGER}; chmod 644 ${LEDGER}`, everybody),
  theirs(
    "router",
    `printf '\\n# mine\\nnet.core.somaxconn = 1000\\n' >> ${LEDGER}`,
    `sed -i -z 's/\\n# mine\\nnet.core.somaxconn = 1000\\n//' ${LEDGER}`,
    `${LEDGER}-mine`,
  ),
];

const tunnel: readonly Change[] = [
  ours("tunnel", ["live"], "ip link set tunl0 down", { spot: "tunl0" }),
  ours("tunnel", ["live"], "modprobe -r ipip", { spot: "tunl0" }),
  ours("tunnel", ["boot"], "systemctl disable pulumi-lvs-tun-ipip", { spot: UNIT }),
  ours("tunnel", ["boot"], `rm ${UNIT}; systemctl daemon-reload`, { spot: UNIT }),
  ours("tunnel", ["boot"], `rm /etc/systemd/system/multi-user.target.wants/pulumi-lvs-tun-ipip.service`, {
    spot: UNIT,
  }),
  ours("tunnel", ["boot"], `sed -i 's/tunl0 up/tunl0 down/' ${UNIT}`, { spot: UNIT }),
  ours("tunnel", ["boot"], `rm ${MODULES}`, { spot: MODULES }),
  ours("tunnel", ["boot"], `sed -i 's/^ipip/#&/' ${MODULES}`, { spot: MODULES }),
  same("tunnel", UNIT, `sed -i 's/^\\[Service\\]/\\n&/' ${UNIT}`),
  same("tunnel", UNIT, `echo '# see ticket 12' >> ${UNIT}`),
  same("tunnel", UNIT, `truncate -s -1 ${UNIT}`),
  same("tunnel", MODULES, `echo >> ${MODULES}`),
  same("tunnel", MODULES, `sed -i 's/^ipip/ipip  /' ${MODULES}`),
  same("tunnel", MODULES, `echo '# tunnels' >> ${MODULES}`),
  { at: "tunnel", typed: "systemctl start pulumi-lvs-tun-ipip; systemctl stop pulumi-lvs-tun-ipip" },
  theirs(
    "tunnel",
    "ip link add theirs1 type ipip local 192.168.2.1 remote 192.168.2.9",
    "ip link del theirs1",
    "tunl0/theirs",
  ),
];

/** Settings of the kernel, and tunnels. */
export const tuning: readonly Change[] = [...sysctls, ...ledger, ...tunnel];
