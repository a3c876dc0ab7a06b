import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BOOT_LIMIT, waitForBoot } from "../../../provider/host/shell/boot";
import { replies } from "../../../provider/host/shell/replies";
import type { Shell } from "../../../provider/host/shell/shell";
import type { ShellInfo } from "../../../provider/host/ssh/login-shell";
import type { Connection } from "../../../provider/model/connection";
import { A_MACHINE } from "../../engine/a-machine";
import { FakeClock } from "../fake-clock";
import { scratchFolder } from "../scratch";

/** A host whose systemd says these states, the last one for ever, and which has these jobs. A second passes with each look. */
function hostThat(phase: ShellInfo["phase"], says: readonly string[], jobs = "") {
  const dir = scratchFolder();
  const clock = new FakeClock();
  const fake = (name: string, text: string) => writeFileSync(join(dir, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  writeFileSync(join(dir, "states"), `${says.join("\n")}\n`);
  fake(
    "systemctl",
    `echo "$*" >>${dir}/asked
case "$*" in
  is-system-running) head -n 1 ${dir}/states; [ "$(wc -l <${dir}/states)" = 1 ] || sed -i 1d ${dir}/states; exit 1 ;;
  *is-active*) [ -e ${dir}/nm-online ] ;;
  *list-jobs*) printf %s '${jobs}' ;;
esac`,
  );
  fake("sleep", `echo "$*" >>${dir}/slept`);
  const lines: string[] = [];
  const shell = {
    info: { uid: 0, phase, reachedAt: { address: "192.0.2.1", port: 22 }, machine: A_MACHINE, missing: [] },
    isOpen: () => true,
    close: () => undefined,
    run: (script) => {
      const env = { ...process.env, PATH: `${dir}:${process.env["PATH"] ?? ""}` };
      const { stdout, stderr } = spawnSync("sh", { input: script.text("nonce"), env });
      const answers = replies("nonce", 1);
      answers.take("stdout", stdout);
      answers.take("stderr", stderr);
      clock.advance(BOOT_LIMIT * 250);
      return Promise.resolve(answers.results() ?? []);
    },
  } satisfies Shell;
  const asked = () => readFileSync(join(dir, "asked"), "utf8").split("\n").slice(0, -1);
  const connection = { name: "web1", host: "192.0.2.1", user: "root", port: 22 } as Connection;
  const wait = () =>
    waitForBoot(shell, connection, { clock, until: BOOT_LIMIT * 1000, log: (line) => lines.push(line) });
  return { wait, asked, lines, fake };
}

const JOBS = `  90 networking.service start running
 137 ipvsadm.service    start waiting
`;

test("a host that has booted is not asked again", async () => {
  const { wait, lines } = hostThat("booted", ["starting"]);
  await wait();
  expect(lines).toEqual([]);
});

test.each(["running", "degraded", "maintenance", "offline", "unknown", ""])(
  'one that is booting is waited for until it says "%s"',
  async (end) => {
    const { wait, lines } = hostThat("starting", [...Array<string>(6).fill("starting"), end], JOBS);
    await wait();
    expect(lines).toEqual([
      "web1: the host is booting, and we wait for it: networking.service (start running), ipvsadm.service (start waiting)",
    ]);
  },
);

test("one that never ends its boot is refused, with the jobs that it waits for", async () => {
  const { wait } = hostThat("starting", ["initializing"], JOBS);
  await expect(
    wait(),
  ).rejects.toThrow(`web1: the host is still booting after 300 s, and would do afterwards what it has read before a change of ours
  $ systemctl list-jobs
  networking.service (start running)
  ipvsadm.service (start waiting)
Nothing was changed.`);
});

test("one that goes down is waited for, too, and says so once for each list of jobs", async () => {
  const { wait, lines } = hostThat("stopping", ["stopping"], "");
  await expect(wait()).rejects.toThrow("web1: the host is still going down after 300 s");
  expect(lines).toEqual(["web1: the host is going down, and we wait for it"]);
});

test("NetworkManager is waited for where it runs, also just after the boot", async () => {
  const { wait, asked, fake, lines } = hostThat("new", ["running"]);
  fake("nm-online", 'echo "$@" >>"${0%/*}/asked"');
  await wait();
  expect(asked()).toEqual([
    "is-system-running",
    "--quiet is-active NetworkManager.service",
    "--quiet --wait-for-startup --timeout=29",
  ]);
  expect(lines).toEqual([]);
});

test("a mount whose server is dead holds up no run: nothing of ours is still to come", async () => {
  const jobs =
    "  90 srv-docs.mount start running\n 137 remote-fs.target start waiting\n   2 multi-user.target start waiting\n";
  const { wait, lines } = hostThat("starting", ["starting"], jobs);
  await wait();
  expect(lines).toEqual([]);
  const late = hostThat("starting", ["starting", "running"], `${jobs} 200 ipvsadm.service start waiting\n`);
  await late.wait();
  expect(late.lines).toHaveLength(1);
});
