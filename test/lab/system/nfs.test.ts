import { openSession } from "../../../provider/host/session/session.ts";
import { nfsExport } from "../../../provider/kinds/nfs-export/kind.ts";
import { nfsMount } from "../../../provider/kinds/nfs-mount/kind.ts";
import { systemdService } from "../../../provider/kinds/systemd-service/kind.ts";
import { connection } from "../../../provider/model/connection.ts";
import type { LabHost } from "../../../tools/lab/host/host.ts";
import { step } from "../../support/step.ts";
import { useLab } from "../../support/use-lab.ts";
import { endRun, LabResource } from "../resource.ts";

/** NfsExport and NfsMount on real hosts: what exportfs and the kernel say, what a boot does, and what a dead server does not. */

const lab = useLab({ hosts: ["nfs", "web1"], releases: { web1: "trixie" } });
let server: LabResource;
const nfs = () => lab.host("nfs");
const web = () => lab.host("web1");
const etab = () => nfs().text("sed 's/,sync.*//' /var/lib/nfs/etab | tr '\\t' ' ' | sort");
const mounted = () => web().text("awk '$5 == \"/srv/docs\" { print $6 }' /proc/self/mountinfo");
/** An operator's doing, between two runs of ours. */
const byHand = async (host: LabHost, script: string) => {
  endRun();
  await host.sh(script);
};
const HOSTILE = [
  "$(touch CANARY)",
  "`touch CANARY`",
  ";touch CANARY;",
  "'; touch CANARY; '",
  '"$(>CANARY)"',
  "|touch CANARY",
  "&&touch CANARY",
  ">CANARY",
  "${IFS}CANARY",
  "%sCANARY%n",
];
const snapshots = () => Promise.all([nfs(), web()].map((host) => host.snapshot()));

beforeAll(async () => {
  server = new LabResource(systemdService, nfs());
  await server.up({ name: "nfs-server" });
  lab.giveBack(async () => {
    await server.destroy();
    endRun();
  });
});

afterEach(() => endRun());

test("the server records its clients, so that none waits for the end of a grace period", async () => {
  const log = await nfs().text("dmesg | sed -n 's/.*NFSD: //p'");
  // nfs-utils 1.3.4 (Debian 11) has no nfsdcld: there the kernel calls a program for each client, and files open 90 s after a start.
  expect(log).toMatch(
    /nfsdcld client tracking operations\.\n[^]*no clients to reclaim, skipping NFSv4 grace|UMH upcall client tracking operations\.\n[^]*starting 90-second grace/,
  );
});

test("an export is made, found, repaired, changed and undone, beside exports of others", async () => {
  await nfs().sh("mkdir -p /other; echo '/other 192.168.2.0/24(ro,no_subtree_check)' > /etc/exports; exportfs -ra");
  await nfs().sh("exportfs -i -o rw,no_subtree_check 192.168.2.9:/other");
  const before = await snapshots();
  const common = new LabResource(nfsExport, nfs());
  expect(
    await common.up({ path: "/common", clients: { "*": ["rw"], "192.168.2.7": ["ro", "no_root_squash"] } }),
  ).toMatchObject({
    commands: ["/common *(rw,no_subtree_check) 192.168.2.7(ro,no_root_squash,no_subtree_check)"],
    clients: { "*": ["rw", "no_subtree_check"], "192.168.2.7": ["ro", "no_root_squash", "no_subtree_check"] },
    file: "common",
    boot: true,
  });
  const others = ["/other 192.168.2.0/24(ro", "/other 192.168.2.9(rw"];
  expect(await etab()).toBe(["/common *(rw", "/common 192.168.2.7(ro", ...others].join("\n"));
  expect(await nfs().text("cat /etc/exports.d/common.exports")).toBe(
    "# /common: kept by pulumi-lvs as a whole\n/common *(rw,no_subtree_check) 192.168.2.7(ro,no_root_squash,no_subtree_check)",
  );
  expect(await common.drift()).toBe("none");

  await byHand(nfs(), "exportfs -i -o ro,no_subtree_check,insecure '*:/common'; exportfs -u 192.168.2.7:/common");
  expect(await common.refresh()).toMatchObject({ clients: { "*": ["ro", "insecure", "no_subtree_check"] } });
  expect(await common.drift()).toBe("some");
  await common.repair();
  await byHand(nfs(), "echo '/common 10.9.9.9(rw)' >> /etc/exports.d/common.exports");
  expect(await common.drift()).toBe("some");
  await common.repair();
  expect(await nfs().text("wc -l < /etc/exports.d/common.exports")).toBe("2");

  await common.up({ path: "/common", clients: { "192.168.2.0/24": ["rw", "async", "fsid=7"] }, file: "shared" });
  expect(await nfs().text("grep ^/common /var/lib/nfs/etab")).toBe(
    "/common\t192.168.2.0/24(rw,async,wdelay,hide,nocrossmnt,secure,root_squash,no_all_squash,no_subtree_check,secure_locks,acl," +
      "no_pnfs,fsid=7,anonuid=65534,anongid=65534,sec=sys,rw,secure,root_squash,no_all_squash)",
  );
  expect(await nfs().text("ls /etc/exports.d")).toBe("shared.exports");

  await common.destroy();
  expect(await etab()).toBe(others.join("\n"));
  expect(await nfs().text("ls -d /common 2>/dev/null; grep NfsExport /var/lib/pulumi-lvs/before || true")).toBe("");
  expect(await snapshots()).toEqual(before);
  await nfs().sh("rm -rf /other; : > /etc/exports; exportfs -ra");
});

test("a boot takes the line of somebody else, which boot says and an update refuses; a path with odd letters is found and undone", async () => {
  await nfs().sh("mkdir -p /common; echo '/common/ 192.168.2.0/255.255.255.0(rw,no_root_squash)' > /etc/exports");
  const before = await snapshots();
  const [common, odd] = [new LabResource(nfsExport, nfs()), new LabResource(nfsExport, nfs())];
  const args = { path: "/common", clients: { "192.168.2.0/24": ["ro"] } };
  await expect(common.up(args)).rejects.toThrow(
    "/etc/exports, line 1, already exports /common/ to 192.168.2.0/255.255.255.0, which has hosts in common with 192.168.2.0/24",
  );
  await byHand(nfs(), ": > /etc/exports");
  // exportfs finds a directory below the root of its configuration, where this resource would not look.
  await byHand(
    nfs(),
    "[ -d /etc/nfs.conf.d ] || mkdir /etc/nfs.conf.d /run/is-ours; mkdir -p /srv/below; printf '[exports]\\nrootdir=/srv\\n' > /etc/nfs.conf.d/root.conf",
  );
  // nfs-utils 1.3.4 (Debian 11) looks at the root of the host all the same, and it is refused there, too.
  const exported = "exportfs -i -o rw,no_subtree_check '*:/below' 2>&1; exportfs -u '*:/below' 2> /dev/null";
  expect(await nfs().text(exported)).toMatch(/^$|Failed to stat \/below/);
  await expect(common.up(args)).rejects.toThrow("/etc/nfs.conf.d/root.conf, line 2, sets rootdir=/srv,");
  await byHand(
    nfs(),
    "rm /etc/nfs.conf.d/root.conf; rmdir /srv/below; [ ! -d /run/is-ours ] || rmdir /etc/nfs.conf.d /run/is-ours",
  );
  await common.up(args);
  await odd.up({ path: '/srv/a\u00a0b "c"#\\\\d\u0101', clients: { web1: ["ro"] } });
  await byHand(nfs(), "echo '/common/ 192.168.2.0/255.255.255.0(rw,no_root_squash)' > /etc/exports");
  expect(await common.refresh()).toMatchObject({ clients: {}, boot: false });
  expect(await odd.drift()).toBe("none");
  const write =
    "mount -t nfs -o vers=4.2 192.168.2.50:/common /mnt && touch /mnt/written; code=$?; umount /mnt; exit $code";
  expect((await web().sh(write, { check: false })).stderr).toContain("Read-only file system");

  endRun();
  await nfs().reboot();
  await web().sh(write);
  expect(await odd.drift()).toBe("none");
  await expect(common.repair()).rejects.toThrow("/etc/exports, line 1, already exports /common/");
  await byHand(nfs(), "rm /common/written; : > /etc/exports; exportfs -u 192.168.2.0/255.255.255.0:/common");
  await common.repair();
  expect(await common.drift()).toBe("none");
  for (const one of [odd, common]) await one.destroy();
  expect(await etab()).toBe("");
  await nfs().sh("echo '/common/ 192.168.2.0/255.255.255.0(rw,no_root_squash)' > /etc/exports");
  expect(await snapshots()).toEqual(before);
  await nfs().sh("rm -r /common; : > /etc/exports");
});

test("paths with shell text in them are names, on the server, on the client, and in what systemd makes of fstab", async () => {
  const before = await snapshots();
  const pairs = HOSTILE.map((text, at) => ({
    path: `/srv/${text}`,
    file: `hostile${at}`,
    exported: new LabResource(nfsExport, nfs()),
    mount: new LabResource(nfsMount, web()),
  }));
  const clients = { "192.168.2.0/24": ["rw"] };
  await Promise.all(pairs.map(({ path, file, exported }) => exported.up({ path, file, clients })));
  await Promise.all(pairs.map(({ path, mount }) => mount.up({ source: `192.168.2.50:${path}`, path, version: "4.2" })));
  for (const { exported, mount } of pairs)
    expect([await exported.drift(), await mount.drift()]).toEqual(["none", "none"]);
  for (const host of [nfs(), web()])
    expect((await host.text("ls /srv")).split("\n").sort()).toEqual([...HOSTILE].sort());
  await Promise.all(pairs.map(({ mount }) => mount.destroy()));
  await Promise.all(pairs.map(({ exported }) => exported.destroy()));
  for (const host of [nfs(), web()]) expect(await host.text("find / -xdev -name CANARY")).toBe("");
  expect(await snapshots()).toEqual(before);
});

test("a mount of the same source in other words is taken over as it is, and lines that lead there are refused", async () => {
  await nfs().sh("mkdir -p /common; exportfs -i -o rw,no_subtree_check '*:/common'");
  const path = "/srv/\u00a0d\u0101 #";
  const escaped = "/srv/\u00a0d\u0101\\\\040#";
  await web().sh(`mkdir -p '${path}'; ln -sfn '${path}' /srv/link; cp /etc/fstab /root/fstab
echo 'nfs:/common/ //srv/\u00a0d\u0101\\040#/ nfs vers=4.2,nofail,_netdev 0 0' > /etc/fstab
systemctl daemon-reload; mount 'nfs:/common/' '${path}' -o vers=4.2`);
  const id = () => web().text("awk '/common/ && / nfs4 / { print $1 }' /proc/self/mountinfo");
  const [docs, mounted] = [new LabResource(nfsMount, web()), await id()];
  await docs.up({ source: "192.168.2.50:/common", path, version: "4.2" });
  expect(mounted).toMatch(/^\d+$/);
  expect(await id()).toBe(mounted);
  expect(await web().text("cat /etc/fstab")).toBe(
    `192.168.2.50:/common ${escaped.replace("\\\\", "\\")} nfs vers=4.2,nofail,_netdev 0 0`,
  );
  expect(await docs.drift()).toBe("none");
  await docs.destroy();
  await byHand(web(), "echo 'nfs:/common /srv/link nfs noauto 0 0' > /etc/fstab");
  await expect(docs.up({ source: "nfs:/common", path })).rejects.toThrow(
    `/etc/fstab, line 1, mounts nfs:/common at /srv/link, which is a symbolic link to ${path}`,
  );
  await web().sh(`mv /root/fstab /etc/fstab; rm /srv/link; rmdir '${path}'; systemctl daemon-reload`);
  await nfs().sh("exportfs -u '*:/common'; rm -r /common");
});

test("a mount is made, kept by a boot, found, repaired, changed in place, and undone", async () => {
  await nfs().sh("mkdir -p /common /srv/www; echo common > /common/index.html; echo www > /srv/www/index.html");
  const exports = [new LabResource(nfsExport, nfs()), new LabResource(nfsExport, nfs())] as const;
  await exports[0].up({ path: "/common", clients: { "192.168.2.0/24": ["rw"] } });
  await exports[1].up({ path: "/srv/www", clients: { web1: ["ro"], "192.168.2.100": ["ro"] } });
  // A file that does not end its last line stays like that.
  await web().sh("printf '# fstab\nproc /proc proc defaults 0 0' > /etc/fstab; systemctl daemon-reload");
  const before = await snapshots();

  const docs = new LabResource(nfsMount, web());
  const args = {
    source: "192.168.2.50:/common",
    path: "/srv/docs",
    version: "4.2",
    options: ["nosuid", "rsize=32768"],
  };
  const line = "192.168.2.50:/common /srv/docs nfs vers=4.2,nosuid,rsize=32768,nofail,_netdev 0 0";
  expect(await docs.up(args)).toMatchObject({ commands: [line], live: true, boot: true, version: "4.2" });
  expect(await web().text("cat /srv/docs/index.html; tail -n 1 /etc/fstab")).toBe(`common\n${line}`);
  expect(await docs.drift()).toBe("none");

  endRun();
  await web().reboot();
  expect(await web().text("cat /srv/docs/index.html")).toBe("common");
  expect(await docs.drift()).toBe("none");

  await byHand(web(), "mount -o remount,noexec /srv/docs");
  expect(await docs.refresh()).toMatchObject({ options: ["noexec", "nosuid"] });
  await docs.repair();
  expect(await mounted()).toBe("rw,nosuid,relatime");
  await byHand(web(), "umount /srv/docs; sed -i s/nofail/bg/ /etc/fstab");
  expect(await docs.refresh()).toMatchObject({ live: false, boot: false });
  await docs.repair();
  expect(await web().text("cat /srv/docs/index.html; tail -n 1 /etc/fstab")).toBe(`common\n${line}`);

  // Flags of the mount change while somebody is in it; another server's directory does not.
  await byHand(web(), "cd /srv/docs; sleep 300 > /dev/null 2>&1 & echo $! > /run/in-use");
  await docs.up({ ...args, options: ["ro", "noatime"] });
  expect(await mounted()).toBe("ro,noatime");
  const moved = { ...args, source: "nfs:/srv/www", options: ["soft"] };
  await expect(docs.up(moved)).rejects.toThrow(/device is busy[\s\S]*\/srv\/docs is in use by process \d+ \(sleep\)/);
  await expect(docs.destroy()).rejects.toThrow("/srv/docs is in use by process");
  await byHand(web(), "kill $(cat /run/in-use); rm /run/in-use");
  await docs.up(moved);
  expect(await web().text("cat /srv/docs/index.html")).toBe("www");
  expect(await docs.drift()).toBe("none");

  // Something else over it hides it: it is not forgotten.
  await byHand(web(), "mount -t tmpfs none /srv/docs; mount -t tmpfs other /srv/docs");
  const over = "other (tmpfs) is mounted over this mount at /srv/docs: unmount it with umount -- /srv/docs";
  expect(await docs.refresh()).toMatchObject({ live: false });
  await expect(docs.destroy()).rejects.toThrow(over);
  await expect(docs.up(moved)).rejects.toThrow(over);
  await byHand(web(), "umount /srv/docs; umount /srv/docs; cat /srv/docs/index.html");
  expect(await docs.drift()).toBe("none");

  await docs.up({ ...moved, boot: false });
  expect(await web().text("tail -n 1 /etc/fstab")).toBe("nfs:/srv/www /srv/docs nfs vers=4.2,soft,noauto,_netdev 0 0");
  expect(await docs.drift()).toBe("none");

  // What somebody else says about the same mount point stays, and is what the host mounts there now.
  const theirs = "192.168.2.50:/common /srv/docs nfs ro,noauto,nofail,_netdev 0 0";
  await byHand(web(), `printf '\\n%s' '${theirs}' >> /etc/fstab; systemctl daemon-reload`);
  await expect(docs.up({ ...moved, boot: true })).rejects.toThrow("/etc/fstab, line 4, mounts 192.168.2.50:/common");
  await docs.destroy();
  expect(await web().text("tail -n 1 /etc/fstab; ls /srv/docs")).toBe(theirs);
  await byHand(web(), "mount /srv/docs");
  expect(await mounted()).toBe("ro,relatime");
  await docs.up({ ...moved, source: "192.168.2.50:/common", options: ["ro"], boot: false });
  // Seen by a refresh, another source does not become ours.
  await byHand(
    web(),
    "umount /srv/docs; sed -i '$d' /etc/fstab; echo 'nfs:/srv/www /srv/docs nfs vers=4.2,noauto,_netdev' >> /etc/fstab; mount /srv/docs",
  );
  expect(await docs.refresh()).toMatchObject({ source: "nfs:/srv/www", ownSource: "192.168.2.50:/common" });
  await docs.destroy();
  expect(await web().text("tail -n 1 /etc/fstab; ls /srv/docs")).toBe(
    "nfs:/srv/www /srv/docs nfs vers=4.2,noauto,_netdev\nindex.html",
  );
  await byHand(
    web(),
    "umount /srv/docs; printf '# fstab\nproc /proc proc defaults 0 0' > /etc/fstab; systemctl daemon-reload; rmdir /srv/docs",
  );
  expect(await web().text("ls -d /srv/docs /var/lib/pulumi-lvs 2>/dev/null || true")).toBe("");
  expect(await snapshots()).toEqual(before);
  for (const one of exports) await one.destroy();
});

test("a directory with something in it, a symbolic link, and what is no NFS are left as they are", async () => {
  await web().sh(
    "mkdir -p /srv/full /srv/real; touch /srv/full/.hidden; ln -sfn real /srv/link; mount -t tmpfs none /srv/real",
  );
  const up = (path: string) => new LabResource(nfsMount, web()).up({ source: "192.168.2.50:/common", path });
  await expect(up("/srv/full")).rejects.toThrow("/srv/full is not empty");
  await expect(up("/srv/link")).rejects.toThrow("/srv/link leads through a symbolic link: write /srv/real");
  await expect(up("/srv/real")).rejects.toThrow(
    "none (tmpfs) is mounted at /srv/real: unmount it, or choose another path",
  );
  await expect(up("/etc/hosts")).rejects.toThrow("/etc/hosts is not a directory on this host");
  await byHand(
    web(),
    "mkdir -p /etc/nfsmount.conf.d; printf '[NFSMount_Global_Options]\\nsoft=True\\n' > /etc/nfsmount.conf.d/a.conf",
  );
  await expect(up("/srv/docs")).rejects.toThrow("/etc/nfsmount.conf.d/a.conf, line 2, adds soft to this mount");
  // systemd takes a unit of an operator's own in place of fstab, and drop-ins beside it.
  const unit = "/etc/systemd/system/srv-docs.mount";
  await byHand(
    web(),
    `rm /etc/nfsmount.conf.d/a.conf; printf '[Mount]\\nWhat=nfs:/x\\nWhere=/srv/docs\\nType=nfs\\n' > ${unit}; cp /etc/fstab /run/fstab; printf '\\n192.168.2.50:/common /srv/docs nfs noauto' >> /etc/fstab; systemctl daemon-reload`,
  );
  expect(await web().text("systemctl show --value -p What srv-docs.mount")).toBe("nfs:/x");
  await expect(up("/srv/docs")).rejects.toThrow(`${unit} is a mount unit for /srv/docs`);
  await byHand(web(), `mkdir ${unit}.d; mv ${unit} ${unit}.d/x.conf; systemctl daemon-reload`);
  expect(await web().text("systemctl show --value -p What srv-docs.mount")).toBe("nfs:/x");
  await expect(up("/srv/docs")).rejects.toThrow(`${unit}.d/x.conf, line 2, says What=nfs:/x`);
  await byHand(web(), `rm -r ${unit}.d; ln -s /dev/null ${unit}; systemctl daemon-reload`);
  expect(await web().text("systemctl show --value -p LoadState srv-docs.mount")).toBe("masked");
  await expect(up("/srv/docs")).rejects.toThrow(`${unit} masks the mount unit`);
  await byHand(web(), `rm ${unit}; mv /run/fstab /etc/fstab; systemctl daemon-reload`);
  await byHand(web(), "mv /sbin/mount.nfs /sbin/mount.nfs-away");
  await expect(up("/srv/docs")).rejects.toThrow("this host has no NFS client (mount.nfs)");
  await byHand(web(), "mv /sbin/mount.nfs-away /sbin/mount.nfs; [ ! -e /srv/docs ] && ! grep docs /etc/fstab");
  await web().sh("umount /srv/real; rm -r /srv/full /srv/real /srv/link");
});

test("a server that is dead hangs neither a look, nor a delete, nor a boot", async () => {
  await nfs().sh("mkdir -p /common");
  const common = new LabResource(nfsExport, nfs());
  await common.up({ path: "/common", clients: { "*": ["rw"] } });
  endRun();
  const docs = new LabResource(nfsMount, web());
  await docs.up({ source: "192.168.2.50:/common", path: "/srv/docs" });
  endRun();
  await nfs().freeze();
  try {
    // Who waits for the server waits until it is thawed.
    expect(await step("a look while the server is frozen", () => docs.drift(), 60)).toBe("none");
    const below = new LabResource(nfsExport, web()).up({ path: "/srv/docs/below", clients: { "*": ["rw"] } });
    await expect(below).rejects.toThrow("/srv/docs/below did not answer within 5 s");
    endRun();
    // A reload of systemd reads fstab, and waits for the server for 90 s: here, for longer than a command of others may take.
    await web().sh(
      "cp /etc/fstab /root/fstab; (for i in $(seq 200); do sleep 0.2; pgrep systemd-fstab-g && break; done; sleep 10; pkill -KILL systemd-fstab-g) >/dev/null 2>&1 &",
    );
    const session = openSession(connection.parse({ name: "web1", ...web().connection, deadline: 6 }));
    const impatient = new LabResource(nfsMount, web(), () => session);
    const changed = impatient.up({ source: "192.168.2.50:/common", path: "/srv/docs", options: ["ro"] });
    await expect(changed).rejects.toThrow("This host cannot reach the server");
    await web().sh("mv /root/fstab /etc/fstab; sync -f /etc/fstab");
    session.close();
    endRun();
    await web().powerCut({ wait: false });
    await web().waitSsh();
    // nginx starts after remote-fs.target, which does not wait for this mount.
    await web().sh("for i in $(seq 60); do systemctl -q is-active nginx && exit; sleep 0.5; done; exit 1");
    expect(await docs.refresh()).toMatchObject({ live: false, boot: true });
    await expect(docs.repair()).rejects.toThrow("This host cannot reach the server");
    await docs.destroy();
    expect(await web().text("cat /etc/fstab; ls -d /srv/docs 2>/dev/null || true")).not.toContain("docs");
  } finally {
    await nfs().thaw();
  }
  endRun();
  await common.destroy();
});
