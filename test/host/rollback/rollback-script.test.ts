import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { confirm, parseOutcome, status, withRollback } from "../../../provider/host/rollback/rollback-script";
import type { Command } from "../../../provider/step";
import { until } from "../until";

let folder: string;
let file: string;

/** The timer of a host runs out when the test says so: `sleep` waits for a file. No timer is a unit of the machine's own systemd. */
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rollback-"));
  file = join(folder, "route");
  writeFileSync(file, "old\n");
  program("sleep", `while [ -d ${folder} ] && [ ! -e ${folder}/due ]; do /bin/sleep 0.02; done`);
  program("systemd-run", "exit 1");
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function program(name: string, text: string): void {
  mkdirSync(join(folder, "bin"), { recursive: true });
  writeFileSync(join(folder, "bin", name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
}

const write = (text: string): Command => ({ sh: 'echo "$1" >"$2"', args: [text, file] });

/** The command as a host runs it, with a directory of the test's own. */
function run(command: Command) {
  if (!("sh" in command)) throw new Error("a rollback is shell text");
  const [, ...rest] = command.args ?? [];
  const args = [join(folder, "undo"), ...rest];
  const env = { ...process.env, PATH: `${join(folder, "bin")}:${process.env["PATH"] ?? ""}` };
  const result = spawnSync("sh", ["-c", command.sh, "sh", ...args], { encoding: "utf8", env });
  return { status: result.status, stdout: result.stdout, stderr: result.stderr };
}

/** The window is over, and the host has rolled back. */
async function timeout(): Promise<void> {
  writeFileSync(join(folder, "due"), "");
  await until("the host rolls back", () => existsSync(join(folder, "undo.undone")));
}

const route = () => readFileSync(file, "utf8").trim();
const asked = (command: Command) => parseOutcome(run(command).stdout);

test("a change that is not confirmed is rolled back by the host itself", async () => {
  expect(run(withRollback(write("new"), write("old")))).toEqual({ status: 0, stdout: "", stderr: "" });
  expect(route()).toBe("new");
  expect(asked(status())).toEqual({ outcome: "waiting", output: "" });
  await timeout();
  expect(route()).toBe("old");
  expect(asked(status())).toEqual({ outcome: "undone", output: "" });
  expect(asked(status()).outcome).toBe("nothing");
});

test("one that is confirmed stays, and nothing is left of the rollback", async () => {
  run(withRollback(write("new"), write("old")));
  const [kind = "", name = ""] = readFileSync(join(folder, "undo", "clock"), "utf8")
    .trim()
    .split(" ");
  expect(asked(confirm()).outcome).toBe("kept");
  expect(kind).toBe("group");
  await until("the timer has ended", () => !isRunning(name));
  writeFileSync(join(folder, "due"), "");
  expect(route()).toBe("new");
  expect(existsSync(join(folder, "undo"))).toBe(false);
});

test("a confirmation that comes too late changes nothing", async () => {
  run(withRollback(write("new"), write("old")));
  await timeout();
  expect(asked(confirm()).outcome).toBe("undone");
  expect(route()).toBe("old");
});

test("a change that fails is rolled back at once, with its own output and exit code", () => {
  const change: Command = { sh: 'echo half >"$1"; echo "RTNETLINK answers: No such device" >&2; exit 2', args: [file] };
  expect(run(withRollback(change, write("old")))).toEqual({
    status: 2,
    stdout: "",
    stderr: "RTNETLINK answers: No such device\n",
  });
  expect(route()).toBe("old");
  expect(asked(status()).outcome).toBe("nothing");
});

test("a second change is refused while the first waits for its confirmation", () => {
  run(withRollback(write("new"), write("old")));
  const second = run(withRollback(write("newer"), write("new")));
  expect(second.status).toBe(1);
  expect(second.stderr).toContain("another change waits for its confirmation; if it is older than a minute, remove ");
  expect(route()).toBe("new");
  run(confirm());
});

test("the output of the undo command is in the outcome", async () => {
  run(withRollback(write("new"), { sh: "echo RTNETLINK answers: File exists >&2; exit 2" }));
  await timeout();
  expect(asked(status())).toEqual({ outcome: "undone", output: "RTNETLINK answers: File exists" });
});

test("standard input of a change reaches it", () => {
  run(withRollback({ run: ["tee", file], stdin: "from stdin\n" }, write("old")));
  expect(route()).toBe("from stdin");
  run(confirm());
});

test("an unknown outcome is an error", () => {
  expect(() => parseOutcome("maybe\n")).toThrow('cannot read "maybe\n" as the outcome of a change');
});

/** A process that has ended and was not waited for yet is not running. */
function isRunning(pid: string): boolean {
  const stat = `/proc/${pid}/stat`;
  return existsSync(stat) && !/\) [ZX] /.test(readFileSync(stat, "utf8"));
}
