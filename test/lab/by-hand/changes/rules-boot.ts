import type { Change } from "../change.ts";
import { BOOT_RULES } from "../declared.ts";
import { all, ours, same, theirs } from "./words.ts";

const RULES = "/etc/ipvsadm.rules";
const DEFAULTS = "/etc/default/ipvsadm";
const WANTS = "/etc/systemd/system/multi-user.target.wants/ipvsadm.service";
const RECORD = "/etc/modules-load.d/pulumi-lvs.conf";

const line = (at: Parameters<typeof ours>[0], typed: string): Change =>
  ours(at, ["boot"], typed, { spot: `${RULES}/${at}` });
const unread = (typed: string): Change => ours("web", ["boot"], typed, { spot: `${RULES}/web`, also: BOOT_RULES });
const everything = { shown: all(BOOT_RULES, "boot") };

/** The rules for boot. */
const rulesFile: readonly Change[] = [
  line("web", `sed -i '/^-a -t VIP:80 .*192.168.4.61/d' ${RULES}`),
  line("web", `sed -i '/ VIP:80 /d' ${RULES}`),
  ours("web", ["boot"], `sed -i 's/^-a -t VIP:80 -r 192.168.4.61/#&/' ${RULES}`, { files: [RULES] }),
  line("web", `sed -i '/ VIP:80 /s/-w 3/-w 4/' ${RULES}`),
  line("web", `sed -i '/^-A -t VIP:80 /s/wrr/rr/' ${RULES}`),
  line("web", `sed -i '/^-A -t VIP:80 /s/ -p 300//' ${RULES}`),
  line("web", `echo '-a -t VIP:80 -r 192.168.4.99:80 -g -w 1' >> ${RULES}`),
  unread(`echo '-A -t VIP:80 -s rr' >> ${RULES}`),
  unread(`sed -i '1i-A -t VIP:80 -s wrr -p 300' ${RULES}`),
  unread(`sed -i '/^-a -t VIP:80 .*192.168.4.62/s/-m/-x/' ${RULES}`),
  line("one", `sed -i '/^-a -u VIP:53 -r 192.168.4.61/d' ${RULES}`),
  line("one", `sed -i '/^-a -u VIP:53 /s/ -x 100//' ${RULES}`),
  line("bare", `sed -i '/^-A -u VIP:53 /s/ -o//' ${RULES}`),
  line("bare", `sed -i 's/^-A -u VIP:53 -s rr -o/-A -u VIP:53 -s lc -o/' ${RULES}`),
  line("marked", `sed -i '/^-A -f 7 /d; / -f 7 -r 192.168.4.61/d' ${RULES}`),
  line("marked", `sed -i '/^-a -f 7 /s/-w 1/-w 2/' ${RULES}`),
  line("marked", `sed -i 's/^-A -f 7 -s rr/-A -f 7 -s rr -p/' ${RULES}`),
  line("master", `sed -i '/--start-daemon/d' ${RULES}`),
  line("master", `sed -i '/--start-daemon/s/syncid 5/syncid 6/' ${RULES}`),
  line("settings", `sed -i '/^--set/d' ${RULES}`),
  line("settings", `sed -i '/^--set/s/800/801/' ${RULES}`),
  ours("web", ["boot"], `ipvsadm-save -n > ${RULES}`, { ...everything, files: [RULES] }),
  ours("web", ["boot"], `: > ${RULES}`, { ...everything, files: [RULES] }),
  ours("web", ["boot"], `rm ${RULES}`, { ...everything, files: [RULES] }),
  ours("web", ["boot"], `sed -i '/pulumi-lvs begin/,/pulumi-lvs end/d' ${RULES}`, { ...everything, files: [RULES] }),
  ours("web", ["boot"], `mv ${RULES} /srv/rules; ln -s /srv/rules ${RULES}; sed -i '/ VIP:80 /d' /srv/rules`, {
    files: [RULES, "/srv/rules"],
    spot: RULES,
  }),
  {
    at: "web",
    typed: `cp ${RULES} /srv/rules; ln -sf /srv/rules ${RULES}`,
    files: [RULES, "/srv/rules"],
    writers: BOOT_RULES,
  },
  same("web", RULES, `sed -i 's/^# Not ours.$/&/' ${RULES}`, BOOT_RULES),
  same("web", RULES, `sed -i '/pulumi-lvs begin/a# weights were measured' ${RULES}`, BOOT_RULES),
  same("web", RULES, `sed -i '/pulumi-lvs begin/a\\\\' ${RULES}`, BOOT_RULES),
  same("web", RULES, `sed -i 's/^-A -f 7.*/&  /' ${RULES}`, BOOT_RULES),
  same("web", RULES, `truncate -s -1 ${RULES}`, BOOT_RULES),
  theirs("web", `echo '-A -t 192.168.4.98:82 -s rr' >> ${RULES}`, `sed -i '/192.168.4.98:82/d' ${RULES}`),
  theirs("web", `sed -i '1i# Maintained by the night shift.' ${RULES}`, `sed -i '/night shift/d' ${RULES}`),
  theirs("web", `echo '# End of file.' >> ${RULES}`, `sed -i '/End of file/d' ${RULES}`),
  theirs("web", `echo >> ${RULES}`, `sed -i '$d' ${RULES}`, `${RULES}/end`),
  theirs("web", `sed -i 's/-w 7$/-w 8/' ${RULES}`, `sed -i 's/-w 8$/-w 7/' ${RULES}`),
  theirs("web", `chmod 640 ${RULES}`, `chmod 644 ${RULES}`),
  theirs("marked", `echo '-a -f 7 -r 192.168.4.77:0 -g -w 9' >> ${RULES}`, `sed -i '/192.168.4.77/d' ${RULES}`),
  theirs("one", `echo '-a -u VIP:53 -r 192.168.4.78:53 -m -w 1' >> ${RULES}`, `sed -i '/192.168.4.78/d' ${RULES}`),
  theirs("settings", `cp ${RULES} /etc/ipvsadm.rules.orig`, "rm /etc/ipvsadm.rules.orig"),
];

const loader = (typed: string): Change => ours("web", ["boot"], typed, { ...everything, spot: DEFAULTS });

/** Whether the boot loads them. */
const loaders: readonly Change[] = [
  loader(`sed -i 's/^AUTO="true"/AUTO="false"/' ${DEFAULTS}`),
  loader(`sed -i 's/^AUTO="true"/AUTO=no/' ${DEFAULTS}`),
  ours("web", ["boot"], `sed -i 's/^AUTO="true"/#&/' ${DEFAULTS}`, { ...everything, files: [DEFAULTS] }),
  loader(`sed -i '/^AUTO="true"/d' ${DEFAULTS}`),
  loader(`sed -i '/pulumi-lvs begin/,/pulumi-lvs end/d' ${DEFAULTS}`),
  ours("web", ["boot"], `echo 'AUTO="false"' >> ${DEFAULTS}`, { ...everything, files: [DEFAULTS] }),
  ours("web", ["boot"], `echo 'AUTO=""' >> ${DEFAULTS}`, { ...everything, files: [DEFAULTS] }),
  // Where both are there, the unit counts.
  ours("web", ["boot"], `rm ${WANTS} 2> /dev/null && systemctl daemon-reload || update-rc.d ipvsadm disable`, {
    ...everything,
    spot: "loader",
  }),
  ours("web", ["boot"], `rm ${RECORD}`, { ...everything, spot: RECORD, files: [RECORD] }),
  ours("web", ["boot"], `sed -i 's/^ip_vs/#&/' ${RECORD}`, { ...everything, spot: RECORD }),
  ours("web", ["boot"], `sed -i '/^ip_vs/d' ${RECORD}`, { ...everything, spot: RECORD }),
  ours("web", ["boot"], `sed -i 's/^ip_vs/ip_vs_rr/' ${RECORD}`, { ...everything, spot: RECORD }),
  same("web", DEFAULTS, `sed -i "s/^AUTO=.*true.*/AUTO='true'/" ${DEFAULTS}`, BOOT_RULES),
  same("web", DEFAULTS, `sed -i '/^AUTO="true"/i# asked for by ticket 77' ${DEFAULTS}`, BOOT_RULES),
  same("web", DEFAULTS, `sed -i 's/^AUTO="true"/AUTO=true/' ${DEFAULTS}`, BOOT_RULES),
  same("web", RECORD, `sed -i 's/^ip_vs/  ip_vs  /' ${RECORD}`, BOOT_RULES),
  same("web", RECORD, `echo '; more' >> ${RECORD}`, BOOT_RULES),
  theirs("web", `echo '# Not ours.' >> ${DEFAULTS}`, `sed -i '/^# Not ours/d' ${DEFAULTS}`),
  theirs("web", `sed -i 's/^IFACE=.*/IFACE="eth1"/' ${DEFAULTS}`, `sed -i 's/^IFACE=.*/IFACE="eth0"/' ${DEFAULTS}`),
  theirs("web", `sed -i '1i# By hand.' ${DEFAULTS}`, `sed -i '1d' ${DEFAULTS}`),
  theirs("web", `chmod 600 ${DEFAULTS}`, `chmod 644 ${DEFAULTS}`),
  theirs("web", "echo dummy > /etc/modules-load.d/theirs.conf", "rm /etc/modules-load.d/theirs.conf"),
  theirs(
    "web",
    "mkdir -p /etc/systemd/system/ipvsadm.service.d; printf '[Unit]\\nDescription=Rules\\n' > /etc/systemd/system/ipvsadm.service.d/theirs.conf; systemctl daemon-reload",
    "rm -r /etc/systemd/system/ipvsadm.service.d; systemctl daemon-reload",
  ),
];

export const rulesBoot: readonly Change[] = [...rulesFile, ...loaders];
