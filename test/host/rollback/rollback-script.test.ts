import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { armed, confirmation, inquiry, outcomeOf } from "../../../provider/host/rollback/rollback-script";
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
  const { status, stdout, stderr } = spawnSync("sh", ["-c", command.sh, "sh", ...args], { encoding: "utf8" });
  return { status, stdout, stderr };
}

const route = () => readFileSync(file, "utf8").trim();
const asked = (command: Command) => outcomeOf(run(command).stdout);

test("a change that nobody confirms is put back by the host itself", async () => {
  expect(run(armed(write("new"), write("old")))).toEqual({ status: 0, stdout: "", stderr: "" });
  expect(route()).toBe("new");
  expect(asked(inquiry())).toEqual({ outcome: "waiting", said: "" });
  await sleep(1500);
  expect(route()).toBe("old");
  expect(asked(inquiry())).toEqual({ outcome: "undone", said: "" });
  expect(asked(inquiry()).outcome).toBe("nothing");
});

test("one that is confirmed stays, and nothing is left of the guard", async () => {
  run(armed(write("new"), write("old")));
  const [kind = "", name = ""] = readFileSync(join(folder, "undo", "clock"), "utf8")
    .trim()
    .split(" ");
  expect(asked(confirmation()).outcome).toBe("kept");
  if (kind === "group") expect(isRunning(name)).toBe(false);
  await sleep(1500);
  expect(route()).toBe("new");
  expect(existsSync(join(folder, "undo"))).toBe(false);
});

test("a confirmation that comes too late changes nothing", async () => {
  run(armed(write("new"), write("old")));
  await sleep(1500);
  expect(asked(confirmation()).outcome).toBe("undone");
  expect(route()).toBe("old");
});

test("a change that fails is put back at once, with its own words and exit code", () => {
  const change: Command = { sh: 'echo half >"$1"; echo "RTNETLINK answers: No such device" >&2; exit 2', args: [file] };
  expect(run(armed(change, write("old")))).toEqual({
    status: 2,
    stdout: "",
    stderr: "RTNETLINK answers: No such device\n",
  });
  expect(route()).toBe("old");
  expect(asked(inquiry()).outcome).toBe("nothing");
});

test("a second change waits for the outcome of the first", () => {
  run(armed(write("new"), write("old")));
  const second = run(armed(write("newer"), write("new")));
  expect(second.status).toBe(1);
  expect(second.stderr).toContain("another change waits for its confirmation; if it is older than a minute, remove ");
  expect(route()).toBe("new");
  run(confirmation());
});

test("what the way back said is told", async () => {
  run(armed(write("new"), { sh: "echo RTNETLINK answers: File exists >&2; exit 2" }));
  await sleep(1500);
  expect(asked(inquiry())).toEqual({ outcome: "undone", said: "RTNETLINK answers: File exists" });
});

test("standard input of a change reaches it", () => {
  run(armed({ run: ["tee", file], stdin: "from stdin\n" }, write("old")));
  expect(route()).toBe("from stdin");
  run(confirmation());
});

test("words that nobody knows are an error", () => {
  expect(() => outcomeOf("maybe\n")).toThrow('cannot read "maybe\n" as what has become of a change');
});

/** One that has ended and that nobody has asked for yet does not run. */
function isRunning(pid: string): boolean {
  const stat = `/proc/${pid}/stat`;
  return existsSync(stat) && !/\) [ZX] /.test(readFileSync(stat, "utf8"));
}
