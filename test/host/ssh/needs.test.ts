import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FIND_MISSING, missingIn } from "../../../provider/facts/programs";
import { needsOfRun } from "../../../provider/host/needs-of-run";
import { demand, missingError } from "../../../provider/host/ssh/login/needs";

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

const without = (...names: readonly string[]) => missingIn(missingWith(ALL.filter((name) => !names.includes(name))));

test("a host that has all programs lacks none", () => {
  expect(missingWith(ALL)).toBe("-");
  expect(missingIn("-")).toEqual([]);
  expect(missingError("web1", [])).toBeUndefined();
});

test.each(ALL)("%s is looked for", (name) => {
  expect(missingWith(ALL.filter((one) => one !== name))).toBe(name);
});

test("the cp of busybox does not do", () => {
  expect(missingWith(ALL, { cp: "/bin/busybox" })).toBe("cp");
});

describe("of what only some kinds need", () => {
  const ip = { kind: "VipAlias", programs: ["ip"] } as const;
  const both = { kind: "DrKernelTuning", programs: ["ip", "sysctl"] } as const;
  const never = () => Promise.reject(new Error("asked once more"));

  test("nothing is said to a host that has no such resource", async () => {
    expect(missingError("web1", without("ip", "sysctl"))).toBeUndefined();
    await expect(demand("web1", { kind: "File", programs: [] }, ["ip", "sysctl"], never)).resolves.toBeUndefined();
  });

  test("a resource that needs none of what is missing goes on, and the host is not asked again", async () => {
    await expect(demand("web1", ip, ["sysctl"], never)).resolves.toBeUndefined();
  });

  test("what a Package has installed meanwhile is there", async () => {
    await expect(demand("web1", both, ["ip", "sysctl"], () => Promise.resolve([]))).resolves.toBeUndefined();
  });

  test("one message has what all resources of this run need there, and who needs it", async () => {
    needsOfRun.declare("web2", ip);
    needsOfRun.declare("web2", both);
    needsOfRun.declare("web3", both);
    const look = () => Promise.resolve(["ip", "sysctl"]);
    await expect(demand("web2", ip, ["ip", "sysctl"], look)).rejects.toThrow(
      `web2: the host lacks programs that resources of this run need
  ip, of iproute2, for DrKernelTuning, VipAlias
  sysctl, of procps, for DrKernelTuning
Install them: apt-get install iproute2 procps, or dnf install iproute procps-ng.`,
    );
  });

  test("it stands in the message of a host that lacks what all need", () => {
    needsOfRun.declare("web4", ip);
    const missing = without("flock", "ip", "tee", "stat", "sysctl");
    expect(missingError("web4", missing)).toMatchObject({
      reason: "the host lacks programs that its changes need",
      details: ["flock, of util-linux", "ip, of iproute2, for VipAlias", "stat, of coreutils", "tee, of coreutils"],
      advice: [
        "Install them: apt-get install util-linux iproute2 coreutils, or dnf install util-linux iproute coreutils.",
      ],
    });
  });
});
