import { packageKind } from "../../../provider/kinds/package/kind.ts";
import { type MadePackage, repositoryScript } from "../../../tools/lab/repository.ts";
import { until } from "../../support/until.ts";
import { useLab } from "../../support/use-lab.ts";
import { endRun, LabResource } from "../resource.ts";

/** Package on a real host, by the real apt-get: its repository is a folder of the host. */

const lab = useLab({ hosts: ["web1"], releases: { web1: "trixie" } });
const host = () => lab.host("web1");

/** One plain, one whose installation waits, one that needs the first. */
const PACKAGES: readonly MadePackage[] = [
  { name: "lvs-lab-tool", version: "1.2-3" },
  {
    name: "lvs-lab-slow",
    version: "1.0",
    postinst: "#!/bin/sh\ntouch /run/slow\nfor try in $(seq 600); do [ -e /run/go ] && break; sleep 0.2; done\n",
  },
  { name: "lvs-lab-user", version: "2.0", control: "Depends: lvs-lab-tool\n" },
];

beforeAll(async () => {
  await host().sh(repositoryScript(PACKAGES));
});

afterEach(() => endRun());

const installed = (name: string) =>
  host().text(`dpkg-query -W -f='\${Status} \${Version}' ${name} 2>/dev/null || true`);

test("a package that apt has never heard of is installed, found, repaired, and kept by a destroy", async () => {
  const tool = new LabResource(packageKind, host());
  expect(await tool.up({ name: "lvs-lab-tool" })).toMatchObject({ packageName: "lvs-lab-tool", version: "1.2-3" });
  expect(await installed("lvs-lab-tool")).toBe("install ok installed 1.2-3");
  expect(await tool.drift()).toBe("none");
  endRun();
  await host().sh("dpkg --remove lvs-lab-tool");
  // Our record that we installed it is left.
  expect(await tool.drift()).toBe("some");
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
  await host().sh("rm -f /run/slow /run/go; dpkg -i /srv/repository/lvs-lab-slow_1.0.deb > /dev/null 2>&1 &");
  await until("it has the lock", async () => (await host().text("ls /run/slow || true")) !== "");
  const tool = new LabResource(packageKind, host());
  await expect(tool.up({ name: "lvs-lab-tool", lockTimeout: 0 })).rejects.toThrow(
    /another program held the package lock for 0 s\s+E: Could not get lock[\s\S]*raise lockTimeout/,
  );
  endRun();
  const waiting = tool.up({ name: "lvs-lab-tool", lockTimeout: 60, removeOnDestroy: true });
  await until("apt-get waits for the lock", async () => (await host().text("pgrep -x apt-get || true")) !== "");
  await host().sh("touch /run/go");
  expect(await waiting).toMatchObject({ version: "1.2-3" });
  await tool.destroy();
});
