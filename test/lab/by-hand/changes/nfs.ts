import type { Change } from "../change.ts";
import { ours, same, theirs } from "./words.ts";

const FILE = "/etc/exports.d/srv-docs.exports";
const FSTAB = "/etc/fstab";

const live = (typed: string): Change => ours("docs", ["clients"], typed, { spot: "exports/live" });
const file = (typed: string, fields = ["boot"]): Change => ours("docs", fields, typed, { spot: FILE });

const exports: readonly Change[] = [
  live("exportfs -u 192.168.4.0/24:/srv/docs"),
  live("exportfs -i -o ro,no_subtree_check,insecure 192.168.4.0/24:/srv/docs"),
  live("exportfs -i -o rw,sync,no_subtree_check 192.168.4.0/24:/srv/docs"),
  live("exportfs -i -o ro,no_subtree_check,no_root_squash 192.168.4.0/24:/srv/docs"),
  file(`rm ${FILE}`, []),
  file(`sed -i 's/(ro,/(rw,/' ${FILE}`),
  file(`sed -i 's,^/srv/docs,#&,' ${FILE}`, []),
  file(`echo '/srv/docs 10.9.9.9(rw,no_subtree_check)' >> ${FILE}`),
  file(`sed -i 's/ 192.168.4.0.*//' ${FILE}`),
  file(`mv ${FILE} /etc/exports.d/moved.exports`, ["file"]),
  file(`: > ${FILE}`, []),
  file(`echo '/srv/theirs 10.9.9.9(ro,no_subtree_check)' >> ${FILE}`),
  same("docs", FILE, `sed -i 's/(ro,no_subtree_check)/(no_subtree_check,ro)/' ${FILE}`),
  same("docs", FILE, `sed -i 's/(ro,no_subtree_check)/(ro,sync,no_subtree_check)/' ${FILE}`),
  same("docs", FILE, `sed -i 's, 192, \\t 192,g' ${FILE}`),
  same("docs", FILE, `echo '# documents' >> ${FILE}`),
  same("docs", FILE, `sed -i '1s/$/  /' ${FILE}`),
  same("docs", FILE, `sed -i 's,^/srv/docs ,"/srv/docs" ,' ${FILE}`),
  same("docs", FILE, `sed -i 's,) 192,) \\\\\\n 192,' ${FILE}`),
  same("docs", FILE, `truncate -s -1 ${FILE}`),
  theirs(
    "docs",
    "exportfs -o ro,no_subtree_check 10.1.1.1:/srv/theirs",
    "exportfs -u 10.1.1.1:/srv/theirs",
    "exports/theirs",
  ),
  theirs(
    "docs",
    "echo '/srv/theirs 10.2.2.2(ro,no_subtree_check)' >> /etc/exports",
    "sed -i '/10.2.2.2/d' /etc/exports",
    "exports/live/theirs2",
  ),
  theirs(
    "docs",
    "echo '/srv/theirs 10.3.3.3(ro,no_subtree_check)' > /etc/exports.d/theirs.exports",
    "rm /etc/exports.d/theirs.exports",
    "exports/live/theirs3",
  ),
  theirs(
    "docs",
    "exportfs -i -o ro,no_subtree_check 10.0.0.0/8:/srv/docs",
    "exportfs -u 10.0.0.0/8:/srv/docs",
    "exports/live/10",
  ),
  theirs("docs", "echo '# Not ours.' >> /etc/exports", "sed -i '/^# Not ours/d' /etc/exports"),
  theirs("docs", "chmod 750 /srv/docs", "chmod 755 /srv/docs"),
  theirs("docs", "echo hello > /srv/docs/index.html", "rm /srv/docs/index.html"),
];

const mounted = (fields: readonly string[], typed: string): Change => ours("mount", fields, typed, { spot: "mounted" });
const line = (typed: string): Change => ours("mount", ["boot"], `${typed}; systemctl daemon-reload`, { spot: FSTAB });

const mounts: readonly Change[] = [
  mounted(["live"], "umount /srv/mounted"),
  mounted(["live"], "umount -l /srv/mounted"),
  mounted(["options"], "mount -o remount,rw /srv/mounted"),
  mounted(["options"], "umount /srv/mounted; mount -t nfs -o vers=4.2,ro,noexec OWN:/srv/docs /srv/mounted"),
  mounted(["version"], "umount /srv/mounted; mount -t nfs -o vers=4.1,ro OWN:/srv/docs /srv/mounted"),
  mounted(["source"], "umount /srv/mounted; mount -t nfs -o vers=4.2,ro OWN:/srv/theirs /srv/mounted"),
  line(`sed -i '/mounted/d' ${FSTAB}`),
  line(`sed -i '/mounted/s/nofail/bg/' ${FSTAB}`),
  ours("mount", ["boot"], `sed -i '/mounted/s/^/#/' ${FSTAB}; systemctl daemon-reload`, { files: [FSTAB] }),
  line(`sed -i '/mounted/s/,ro,/,rw,/' ${FSTAB}`),
  line(`sed -i '/mounted/s/4.2/4.1/' ${FSTAB}`),
  line(`sed -i '/mounted/s/nofail/noauto/' ${FSTAB}`),
  line(`sed -i '/mounted/s,/srv/docs,/srv/theirs,' ${FSTAB}`),
  same("mount", FSTAB, `sed -i '/mounted/s/ /\\t/g' ${FSTAB}`),
  same("mount", FSTAB, `sed -i '/mounted/s/ 0 0$//' ${FSTAB}`),
  same("mount", FSTAB, `sed -i '/mounted/s/vers=4.2,ro,nofail,_netdev/_netdev,nofail,ro,vers=4.2/' ${FSTAB}`),
  same("mount", FSTAB, `sed -i '/mounted/i# documents' ${FSTAB}`),
  same("mount", FSTAB, `sed -i '/mounted/s/$/   /' ${FSTAB}`),
  same("mount", FSTAB, `sed -i '/mounted/s,/srv/mounted,/srv/mounted/,' ${FSTAB}`),
  same("mount", FSTAB, `sed -i '/mounted/s/^/   /' ${FSTAB}`),
  same("mount", FSTAB, `truncate -s -1 ${FSTAB}`),
  theirs("mount", `echo 'tmpfs /srv/more tmpfs nofail 0 0' >> ${FSTAB}`, `sed -i '/more/d' ${FSTAB}`),
  theirs("mount", `sed -i '1i# static file system information' ${FSTAB}`, `sed -i '1d' ${FSTAB}`, `${FSTAB}-first`),
  theirs("mount", `echo 'OWN:/srv/theirs /srv/away nfs noauto 0 0' >> ${FSTAB}`, `sed -i '/away/d' ${FSTAB}`),
  theirs("mount", "mkdir -p /srv/tmp; mount -t tmpfs tmpfs /srv/tmp", "umount /srv/tmp; rmdir /srv/tmp"),
  theirs(
    "mount",
    "mkdir -p /srv/away; mount -t nfs -o vers=4.2 OWN:/srv/theirs /srv/away",
    "umount /srv/away; rmdir /srv/away",
  ),
];

/** Exports and mounts. */
export const nfs: readonly Change[] = [...exports, ...mounts];
