import fc from "fast-check";
import { parseMountPoint } from "../../../provider/kinds/nfs-mount/facts";
import { desiredEntry } from "../../../provider/kinds/nfs-mount/find";
import { dropEntry, findEntry, formatEntry, putEntry } from "../../../provider/kinds/nfs-mount/fstab";
import { readByMount, readBySystemd } from "../../../provider/kinds/nfs-mount/fstab-line";
import { nfsMount, plan } from "../../../provider/kinds/nfs-mount/kind";
import { mountUnitProblem } from "../../../provider/kinds/nfs-mount/mount-unit";
import { isLive, liveWords } from "../../../provider/kinds/nfs-mount/options";
import type { WantedMount } from "../../../provider/kinds/nfs-mount/schema";
import { refusals } from "../../fakes/fake-host";
import { FakeNfsClient } from "../../fakes/fake-nfs-client";

const written = { source: "192.168.2.50:/common", path: "/srv/docs" };
const want = (input: object = {}): WantedMount => nfsMount.schema.parse({ ...written, ...input });
const RELOAD = "sh -c '[ ! -d /run/systemd/system ] || systemctl daemon-reload' sh";
const FSTAB = "# mine\nproc /proc proc defaults 0 0";

let host: FakeNfsClient;

beforeEach(() => {
  host = new FakeNfsClient();
  host.files.set("/etc/fstab", FSTAB);
});

/** Steps without the text of shell scripts. */
const brief = (steps: readonly string[]) =>
  steps.map((step) =>
    step.startsWith("sh -c") && step !== RELOAD ? `sh ${(step.split("' sh ").at(-1) ?? "").trim()}` : step,
  );

test("the mount point is created, the line of fstab written, and then mounted by that line", () => {
  expect(brief(host.pass(nfsMount, want({ version: "4.2", options: ["ro"] })))).toEqual([
    'edit /var/lib/pulumi-lvs/before: record how /srv/docs was: {"made":"/srv/docs"}',
    "mkdir -p -- /srv/docs",
    "edit /etc/fstab: 192.168.2.50:/common /srv/docs nfs vers=4.2,ro,nofail,_netdev 0 0",
    RELOAD,
    "timeout -s KILL 30 mount -- /srv/docs",
  ]);
  expect(host.pass(nfsMount, want({ version: "4.2", options: ["ro"] }))).toEqual([]);
});

test.each([
  [
    "a mount that somebody removed is mounted again, and the line stays",
    want(),
    () => host.mounts.clear(),
    ["timeout -s KILL 30 mount -- /srv/docs"],
  ],
  [
    "a line that somebody removed is written again, and the mount stays",
    want(),
    () => host.files.set("/etc/fstab", FSTAB),
    ["edit /etc/fstab: 192.168.2.50:/common /srv/docs nfs nofail,_netdev 0 0", RELOAD],
  ],
  [
    "a flag that somebody changed is restored while files are open",
    want({ options: ["nosuid"] }),
    () => {
      host.busy.add("/srv/docs");
      const mounted = host.mounts.get("/srv/docs");
      if (mounted) host.mounts.set("/srv/docs", { ...mounted, flags: ["ro", "relatime"] });
    },
    ["sh /srv/docs /srv/docs remount,rw,exec,nosuid,dev,relatime"],
  ],
  [
    "blanks and the order of options in fstab do not matter",
    want({ options: ["ro", "nosuid"] }),
    () => host.files.set("/etc/fstab", "192.168.2.50:/common\t/srv/docs   nfs _netdev,nosuid,nofail,ro\n"),
    [],
  ],
  [
    "another server's directory in its place is replaced",
    want(),
    () => {
      const mounted = host.mounts.get("/srv/docs");
      if (mounted) host.mounts.set("/srv/docs", { ...mounted, source: "192.168.2.51:/other" });
    },
    ["sh /srv/docs /srv/docs", "timeout -s KILL 30 mount -- /srv/docs"],
  ],
])("%s", (_, record, meanwhile, steps) => {
  host.pass(nfsMount, record);
  meanwhile();
  expect(brief(host.pass(nfsMount, record))).toEqual(steps);
  expect(host.pass(nfsMount, record)).toEqual([]);
});

test.each([
  ["a slash at the end", "192.168.2.50:/common/", "192.168.2.50", []],
  ["the name for the address", "nfs.example.org:/common", "192.168.2.50", []],
  ["the address for the name", "192.168.2.50:/common", "192.168.2.50", ["10.0.0.1", "192.168.2.50"]],
  ["capital letters", "NFS:/common", undefined, []],
])(
  "a mount of the same source in other words stays, and its line becomes ours: %s",
  (name, source, address, addresses) => {
    const record = want(
      /name$|letters$/.test(name) && name !== "the name for the address" ? { source: "nfs:/common" } : {},
    );
    host.pass(nfsMount, record);
    host.addresses.set("nfs", addresses);
    const mounted = host.mounts.get("/srv/docs");
    const shown = address === undefined ? [] : [`addr=${address}`];
    if (mounted) host.mounts.set("/srv/docs", { ...mounted, source, nfs: [...mounted.nfs, ...shown] });
    expect(host.pass(nfsMount, record)).toEqual([]);
    host.files.set("/etc/fstab", `${source} /srv//docs/ nfs nofail,_netdev 0 0\n`);
    expect(brief(host.pass(nfsMount, record))).toEqual([
      `edit /etc/fstab: ${formatEntry(desiredEntry(record))}`,
      RELOAD,
    ]);
    expect(host.files.get("/etc/fstab")).toBe(`${formatEntry(desiredEntry(record))}\n`);
  },
);

const TMPFS = { source: "none", type: "tmpfs", flags: ["rw", "relatime"], nfs: ["rw"] };

test.each([
  ["another file system", TMPFS, "none (tmpfs)", FSTAB],
  ["one for which fstab has no line of ours any more", TMPFS, "none (tmpfs)", undefined],
  ["the directory of another server", { ...TMPFS, source: "x:/y", type: "nfs4" }, "x:/y (nfs4)", FSTAB],
])(
  "what somebody mounted over ours is named, and ours is neither forgotten nor mounted twice: %s",
  (_, over, name, fstab) => {
    host.pass(nfsMount, want());
    host.covers.set("/srv/docs", over);
    if (fstab === undefined) host.files.set("/etc/fstab", FSTAB);
    const before = new Map(host.files);
    for (const desired of [undefined, want()]) {
      expect(() => host.pass(nfsMount, desired, want())).toThrow(
        `${name} is mounted over this mount at /srv/docs: unmount it with umount -- /srv/docs, and run again`,
      );
    }
    expect(host.files).toEqual(before);
    host.covers.clear();
    host.pass(nfsMount, undefined, want());
    expect([host.mounts.size, host.files.get("/etc/fstab")]).toEqual([0, FSTAB]);
  },
);

test("what is mounted over a mount of others goes its way", () => {
  host.mounts.set("/srv/docs", { ...TMPFS, source: "x:/y", type: "nfs4" });
  host.covers.set("/srv/docs", TMPFS);
  expect(() => host.pass(nfsMount, want())).toThrow(
    "none (tmpfs) is mounted at /srv/docs: unmount it, or choose another path",
  );
  expect(host.pass(nfsMount, undefined, want())).toEqual([]);
});

test("a line of the same source that somebody put in front of ours becomes ours, which then is there once", () => {
  host.pass(nfsMount, want());
  const ours = formatEntry(desiredEntry(want()));
  host.files.set("/etc/fstab", `192.168.2.50:/common/ //srv/docs nfs ro\n${FSTAB}\n${ours}\nlast:/x /x nfs ro`);
  host.pass(nfsMount, want());
  expect(host.files.get("/etc/fstab")).toBe(`${ours}\n${FSTAB}\nlast:/x /x nfs ro`);
  host.pass(nfsMount, undefined, want());
  expect(host.files.get("/etc/fstab")).toBe(`${FSTAB}\nlast:/x /x nfs ro`);
});

describe("lines of others for the same mount point", () => {
  const ours = formatEntry(desiredEntry(want()));
  const other = "192.168.2.51:/other /srv/docs nfs rw,nofail,_netdev 0 0";
  const same = "192.168.2.50:/common/ /srv/docs nfs ro 0 0";
  const mountBy = (source: string) => {
    const mounted = host.mounts.get("/srv/docs");
    if (mounted) host.mounts.set("/srv/docs", { ...mounted, source });
  };

  test.each([
    ["of another source, behind ours", `${FSTAB}\n${ours}\n${other}\n`, `${FSTAB}\n${other}\n`],
    ["of another source, in front of ours", `${other}\n${FSTAB}\n${ours}\n`, `${other}\n${FSTAB}\n`],
    ["of another source, at the end of a file that does not end it", `${ours}\n${other}`, other],
    ["of another source, in place of ours", `${other}\n`, `${other}\n`],
    ["for a disk", `${ours}\n/dev/sdb1 /srv/docs ext4 ro 0 2`, "/dev/sdb1 /srv/docs ext4 ro 0 2"],
    [
      "ours with other options and blanks is still ours",
      `${FSTAB}\n192.168.2.50:/common\t/srv/docs nfs bg 0 0\n`,
      `${FSTAB}\n`,
    ],
  ])("a delete unmounts ours, and leaves the line: %s", (_, text, left) => {
    host.pass(nfsMount, want());
    host.files.set("/etc/fstab", text);
    host.pass(nfsMount, undefined, want());
    expect([host.files.get("/etc/fstab"), host.mounts.has("/srv/docs")]).toEqual([left, false]);
    expect(host.pass(nfsMount, undefined, want())).toEqual([]);
  });

  test.each([
    ["another source", other, "192.168.2.51:/other"],
    ["the same source in other words", same, "192.168.2.50:/common"],
  ])("a delete leaves the mount, too, where it is that of their line: %s", (_, line, mounted) => {
    host.pass(nfsMount, want());
    host.files.set("/etc/fstab", `${line}\n${ours}\n`);
    mountBy(mounted);
    expect(brief(host.pass(nfsMount, undefined, want()))).toEqual([
      "edit /etc/fstab: remove /srv/docs",
      RELOAD,
      // The directory that we made is theirs now.
      "edit /var/lib/pulumi-lvs/before: drop how /srv/docs was",
    ]);
    expect([host.files.get("/etc/fstab"), host.mounts.get("/srv/docs")?.source]).toEqual([`${line}\n`, mounted]);
    expect(host.pass(nfsMount, undefined, want())).toEqual([]);
  });

  test("a delete after a change of the source that was cut off removes the line of the earlier source", () => {
    host.pass(nfsMount, want());
    const known = host.observe(nfsMount, want());
    host.pass(nfsMount, undefined, want({ source: "nfs:/new" }), known);
    expect([host.files.get("/etc/fstab"), host.mounts.size]).toEqual([FSTAB, 0]);
  });

  test("with another source, boot is false, and an update refuses", () => {
    host.pass(nfsMount, want());
    host.files.set("/etc/fstab", `${ours}\n${other}\n`);
    expect(host.observe(nfsMount, want())).toMatchObject({ boot: false, live: true });
    expect(() => host.pass(nfsMount, want())).toThrow(
      '/etc/fstab, line 2, mounts 192.168.2.51:/other at /srv/docs, too: systemd takes only the first line of a mount point, and "mount -a" mounts one over the other. To have one, remove that line, or choose another path',
    );
    host.files.set("/etc/fstab", `${ours}\n${same}\n`);
    expect(host.pass(nfsMount, want())).toEqual([]);
  });
});

test("a mount of another server with the same path is another source", () => {
  host.pass(nfsMount, want());
  const mounted = host.mounts.get("/srv/docs");
  if (mounted)
    host.mounts.set("/srv/docs", { ...mounted, source: "old:/common", nfs: [...mounted.nfs, "addr=192.168.2.51"] });
  expect(host.observe(nfsMount, want())).toMatchObject({ source: "old:/common" });
});

test.each([
  ["mounted by hand", undefined],
  ["with a line of its own in place of ours", "192.168.2.51:/other /srv/docs nfs rw,nofail,_netdev 0 0\n"],
])("another source that is there at a refresh is not taken away by a delete: %s", (_, line) => {
  host.pass(nfsMount, want());
  const mounted = host.mounts.get("/srv/docs");
  if (mounted) host.mounts.set("/srv/docs", { ...mounted, source: "192.168.2.51:/other" });
  if (line !== undefined) host.files.set("/etc/fstab", line);
  const refreshed = host.observe(nfsMount, want());
  const expected = { source: "192.168.2.51:/other", ownSource: "192.168.2.50:/common", boot: line === undefined };
  expect(refreshed).toMatchObject(expected);
  // What a state hands back.
  const again = want({ ...refreshed, boot: true });
  expect(host.observe(nfsMount, again, refreshed)).toEqual(refreshed);
  host.pass(nfsMount, undefined, again, refreshed);
  expect([host.files.get("/etc/fstab"), host.mounts.get("/srv/docs")?.source]).toEqual([
    line ?? FSTAB,
    "192.168.2.51:/other",
  ]);
});

describe("units of systemd for the mount point", () => {
  const path = "/srv/my-docs/.x";
  const name = "srv-my\\x2ddocs-.x.mount";
  const at = (folder: string, file = "") => `/etc/systemd/${folder}${file}`;
  test.each([
    [
      "a unit in place of the line",
      at("system/", name),
      ["[Mount]", "What=nfs:/x"],
      `${at("system/", name)} is a mount unit`,
    ],
    ["a mask", at("system.control/", name), [], `${at("system.control/", name)} masks the mount unit`],
    [
      "a drop-in",
      at("system/", `${name}.d/o.conf`),
      ["[Mount]", "TimeoutSec=9", "Options=ro"],
      `${at("system/", `${name}.d/o.conf`)}, line 3, says Options=ro for the mount unit`,
    ],
    [
      "a drop-in for several",
      at("system/", "srv-.mount.d/o.conf"),
      ["[Unit]", "ConditionHost=x"],
      "line 2, says ConditionHost=x",
    ],
    ["a drop-in for all", "/usr/lib/systemd/system/mount.d/o.conf", ["[Mount]", "Type=nfs4"], "line 2, says Type=nfs4"],
    ["a drop-in without a say", at("system/", `${name}.d/o.conf`), ["[Mount]", "TimeoutSec=9"], undefined],
    ["a drop-in for another mount", at("system/", "srv-my.mount.d/o.conf"), ["[Mount]", "Type=nfs4"], undefined],
  ])("%s", (_, file, lines, problem) => {
    const files = new Map([[file, lines.map((text, index) => ({ number: index + 1, text }))]]);
    if (problem === undefined) expect(mountUnitProblem(files, path)).toBeUndefined();
    else expect(mountUnitProblem(files, path)).toContain(problem);
  });
});

test.each([
  ["a flag", { options: ["ro"] }, ["remount,ro,exec,suid,dev,relatime"]],
  ["an option that the kernel cannot change", { options: ["soft"] }, ["remount,rw,exec,suid,dev,relatime"]],
  ["an option that the kernel does not show", { options: ["rsize=32768"] }, ["remount,rw,exec,suid,dev,relatime"]],
  ["boot", { boot: false }, []],
])("a change of %s is made in place, and a mount after a boot has it too", (_, input, live) => {
  host.pass(nfsMount, want());
  const steps = brief(host.pass(nfsMount, want(input)));
  expect(steps[0]).toBe(`edit /etc/fstab: ${formatEntry(desiredEntry(want(input)))}`);
  expect(steps.slice(2).map((step) => step.replace(/^sh|\/srv\/docs/g, "").trim())).toEqual(live);
  expect(host.pass(nfsMount, want(input))).toEqual([]);
  host.mounts.clear();
  host.mount("/srv/docs");
  expect(host.pass(nfsMount, want(input))).toEqual([]);
});

test.each([
  ["the version", { version: "3" }],
  ["the source", { source: "192.168.2.51:/common" }],
])("a change of %s unmounts first, so that a mount in use keeps its line", (_, input) => {
  host.pass(nfsMount, want());
  host.busy.add("/srv/docs");
  const before = host.files.get("/etc/fstab");
  expect(() => host.pass(nfsMount, want(input))).toThrow("device is busy");
  expect(host.files.get("/etc/fstab")).toBe(before);
  host.busy.clear();
  expect(brief(host.pass(nfsMount, want(input)))).toEqual([
    "sh /srv/docs /srv/docs",
    `edit /etc/fstab: ${formatEntry(desiredEntry(want(input)))}`,
    RELOAD,
    "timeout -s KILL 30 mount -- /srv/docs",
  ]);
  expect(host.pass(nfsMount, want(input))).toEqual([]);
});

test("a delete leaves fstab byte for byte, and a directory that existed", () => {
  host.directories.add("/srv/docs");
  host.pass(nfsMount, want());
  expect(brief(host.pass(nfsMount, undefined, want()))).toEqual([
    "sh /srv/docs /srv/docs",
    "edit /etc/fstab: remove /srv/docs",
    RELOAD,
  ]);
  expect(host.files.get("/etc/fstab")).toBe(FSTAB);
  expect([...host.files.keys()]).toEqual(["/etc/fstab"]);
  expect(host.pass(nfsMount, undefined, want())).toEqual([]);
});

test("a delete removes the directory that we created", () => {
  host.pass(nfsMount, want());
  host.pass(nfsMount, undefined, want());
  expect(host.directories.has("/srv/docs")).toBe(false);
  expect([...host.files]).toEqual([["/etc/fstab", FSTAB]]);
});

test("a mount that is busy stays in fstab: nothing of a delete is done", () => {
  host.pass(nfsMount, want());
  host.busy.add("/srv/docs");
  expect(() => host.pass(nfsMount, undefined, want())).toThrow("device is busy");
  expect(findEntry(host.files.get("/etc/fstab"), "/srv/docs")).toBeDefined();
});

test.each([
  [
    "the directory is not empty",
    () => host.full.add("/srv/docs"),
    "/srv/docs is not empty, and a mount would hide what is in it: move that away, or set allowNonEmpty: true",
  ],
  [
    "the directory is missing and createPath is false",
    () => undefined,
    "/srv/docs does not exist on this host: create it, or set createPath: true",
  ],
  [
    "something else is mounted",
    () => host.mounts.set("/srv/docs", { source: "/dev/sdb1", type: "ext4", flags: ["rw"], nfs: ["rw"] }),
    "/dev/sdb1 (ext4) is mounted at /srv/docs: unmount it, or choose another path",
  ],
  [
    "fstab has something else there",
    () => host.files.set("/etc/fstab", "/dev/sdb1 /srv/docs ext4 defaults 0 2\n"),
    "/etc/fstab, line 1, mounts /dev/sdb1 (ext4) at /srv/docs: remove that line, or choose another path",
  ],
  [
    "fstab has something else there in other words",
    () => host.files.set("/etc/fstab", "# disks\n/dev/sdb1 //srv/doc\\163/ ext4 defaults 0 2\n"),
    "/etc/fstab, line 2, mounts /dev/sdb1 (ext4) at //srv/docs/: remove that line, or choose another path",
  ],
  [
    "fstab leads there by a symbolic link",
    () => {
      host.files.set("/etc/fstab", "192.168.2.50:/common /docs nfs defaults\n");
      host.links.set("/docs", "/srv/docs");
    },
    "/etc/fstab, line 1, mounts 192.168.2.50:/common at /docs, which is a symbolic link to /srv/docs: remove that line, or choose another path",
  ],
  [
    "nfsmount.conf adds an option that is not desired",
    () => host.files.set("/etc/nfsmount.conf", "[ NFSMount_Global_Options ]\nnoatime=True\n"),
    '/etc/nfsmount.conf, line 2, adds noatime to this mount, now and at each boot, and "options" says otherwise: add "noatime" to "options", or remove that line',
  ],
  [
    "there is no NFS client",
    () => {
      host.missing = ["mount.nfs"];
    },
    'this host has no NFS client (mount.nfs): install it first, with new Package(..., { name: "nfs-client" }), which is nfs-common on Debian and nfs-utils on Red Hat, and let this mount depend on it',
  ],
  [
    "there is no mount",
    () => {
      host.missing = ["mount", "umount", "mount.nfs"];
    },
    'this host has no mount(8), as minimal images do: install it first, from the package "mount" on Debian and "util-linux" elsewhere, with new Package(..., { name: "mount" }), and let this mount depend on it',
  ],
])("refuses where %s, and writes nothing", (_, when, message) => {
  when();
  const before = [...host.files];
  expect(() => host.pass(nfsMount, want({ createPath: false }))).toThrow(message);
  expect([...host.files]).toEqual(before);
});

test.each([
  [
    "no server",
    { source: "/common" },
    'source: must be "server:/path", as in "192.168.2.50:/common" or "[2001:db8::50]:/common"',
  ],
  [
    "IPv6 without brackets",
    { source: "2001:db8::50:/common" },
    'source: must be "server:/path", as in "192.168.2.50:/common" or "[2001:db8::50]:/common"',
  ],
  ...[
    "#nfs:/common",
    "-osuid:/common",
    "LABEL=data:/common",
    "a b:/common",
    "a\u00a0b:/common",
    ":/common",
    "nfs,ro:/x",
  ].map((source): [string, object, string] => [
    `${source} as source`,
    { source },
    'source: must be "server:/path", as in "192.168.2.50:/common" or "[2001:db8::50]:/common"',
  ]),
  [
    "a line end in the source",
    { source: "nfs:/a\n/etc" },
    "source: must not contain line ends or other control characters, nor half of a UTF-16 pair",
  ],
  [
    "a line that is too long for systemd",
    { path: `/${"x".repeat(4090)}` },
    "path: makes a line of /etc/fstab that is 40 bytes longer than systemd reads",
  ],
  ["a relative path", { path: "docs" }, 'path: must be an absolute path, such as "/var/www/html"'],
  ["the root", { path: "/" }, 'path: must not be "/"'],
  ["an unknown version", { version: "5" }, 'version: must be "3", "4", "4.0", "4.1" or "4.2"'],
  ["a number as version", { version: 4 }, 'version: must be "3", "4", "4.0", "4.1" or "4.2"'],
  ["the version among the options", { options: ["vers=3"] }, 'options.0: "vers=3" is what "version" is for'],
  ["noauto", { options: ["noauto"] }, 'options.0: "noauto" is what "boot" is for'],
  [
    "an automount",
    { options: ["x-systemd.automount"] },
    'options.0: "x-systemd.automount" would mount on first use; this resource mounts at once',
  ],
  [
    "two options in one",
    { options: ["ro,noatime"] },
    'options.0: "ro,noatime" must be one option of mount(8) or nfs(5), without blanks, commas or quotes',
  ],
])("refuses %s", (_, input, message) => {
  expect(refusals(nfsMount, { ...written, ...input })).toEqual([message]);
});

test("addresses and paths are canonical", () => {
  expect(
    want({ source: "[2001:DB8:0::50]://srv//www/", path: "/srv//docs/", options: ["ro", "nofail", "ro"] }),
  ).toMatchObject({
    source: "[2001:db8::50]:/srv/www",
    path: "/srv/docs",
    options: ["ro"],
  });
  expect(nfsMount.commands(want({ source: "nfs:/srv/www data", path: "/srv/my docs" }))).toEqual([
    "nfs:/srv/www\\040data /srv/my\\040docs nfs nofail,_netdev 0 0",
  ]);
});

test("a plan from the state alone ignores the version where none is desired", () => {
  const have = { ...written, options: [], boot: true, live: true };
  expect(plan(want(), have)).toEqual([]);
});

/** Recorded on a host with Linux 6.1 and nfs-utils 2.6.2. */
const V3 =
  "mounted ro,relatime shared:16 - nfs 192.168.2.50:/common ro,vers=3,rsize=16384,wsize=16384,namlen=255,acregmin=5,acregmax=5,acdirmin=5,acdirmax=5,soft,nolock,proto=tcp,nconnect=2,timeo=50,retrans=3,sec=sys,mountaddr=192.168.2.50,mountvers=3,mountport=41809,mountproto=tcp,lookupcache=none,local_lock=all,addr=192.168.2.50\n";

test("live options are compared with desired ones, one by one", () => {
  const live = parseMountPoint(V3);
  if ("unmounted" in live) throw new Error("nothing is mounted");
  expect(live).toMatchObject({ type: "nfs", source: "192.168.2.50:/common" });
  const asked = [
    "nolock",
    "soft",
    "timeo=50",
    "retrans=3",
    "ro",
    "tcp",
    "actimeo=5",
    "sec=sys",
    "lookupcache=none",
    "rsize=32768",
  ];
  expect(isLive(asked, live)).toBe(true);
  for (const other of [
    ["rw"],
    ["hard"],
    ["timeo=60"],
    ["udp"],
    ["actimeo=6"],
    ["sec=krb5"],
    ["lookupcache=all"],
    ["noexec"],
  ]) {
    expect([other, isLive([...asked, ...other], live)]).toEqual([other, false]);
  }
  expect(liveWords(live)).toEqual([
    "ro",
    "soft",
    "lookupcache=none",
    "acregmin=5",
    "acregmax=5",
    "acdirmin=5",
    "acdirmax=5",
  ]);
});

/** Recorded on a host with Linux 6.1: the kernel shows the times that noac sets. */
const NOAC =
  "mounted rw,relatime shared:14 - nfs4 192.168.2.50:/common rw,sync,vers=4.2,rsize=32768,acregmin=0,acregmax=0,acdirmin=0,acdirmax=0,hard,noac,proto=tcp,timeo=600,retrans=2,sec=sys\n";

test("noac is no drift: the kernel sets the times of the attribute cache to 0 with it", () => {
  const live = parseMountPoint(NOAC);
  if ("unmounted" in live) throw new Error("nothing is mounted");
  expect([isLive(["noac"], live), isLive(["noac", "acdirmax=70"], live), isLive([], live)]).toEqual([
    true,
    true,
    false,
  ]);
  expect(liveWords(live)).toEqual(["noac"]);
});

const letters = "\u00a0\u0085\u2028 \"#\\'():,=*é0174-.";
const word = fc
  .string({
    unit: fc.oneof(
      fc.constantFrom(...Array.from(letters)),
      fc.string({ unit: "grapheme", minLength: 1, maxLength: 1 }),
    ),
    minLength: 1,
    maxLength: 6,
  })
  .filter((part) => !/[/\u0000-\u001f\u007f]/.test(part));
const paths = fc
  .array(
    word.filter((part) => !/^\.{1,2}$/.test(part)),
    { minLength: 1, maxLength: 3 },
  )
  .map((parts) => `/${parts.join("/")}`);
const options = fc.uniqueArray(
  fc.constantFrom("ro", "nosuid", "noatime", "soft", "timeo=50", "actimeo=5", "rsize=1024", "proto=tcp", "noac"),
);
const lines = fc.array(
  fc.constantFrom(
    "# a comment",
    "",
    "/dev/sda1 / ext4 defaults 0 1",
    "\tUUID=1-2   /boot  vfat  umask=0077 0 2",
    "nfs:/x /x nfs ro 0 0",
  ),
);

test("an entry of fstab is read back, removed byte for byte, and mounted as desired", () => {
  fc.assert(
    fc.property(paths, paths, options, fc.boolean(), lines, fc.boolean(), (source, path, list, boot, others, ended) => {
      const record = want({ source: `nfs:${source}`, path, options: list, boot });
      const text = others.length === 0 ? undefined : `${others.join("\n")}${ended ? "\n" : ""}`;
      const after = putEntry(text, desiredEntry(record));
      expect(findEntry(after, record.path)).toMatchObject(desiredEntry(record));
      const line = formatEntry(desiredEntry(record));
      expect([readByMount(line), readBySystemd(line)]).toEqual([desiredEntry(record), desiredEntry(record)]);
      expect(dropEntry(after, record.path, record.source) ?? "").toBe(text ?? "");
      const client = new FakeNfsClient();
      client.pass(nfsMount, record);
      expect(client.pass(nfsMount, record)).toEqual([]);
    }),
  );
});

test.each([
  [
    "mount: /srv/docs: bad option; for several filesystems (e.g. nfs, cifs) you might need a /sbin/mount.<type> helper program.",
    "has no NFS client",
  ],
  ["mount.nfs: access denied by server while mounting 192.168.2.50:/nothing", "does not export this directory"],
  ["mount.nfs: Connection refused", "its NFS service is not"],
  ["Killed", "cannot reach the server"],
  ["", "cannot reach the server"],
  ["mount.nfs: Connection timed out", "cannot reach the server"],
  ["mount.nfs4: an incorrect mount option was specified", "does not support that option or version"],
  ["umount.nfs4: /srv/docs: device is busy\n/srv/docs is in use by process 812 (nginx)", "Stop that process"],
])("advises on %j", (said, advice) => {
  const found = (nfsMount.advice ?? []).filter(({ when }) => when.test(said));
  expect(found.map(({ say }) => say).join("\n")).toContain(advice);
  expect(found).toHaveLength(1);
});
