import { packageKind } from "../../provider/kinds/package.ts";
import { attachLab, type Lab, startLab } from "./index.ts";
import { endRun, LabResource } from "./resource.ts";

/** Package on a real host, by the real apt-get: its repository is a folder of the host, so that no mirror is needed. */
const warm = process.env["PULUMI_LVS_LAB"];

let lab: Lab;
const host = () => lab.host("web1");

/** Packages made on the spot: one plain, one whose installation waits, one that needs the first. */
const REPOSITORY = `set -e
mkdir -p /srv/repository; cd /srv/repository
make() {
  rm -rf /tmp/deb; mkdir -p /tmp/deb/DEBIAN /tmp/deb/usr/share/$1; echo "$2" > /tmp/deb/usr/share/$1/version
  printf 'Package: %s\\nVersion: %s\\nArchitecture: all\\nMaintainer: lab <lab@example.org>\\nDescription: %s\\n%s' "$1" "$2" "$1" "$3" > /tmp/deb/DEBIAN/control
  [ -z "$4" ] || cp $4 /tmp/deb/DEBIAN/postinst
  dpkg-deb --build --root-owner-group /tmp/deb $1.deb > /dev/null
  { cat /tmp/deb/DEBIAN/control; printf 'Filename: ./%s.deb\\nSize: %s\\nSHA256: %s\\n\\n' $1 $(stat -c %s $1.deb) $(sha256sum $1.deb | cut -d ' ' -f 1); } >> Packages
}
rm -f Packages
make lvs-lab-tool 1.2-3 ''
printf '#!/bin/sh\\nsleep 8\\n' > /tmp/slow; chmod 755 /tmp/slow
make lvs-lab-slow 1.0 '' /tmp/slow
make lvs-lab-user 2.0 'Depends: lvs-lab-tool
'
echo 'deb [trusted=yes] file:/srv/repository ./' > /etc/apt/sources.list.d/lab.list`;

beforeAll(async () => {
  lab = warm === undefined ? await startLab({ hosts: ["web1"] }) : await attachLab(warm);
  await host().sh(
    "mkdir -p /etc/apt/aside; mv /etc/apt/sources.list /etc/apt/sources.list.d/* /etc/apt/aside/ 2>/dev/null || true",
  );
  await host().sh(REPOSITORY);
});

afterEach(() => endRun());

afterAll(async () => {
  if (warm === undefined) await lab.down();
});

const installed = (name: string) =>
  host().text(`dpkg-query -W -f='\${Status} \${Version}' ${name} 2>/dev/null || true`);

test("a package that apt has never heard of is installed, found, repaired, and kept by a destroy", async () => {
  const tool = new LabResource(packageKind, host());
  expect(await tool.up({ name: "lvs-lab-tool" })).toMatchObject({ packageName: "lvs-lab-tool", version: "1.2-3" });
  expect(await installed("lvs-lab-tool")).toBe("install ok installed 1.2-3");
  expect(await tool.drift()).toBe("none");
  endRun();
  await host().sh("dpkg --remove lvs-lab-tool");
  expect(await tool.drift()).toBe("gone");
  await tool.repair();
  expect(await installed("lvs-lab-tool")).toBe("install ok installed 1.2-3");
  await tool.destroy();
  expect(await installed("lvs-lab-tool")).toBe("install ok installed 1.2-3");
  expect(await host().text("grep Package /var/lib/pulumi-lvs/before 2>/dev/null || true")).toBe("");
});

test("what was there before us is adopted and stays; what we installed goes when told, unless others need it", async () => {
  const there = new LabResource(packageKind, host());
  await there.up({ name: "lvs-lab-tool", removeOnDestroy: true });
  await there.destroy();
  expect(await installed("lvs-lab-tool")).toBe("install ok installed 1.2-3");
  endRun();
  await host().sh("dpkg --purge lvs-lab-tool");

  const tool = new LabResource(packageKind, host());
  await tool.up({ name: "lvs-lab-tool", removeOnDestroy: true });
  const user = new LabResource(packageKind, host());
  await user.up({ name: "lvs-lab-user", removeOnDestroy: true });
  await expect(tool.destroy()).rejects.toThrow(/dependency problems[\s\S]*Other packages need it/);
  await user.destroy();
  await tool.destroy();
  expect(await installed("lvs-lab-tool")).not.toContain("ok installed");
});

test("a name that is in no repository, and a lock that is held", async () => {
  await expect(new LabResource(packageKind, host()).up({ name: "nosuch" })).rejects.toThrow(
    /E: Unable to locate package nosuch[\s\S]*No repository of this host has a package of that name/,
  );
  // Somebody else installs something that takes its time.
  await host().sh("dpkg -i /srv/repository/lvs-lab-slow.deb > /dev/null 2>&1 & sleep 1");
  const tool = new LabResource(packageKind, host());
  await expect(tool.up({ name: "lvs-lab-tool", lockTimeout: 0 })).rejects.toThrow(
    /another program held the package lock for 0 s\s+E: Could not get lock[\s\S]*raise lockTimeout/,
  );
  endRun();
  expect(await tool.up({ name: "lvs-lab-tool", lockTimeout: 60, removeOnDestroy: true })).toMatchObject({
    version: "1.2-3",
  });
  await tool.destroy();
});
