import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FIND_MISSING, missingError } from "../../../provider/host/ssh/login/needs";

const ALL = ["awk", "cp", "env", "flock", "ip", "mktemp", "mv", "readlink", "stat", "sysctl", "tee", "timeout"];

/** What the shell text says on a host that has these programs alone. `links`: programs that are links to others. */
function missingWith(programs: readonly string[], links: Readonly<Record<string, string>> = {}): string {
  const dir = mkdtempSync(join(tmpdir(), "lvs-needs-"));
  for (const name of programs)
    symlinkSync(links[name] ?? `/usr/bin/${name === "readlink" ? name : "true"}`, join(dir, name));
  const text = execFileSync("/bin/sh", ["-c", `${FIND_MISSING}; echo "$l"`], { env: { PATH: dir }, encoding: "utf8" });
  rmSync(dir, { recursive: true });
  return text.trim();
}

test("a host that has all programs lacks none", () => {
  expect(missingWith(ALL)).toBe("-");
  expect(missingError("-")).toBeUndefined();
});

test.each(ALL)("%s is looked for", (name) => {
  expect(missingWith(ALL.filter((one) => one !== name))).toBe(name);
});

test("the cp of busybox does not do", () => {
  expect(missingWith(ALL, { cp: "/bin/busybox" })).toBe("cp");
});

test("all that is missing is one message, with the packages that have it", () => {
  expect(missingError(missingWith(ALL.filter((name) => !["flock", "ip", "tee", "stat"].includes(name))))).toMatchObject(
    {
      reason: "the host lacks programs that its changes need",
      details: ["flock, of util-linux", "ip, of iproute2", "stat, of coreutils", "tee, of coreutils"],
      advice: [
        "Install them: apt-get install util-linux iproute2 coreutils, or dnf install util-linux iproute coreutils.",
      ],
    },
  );
});
