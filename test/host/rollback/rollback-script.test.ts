import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { confirm, parseOutcome, status, withRollback } from "../../../provider/host/rollback/rollback-script";
import type { Command } from "../../../provider/step";

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "guard-"));
  file = join(folder, "route");
  writeFileSync(file, "old\n");
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (text: string): Command => ({ sh: 'echo "$1" >"$2"', args: [text, file] });

/** The command as a host runs it, with a directory of the test's own and a clock of a second. */
function run(command: Command) {
  if (!("sh" in command)) throw new Error("a guard is shell text");
  const [, window, ...rest] = command.args ?? [];
  const args = [join(folder, "undo"), ...(window === undefined ? [] : ["1"]), ...rest];
  const result = spawnSync("sh", ["-c", command.sh, "sh", ...args], { encoding: "utf8" });
  return { status: result.status, stdout: result.stdout, stderr: result.stderr };
}

const route = () => readFileSync(file, "utf8").trim();
const asked = (command: Command) => parseOutcome(run(command).stdout);

test("a change that nobody confirms is put back by the host itself", async () => {
  expect(run(withRollback(write("new"), write("old")))).toEqual({ status: 0, stdout: "", stderr: "" });
  expect(route()).toBe("new");
  expect(asked(status())).toEqual({ outcome: "waiting", output: "" });
  await sleep(1500);
  expect(route()).toBe("old");
  expect(asked(status())).toEqual({ outcome: "undone", output: "" });
  expect(asked(status()).outcome).toBe("nothing");
});

test("one that is confirmed stays, and nothing is left of the guard", async () => {
  run(withRollback(write("new"), write("old")));
  const [kind = "", name = ""] = readFileSync(join(folder, "undo", "clock"), "utf8")
    .trim()
    .split(" ");
  expect(asked(confirm()).outcome).toBe("kept");
  if (kind === "group") expect(isRunning(name)).toBe(false);
  await sleep(1500);
  expect(route()).toBe("new");
  expect(existsSync(join(folder, "undo"))).toBe(false);
});

test("a confirmation that comes too late changes nothing", async () => {
  run(withRollback(write("new"), write("old")));
  await sleep(1500);
  expect(asked(confirm()).outcome).toBe("undone");
  expect(route()).toBe("old");
});

test("a change that fails is put back at once, with its own words and exit code", () => {
  const change: Command = { sh: 'echo half >"$1"; echo "RTNETLINK answers: No such device" >&2; exit 2', args: [file] };
  expect(run(withRollback(change, write("old")))).toEqual({
    status: 2,
    stdout: "",
    stderr: "RTNETLINK answers: No such device\n",
  });
  expect(route()).toBe("old");
  expect(asked(status()).outcome).toBe("nothing");
});

test("a second change waits for the outcome of the first", () => {
  run(withRollback(write("new"), write("old")));
  const second = run(withRollback(write("newer"), write("new")));
  expect(second.status).toBe(1);
  expect(second.stderr).toContain("another change waits for its confirmation; if it is older than a minute, remove ");
  expect(route()).toBe("new");
  run(confirm());
});

test("what the way back said is told", async () => {
  run(withRollback(write("new"), { sh: "echo RTNETLINK answers: File exists >&2; exit 2" }));
  await sleep(1500);
  expect(asked(status())).toEqual({ outcome: "undone", output: "RTNETLINK answers: File exists" });
});

test("standard input of a change reaches it", () => {
  run(withRollback({ run: ["tee", file], stdin: "from stdin\n" }, write("old")));
  expect(route()).toBe("from stdin");
  run(confirm());
});

test("words that nobody knows are an error", () => {
  expect(() => parseOutcome("maybe\n")).toThrow('cannot read "maybe\n" as the outcome of a change');
});

/** One that has ended and that nobody has asked for yet does not run. */
function isRunning(pid: string): boolean {
  const stat = `/proc/${pid}/stat`;
  return existsSync(stat) && !/\) [ZX] /.test(readFileSync(stat, "utf8"));
}
