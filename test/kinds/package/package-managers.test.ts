import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { managerOf } from "../../../provider/kinds/package/choose-manager";
import { packageState } from "../../../provider/kinds/package/facts";
import { type PackageManager } from "../../../provider/kinds/package/manager";
import type { ManagerName } from "../../../provider/kinds/package/schema";
import { marked } from "../../../provider/kinds/package/unfinished";
import type { Command } from "../../../provider/step";

/**
 * The shell text of each package manager, run by a real shell against programs that answer as the real ones do: in the words of
 * yum 3.4.3, dnf 4, zypper and apt 2.6, and with their exit codes.
 */
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "packages-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

const path = (name: string) => join(folder, name);
const log = () => (existsSync(path("log")) ? readFileSync(path("log"), "utf8").trimEnd().split("\n") : []);

function program(name: string, text: string): void {
  writeFileSync(path(name), `#!/bin/sh\nhere=${folder}\necho "${name} $*" >>"$here/log"\n${text}\n`);
  chmodSync(path(name), 0o755);
}

/** Only our programs and what every host has. */
function shell(command: Command) {
  if (!("sh" in command)) throw new Error("it is shell text");
  const args = ["-c", command.sh, "sh", ...(command.args ?? [])];
  const { status, stdout, stderr } = spawnSync("/bin/sh", args, {
    encoding: "utf8",
    env: { PATH: `${folder}:${basics()}` },
  });
  return { code: status, stdout, stderr };
}

/** A folder with links to the few programs that the texts use: this machine has package managers of its own. */
function basics(): string {
  const bin = mkdtempSync(join(folder, "bin-"));
  for (const name of ["date", "sleep", "tail", "grep", "cat", "rm", "touch"]) {
    writeFileSync(join(bin, name), `#!/bin/sh\nexec /usr/bin/env PATH=/usr/bin:/bin ${name} "$@"\n`);
    chmodSync(join(bin, name), 0o755);
  }
  return bin;
}

const manager = (name: ManagerName): PackageManager => managerOf({ managers: [name] }, undefined);
const install = (name: ManagerName, what: string, lockTimeout = 0) =>
  shell(manager(name).install(what, lockTimeout).command);

const YUM = `[ ! -e "$here/locked" ] || { echo "Another app is currently holding the yum lock; exiting as configured by exit_on_lock"; exit 200; }
for name; do :; done
case $name in doesnotexist) echo "No package doesnotexist available."; echo "Error: Nothing to do"; exit 1;; esac
echo $name >>"$here/installed"`;
const RPM = `for name; do :; done
[ "$1" = -e ] && { [ "$name" != needed ] || { echo "error: Failed dependencies: needed is needed by (installed) other" >&2; exit 1; }; : >"$here/installed"; exit; }
grep -qx "$name" "$here/installed" 2>/dev/null && echo "rpm 1.27-8.el7" || { echo "package $name is not installed"; exit 1; }`;

describe("the manager is read from the host", () => {
  test.each([
    [["yum"], "yum"],
    [["dnf", "yum"], "dnf"],
    [["zypper", "dnf"], "zypper"],
    [["apt-get"], "apt-get"],
  ] as const)("%j: %s", (names, chosen) => {
    for (const name of names) program(name, "exit 9");
    const { stdout } = shell(packageState("ipvsadm").command);
    expect(managerOf(packageState("ipvsadm").parse(stdout), undefined).name).toBe(chosen);
    // Looking runs no package manager.
    expect(log()).toEqual([]);
  });

  test("no manager, two families, or a missing manager are refused with a list of those present", () => {
    expect(() => managerOf({ managers: [] }, undefined)).toThrow(
      "this host has none of the supported package managers: apt-get, dnf, yum, zypper",
    );
    expect(() => managerOf({ managers: ["apt-get", "yum"] }, undefined)).toThrow(
      'this host has apt-get and yum: name the one that manages its packages, as in manager: "yum"',
    );
    expect(() => managerOf({ managers: ["apt-get"] }, "yum")).toThrow("this host has no yum: it has apt-get");
    expect(managerOf({ managers: ["apt-get", "yum"] }, "apt-get").name).toBe("apt-get");
  });
});

describe.each(["yum", "dnf"] as const)("%s", (name) => {
  beforeEach(() => {
    program(name, YUM);
    program("rpm", RPM);
  });

  test("installs without questions and without waiting for ever; the version comes from the database", () => {
    const state = () => packageState("ipvsadm").parse(shell(packageState("ipvsadm").command).stdout);
    expect(state()).toEqual({ managers: [name] });
    expect(install(name, "ipvsadm")).toMatchObject({ code: 0, stdout: "" });
    const weak = name === "dnf" ? "--setopt=install_weak_deps=False " : "";
    expect(log()).toContain(`${name} -y --setopt=exit_on_lock=1 ${weak}install ipvsadm`);
    expect(state()).toEqual({ managers: [name], rpm: "1.27-8.el7" });
  });

  test("prints the manager's message for a name that no repository has", () => {
    expect(install(name, "doesnotexist")).toMatchObject({
      code: 1,
      stderr: "No package doesnotexist available.\nError: Nothing to do\n",
    });
  });

  test("tries again until the lock is free", () => {
    program(
      name,
      `[ -e "$here/tried" ] || { : >"$here/tried"; echo "Another app is currently holding the yum lock; exiting as configured by exit_on_lock"; exit 200; }\n${YUM}`,
    );
    expect(install(name, "ipvsadm", 30).code).toBe(0);
    expect(log().filter((line) => line.startsWith(name))).toHaveLength(2);
  });

  test("gives up on the lock after the timeout, and prints the manager's message", () => {
    writeFileSync(path("locked"), "");
    const { code, stderr } = install(name, "ipvsadm");
    expect([code, stderr]).toEqual([
      200,
      "another program held the package lock for 0 s\nAnother app is currently holding the yum lock; exiting as configured by exit_on_lock\n",
    ]);
  });

  test("removes one package, and fails where others need it", () => {
    writeFileSync(path("installed"), "ipvsadm\n");
    expect(shell(manager(name).remove("ipvsadm", 0).command).code).toBe(0);
    expect(log()).toEqual(["rpm -e -- ipvsadm"]);
    expect(shell(manager(name).remove("needed", 0).command)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("is needed by (installed) other"),
    });
  });
});

describe("apt-get", () => {
  const APT = `for name; do :; done
case "$*" in
  *" update") : >"$here/lists"; exit 0;;
esac
[ ! -e "$here/locked" ] || { echo "E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 4242 (apt-get)" >&2; exit 100; }
[ -e "$here/lists" ] || { echo "E: Unable to locate package $name" >&2; exit 100; }
[ "$name" != doesnotexist ] || { echo "E: Unable to locate package doesnotexist" >&2; exit 100; }
echo $name >>"$here/installed"`;
  const OPTIONS = "-q -y -o DPkg::Lock::Timeout=0";

  test("reads the repositories only where a package is unknown, and only once", () => {
    program("apt-get", APT);
    expect(install("apt-get", "nginx").code).toBe(0);
    const line = `apt-get ${OPTIONS} --no-install-recommends --no-remove -o APT::Cmd::Pattern-Only=true -o Dpkg::Options::=--force-confold install -- nginx`;
    expect(log()).toEqual([line, `apt-get ${OPTIONS} update`, line]);
    expect(install("apt-get", "nginx").code).toBe(0);
    expect(log()).toHaveLength(4);
    expect(install("apt-get", "doesnotexist")).toMatchObject({
      code: 100,
      stderr: expect.stringContaining("E: Unable to locate package doesnotexist"),
    });
  });

  test("gives up on the lock after the timeout", () => {
    program("apt-get", APT);
    writeFileSync(path("locked"), "");
    expect(install("apt-get", "nginx")).toMatchObject({
      code: 100,
      stderr: expect.stringMatching(/^another program held the package lock for 0 s\nE: Could not get lock/),
    });
  });

  test("reads versions from dpkg, and removes by dpkg alone", () => {
    program("apt-get", APT);
    program(
      "dpkg-query",
      'for name; do :; done; case $name in gone) echo "deb deinstall ok config-files 1.0";; there) echo "deb install ok installed 1.31-1";; *) exit 1;; esac',
    );
    program("dpkg", "");
    const state = (name: string) => packageState(name).parse(shell(packageState(name).command).stdout);
    expect([state("there"), state("gone"), state("never")]).toEqual([
      { managers: ["apt-get"], deb: "1.31-1" },
      { managers: ["apt-get"] },
      { managers: ["apt-get"] },
    ]);
    expect(shell(manager("apt-get").remove("there", 0).command).code).toBe(0);
    expect(log().at(-1)).toBe("dpkg --remove -- there");
  });
});

describe("zypper", () => {
  test("accepts exit codes that are no failures, and fails for an unknown package", () => {
    program(
      "zypper",
      "for name; do :; done; case $name in nfs-client) exit 102;; *) echo \"No provider of '$name' found.\"; exit 104;; esac",
    );
    expect(install("zypper", "nfs-client").code).toBe(0);
    expect(log()).toEqual(["zypper --non-interactive install --name --no-recommends -- nfs-client"]);
    expect(install("zypper", "nosuch")).toMatchObject({ code: 104, stderr: "No provider of 'nosuch' found.\n" });
  });
});

test("an installation that fails takes its mark away if it leaves nothing; one that succeeds or is killed keeps it", () => {
  const mark = path("installing");
  const run = (apt: string, status = "") => {
    program("apt-get", apt);
    program("dpkg-query", `printf %s '${status}'`);
    writeFileSync(mark, "");
    const { command } = marked(manager("apt-get").install("ipvsadm", 0), "ipvsadm");
    if (!("sh" in command)) throw new Error("it is shell text");
    return [shell({ sh: command.sh, args: ["ipvsadm", "0", mark] }).code, existsSync(mark)];
  };
  const killItsShell = `pid=$$
while read -r _ _ _ parent _ <"/proc/$pid/stat" && [ "$parent" != ${process.pid} ]; do pid=$parent; done
kill -KILL "$pid"`;
  expect(run("exit 0")).toEqual([0, true]);
  expect(run(killItsShell)).toEqual([null, true]);
  expect(run("echo broken; exit 100")).toEqual([100, false]);
  expect(run("echo broken; exit 100", "config-files")).toEqual([100, false]);
  expect(run("echo broken; exit 100", "half-configured")).toEqual([100, true]);
});
