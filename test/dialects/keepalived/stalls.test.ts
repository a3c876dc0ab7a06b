import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadFragments } from "../../../provider/dialects/keepalived/load";
import { testStage } from "../../../provider/dialects/keepalived/stage";
import { STAGE } from "../../../provider/facts/keepalived/paths";
import { patienceOf } from "../../../provider/host/shell/script";
import { GUARD } from "../../../provider/kinds/virtual-service/checks/guard";
import { KEEP } from "../../../provider/kinds/virtual-service/checks/keep-rules";
import { leaveToAliases, waitForAnother } from "../../../provider/kinds/vrrp-instance/handover";
import type { InstanceSeen } from "../../../provider/kinds/vrrp-instance/refuse";
import { vrrpInstance as schema } from "../../../provider/kinds/vrrp-instance/schema";
import { type Command, type CommandStep, PUT_BACK } from "../../../provider/step";

/** The rows of keepalived in the table of docs/errors.md: where it, or what is asked about it, says nothing, and what ends the wait. */

/** A host with these programs, in a folder: each notes its calls. A wait of its own takes no time. */
function hostWith(programs: Readonly<Record<string, string>>) {
  const dir = mkdtempSync(join(tmpdir(), "lvs-stalls-"));
  const bin = join(dir, "bin");
  for (const folder of ["bin", "run/pulumi-lvs/keepalived", "etc/keepalived/pulumi-lvs.d"])
    mkdirSync(join(dir, folder), { recursive: true });
  for (const [name, text] of Object.entries({ sleep: "", ...programs }))
    writeFileSync(join(bin, name), `#!/bin/sh\necho "$*" >>${dir}/${name}.calls\n${text}\n`, { mode: 0o755 });
  const calls = (name: string) =>
    existsSync(join(dir, `${name}.calls`))
      ? readFileSync(join(dir, `${name}.calls`), "utf8").split("\n").length - 1
      : 0;
  const run = (command: Command, faster: readonly (readonly [string, string])[] = []) => {
    if (!("sh" in command)) throw new Error("no shell text");
    const text = faster.reduce((all, [from, to]) => all.replaceAll(from, to), command.sh);
    const here = text.replaceAll(/(?<![\w.])\/(run|etc)\//g, `${dir}/$1/`);
    const start = performance.now();
    const { status, stderr, signal } = spawnSync("/bin/sh", ["-c", here, "sh", ...(command.args ?? [])], {
      env: { PATH: `${bin}:${process.env["PATH"] ?? ""}` },
      encoding: "utf8",
      timeout: 60_000,
    });
    return { status, stderr, signal, seconds: (performance.now() - start) / 1000 };
  };
  return { dir, run, calls };
}

const FOR_EVER = "exec /bin/sleep 1000";

test("the test of the configuration: it is killed, the change is refused, and nothing is left", () => {
  const { command } = testStage("include /etc/keepalived/pulumi-lvs.d/*.conf\n");
  const { dir, run } = hostWith({ keepalived: FOR_EVER });
  const { status, stderr, seconds } = run(command, [["timeout -s KILL 20", "timeout -s KILL 1"]]);
  expect(status).toBe(1);
  expect(stderr).toContain("keepalived -t did not end within 20 s");
  expect(seconds).toBeLessThan(10);
  expect(readdirSync(join(dir, "etc/keepalived"))).toEqual(["pulumi-lvs.d"]);
  expect(existsSync(join(dir, STAGE))).toBe(false);
  // Once with the change, and once without it.
  expect(patienceOf(command)).toBe(40);
});

test("the reading of its files: where it never says that it is through, 3 s are enough", () => {
  const { command } = loadFragments("reload");
  const { dir, run, calls } = hostWith({
    systemctl: "case $1 in show) echo DropInPaths=10-pulumi-lvs.conf ;; esac",
    journalctl: "",
  });
  writeFileSync(join(dir, "etc/keepalived/pulumi-lvs.d/x.conf"), "");
  expect(run(command)).toMatchObject({ status: 0, stderr: "" });
  expect(calls("sleep")).toBe(30);
  expect(existsSync(join(dir, "run/pulumi-lvs/keepalived-loaded"))).toBe(true);
});

test("systemd itself, which starts and stops it: for as long as systemd waits, and ten seconds more", () => {
  expect(patienceOf(loadFragments("stop").command)).toBe(100);
});

const up = { ip: "192.168.4.5", device: "eth0", prefix: 32, secondary: false, dadFailed: false };

test.each([0.3, 1, 20, 40, 255])(
  "another master, with adverts each %s s: for three of them, and no deadline is shorter",
  (advertInterval) => {
    const want = schema.parse({ device: "eth0", virtualRouterId: 51, addresses: [up.ip], priority: 9, advertInterval });
    const seen = {
      keepalivedDaemon: { loaded: [], unit: { activeState: "inactive" } },
      addresses: { addresses: [up] },
    } as unknown as InstanceSeen;
    const [step] = waitForAnother(want, seen);
    if (step === undefined) throw new Error("no wait");
    // Nobody answers, and each question takes a second.
    const { run, calls } = hostWith({ arping: "" });
    expect(run(step.command).status).toBe(0);
    const asked = calls("arping");
    expect(asked).toBe(Math.ceil(3 * advertInterval + Math.min(advertInterval, 1) + 0.6));
    expect(patienceOf(step.command)).toBeGreaterThanOrEqual(asked);
  },
);

const [LOADS, KEEPS] = ["exit 0", "exit 0"];

function guard(bound: number): Command {
  const rules = ["-A -t 192.0.2.1:80 -s wlc\n", "-e -t 192.0.2.1:80 -r 10.0.0.1:80 -m -w 1\n"];
  const args = [
    "-t 192.0.2.1:80",
    " 10.0.0.1:80 ",
    "/etc/keepalived/pulumi-lvs.d/x.conf",
    "none",
    ...rules,
    LOADS,
    KEEPS,
  ];
  return { sh: GUARD, args: [String(bound), ...args, "http on 192.0.2.1:80", "exit 0", "exit 0"] };
}

test.each([
  ["a server that is still in", "1", 0],
  ["a server that is out", "0", PUT_BACK],
])("the guard of a check: it ends with the time of a check, for %s", (_, weight, status) => {
  const list = `case $1 in -Ln) echo "  -> 10.0.0.1:80 Masq ${weight} 0 0" ;; *) cat >/dev/null ;; esac`;
  const { run, calls } = hostWith({ ipvsadm: list, journalctl: "echo Timeout" });
  expect(run(guard(2))).toMatchObject({ status, signal: null });
  // Two seconds of it are twenty looks at most.
  expect(calls("ipvsadm")).toBeLessThan(25);
});

test("a service that stays without its checks: its rules are fed in the background, for 15 s at most", async () => {
  const { dir, run } = hostWith({ ipvsadm: "cat >/dev/null" });
  const kept = `${dir}/run/pulumi-lvs/kept`;
  const { status, seconds } = run({ sh: KEEP, args: [kept, "-A -t 192.0.2.1:80\n"] }, [["timeout 15", "timeout 1"]]);
  expect([status, KEEP.includes("timeout 15 ipvsadm -R")]).toEqual([0, true]);
  expect(seconds).toBeLessThan(10);
  for (let round = 0; existsSync(kept) && round < 100; round += 1)
    await new Promise((resolve) => setTimeout(resolve, 100));
  expect(existsSync(kept)).toBe(false);
});

test("an address that goes back to a VipAlias: it is put back in the background, 250 times at most", async () => {
  const seen = {
    moved: [{ ip: up.ip, file: "/etc/keepalived/pulumi-lvs.d/vrrp-eth0-51.conf", line: 9 }],
    addresses: { addresses: [up] },
    owners: () => ({ names: ["shop/prod/vip"], desires: {} }),
  } as unknown as InstanceSeen;
  const [first] = leaveToAliases("vrrp-eth0-51", seen, []) as readonly CommandStep[];
  if (first === undefined) throw new Error("no step");
  const { run, calls } = hostWith({ ip: "exit 1" });
  const { status, seconds } = run(first.command);
  expect(status).toBe(0);
  expect(seconds).toBeLessThan(10);
  for (let round = 0; calls("ip") < 251 && round < 100; round += 1)
    await new Promise((resolve) => setTimeout(resolve, 100));
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(calls("ip")).toBe(251);
});
