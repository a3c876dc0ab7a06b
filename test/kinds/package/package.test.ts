import { managerOf } from "../../../provider/kinds/package/choose-manager";
import { packageKind as kind } from "../../../provider/kinds/package/kind";
import { MANAGERS, packageName, type WantedPackage } from "../../../provider/kinds/package/schema";
import { refusals } from "../../fakes/fake-host";
import { FakePackageHost } from "../../fakes/fake-package-host";

const want = (input: object = {}): WantedPackage => kind.schema.parse({ name: "nfs-client", ...input });

test.each([
  ["apt-get", "nfs-common"],
  ["dnf", "nfs-utils"],
  ["yum", "nfs-utils"],
  ["zypper", "nfs-client"],
] as const)("%s installs %s once, and a destroy leaves it", (manager, real) => {
  const host = new FakePackageHost(manager);
  host.pass(kind, want());
  expect(host.observe(kind, want())).toEqual({ name: "nfs-client", packageName: real, version: "1.31-1" });
  expect(host.pass(kind, want())).toEqual([]);
  host.pass(kind, undefined, want());
  expect(host.told).toEqual([`install ${real}`]);
  expect([...host.files]).toEqual([]);
  expect(host.pass(kind, undefined, want())).toEqual([]);
});

test("what we installed is removed with removeOnDestroy", () => {
  const host = new FakePackageHost("apt-get");
  const record = want({ removeOnDestroy: true });
  host.pass(kind, record);
  host.pass(kind, undefined, record);
  expect(host.told).toEqual(["install nfs-common", "remove nfs-common"]);
  expect([[...host.installed], [...host.files]]).toEqual([[], []]);
});

const MARK = "/var/lib/pulumi-lvs/installing-nfs-client";

test.each([
  ["whole", (host: FakePackageHost) => host.installed.set("nfs-common", "1.31-1")],
  ["half", (host: FakePackageHost) => host.half.add("nfs-common")],
] as const)(
  "an installation that was killed is no package yet; what it left, %s, is removed by a destroy",
  (_, leave) => {
    const host = new FakePackageHost("apt-get");
    const record = want({ removeOnDestroy: true });
    host.files.set(MARK, "");
    leave(host);
    expect(host.observe(kind, record)).toBeUndefined();
    host.pass(kind, undefined, record);
    expect([[...host.installed], [...host.half], [...host.files]]).toEqual([[], [], []]);
  },
);

test("an installation that was killed is ended by the next one, and counts as ours", () => {
  const host = new FakePackageHost("apt-get");
  const record = want({ removeOnDestroy: true });
  host.files.set(MARK, "");
  host.half.add("nfs-common");
  host.pass(kind, record);
  expect(host.told).toEqual(["install nfs-common"]);
  expect([...host.files.keys()]).toEqual(["/var/lib/pulumi-lvs/before"]);
  expect(host.pass(kind, record)).toEqual([]);
  host.pass(kind, undefined, record);
  expect([[...host.installed], [...host.files]]).toEqual([[], []]);
});

test("a removal that was killed is ended by the next one", () => {
  const host = new FakePackageHost("apt-get");
  const record = want({ removeOnDestroy: true });
  host.pass(kind, record);
  host.installed.clear();
  host.half.add("nfs-common");
  host.pass(kind, undefined, record);
  expect([[...host.half], [...host.files]]).toEqual([[], []]);
});

test("what was installed before us stays, even with removeOnDestroy, and is not upgraded", () => {
  const host = new FakePackageHost("yum");
  host.installed.set("nfs-utils", "1.3.0-0.68.el7");
  const record = want({ removeOnDestroy: true });
  expect(host.pass(kind, record)).toEqual([]);
  expect(host.observe(kind, record)).toMatchObject({ version: "1.3.0-0.68.el7" });
  host.pass(kind, undefined, record);
  expect([...host.installed.keys()]).toEqual(["nfs-utils"]);
});

test("a package that somebody removed is installed again", () => {
  const host = new FakePackageHost("dnf");
  host.pass(kind, want());
  host.installed.clear();
  expect(host.observe(kind, want())).toBeUndefined();
  host.pass(kind, want());
  expect(host.told).toEqual(["install nfs-utils", "install nfs-utils"]);
});

test("an installation has its own time limit, and the wait for a lock is added to it", () => {
  for (const name of MANAGERS) {
    expect(managerOf({ managers: [name] }, undefined).install("x", 60).command.patience).toBe(960);
  }
});

test("other names are used as they are", () => {
  expect(MANAGERS.map((manager) => packageName("ipvsadm", manager))).toEqual([
    "ipvsadm",
    "ipvsadm",
    "ipvsadm",
    "ipvsadm",
  ]);
  expect(MANAGERS.map((manager) => packageName("constructor", manager))).toEqual(Array(4).fill("constructor"));
});

const NAME = 'name: must be the name of one package, such as "ipvsadm" or "nfs-client"';

test.each([
  ["no name", { name: undefined }, NAME],
  ["two names", { name: "nginx keepalived" }, `${NAME}: no version, no pattern, no group`],
  ["a pattern", { name: "nginx*" }, `${NAME}: no version, no pattern, no group`],
  ["a version", { name: "nginx=1.22" }, `${NAME}: no version, no pattern, no group`],
  ["an option", { name: "--force-yes" }, `${NAME}: no version, no pattern, no group`],
  ["an order to remove", { name: "nginx-" }, 'name: must not end with "-"'],
  ["an unknown manager", { manager: "apk" }, "manager: must be one of apt-get, dnf, yum, zypper"],
  ["a negative wait", { lockTimeout: -1 }, "lockTimeout: must be 0 or more"],
  ["a wait for a day", { lockTimeout: 86400 }, "lockTimeout: must be 3600 at most"],
  [
    "a version as argument",
    { version: "1.31" },
    "version: is an output: the newest version that the host's repositories have is installed",
  ],
])("refuses %s", (_, input, message) => {
  expect(refusals(kind, { name: "ipvsadm", ...input })).toEqual([message]);
});

test.each([
  ["E: Unable to locate package nosuch", /No repository of this host has a package of that name/],
  ["No package nosuch available.\nError: Nothing to do", /No repository of this host/],
  ["Error: Unable to find a match: nosuch", /No repository of this host/],
  ["No provider of 'nosuch' found.", /No repository of this host/],
  ["another program held the package lock for 120 s", /raise lockTimeout/],
  ["error: Failed dependencies:\n\tnfs-utils is needed by (installed) x", /Other packages need it/],
  ["E: Packages need to be removed but remove is disabled.", /This would remove another package/],
  [
    "E: dpkg was interrupted, you must manually run 'dpkg --configure -a' to correct the problem.",
    /dpkg --configure -a/,
  ],
  ["Temporary failure resolving 'mirror.example'", /does not reach its package repositories/],
])("advises on %j", (said, advice) => {
  expect(
    (kind.advice ?? [])
      .filter(({ when }) => when.test(said))
      .map(({ say }) => say)
      .join("\n"),
  ).toMatch(advice);
});
