import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { parseFile, RECORDS, readFile, removeFile, writeFile } from "../../../provider/file-step";
import { shellText } from "../../../provider/host/shell/script";
import type { Command } from "../../../provider/step";
import { fileOfAnother, modeOf, scratchFolder } from "../scratch";

let dir: string;
let path: string;

beforeEach(() => {
  dir = scratchFolder();
  path = join(dir, "before");
});

/** Runs a command for a file of /var/lib/pulumi-lvs as if that folder were the one of `at`. */
function does(command: Command, at = path) {
  if (!("sh" in command)) throw new Error("not shell text");
  const args = [at, ...(command.args ?? []).slice(1)];
  const text = shellText({ ...command, sh: command.sh.replaceAll(RECORDS, dirname(at)), args });
  const { status, stdout, stderr } = spawnSync("dash", { input: text, encoding: "utf8" });
  return { code: status, stdout, stderr };
}

const NAME = join(RECORDS, "before");
const RECORD = { mode: "0600", isRecord: true };
const record = (text: string, before?: string, at = path) => does(writeFile(NAME, text, before, RECORD), at);
const read = (at = path) => does(readFile(NAME), at);

const well = { code: 0, stdout: "", stderr: "" };

test("a record is for nobody else, also where an earlier version let others read it", () => {
  chmodSync(dir, 0o755);
  expect(record("a")).toEqual(well);
  expect([modeOf(path), modeOf(dir)]).toEqual(["600", "700"]);
  chmodSync(path, 0o644);
  expect(record("b", "a")).toEqual(well);
  expect([modeOf(path), parseFile(read().stdout)]).toEqual(["600", "b"]);
});

test("a record is not written where another user could write it", () => {
  expect(record("a")).toEqual(well);
  for (const mode of [0o620, 0o602, 0o666, 0o777]) {
    chmodSync(path, mode);
    const stderr = expect.stringMatching(
      `may be written by other users \\(mode ${mode.toString(8)}\\), and nobody but`,
    );
    expect(record("b", "a")).toEqual({ code: 1, stdout: "", stderr });
  }
  rmSync(path);
  chmodSync(dir, 0o777);
  const stderr = expect.stringContaining(`${dir} may be written by other users (mode 777)`);
  expect(record("a")).toEqual({ code: 1, stdout: "", stderr });
  expect(readdirSync(dir)).toEqual([]);
});

test("a link, and a record of another user, are neither read nor written", () => {
  const elsewhere = join(dir, "elsewhere");
  writeFileSync(elsewhere, "a");
  symlinkSync(elsewhere, path);
  const unread = expect.stringContaining("is a link or another user's file");
  expect(read()).toMatchObject({ stdout: "", stderr: unread });
  expect(record("b", "a")).toMatchObject({ code: 1, stderr: expect.stringContaining(`${path} is a symbolic link`) });
  expect(readFileSync(elsewhere, "utf8")).toBe("a");
  rmSync(path);
  const theirs = fileOfAnother(path, "a");
  const before = readFileSync(theirs, "utf8");
  expect(read(theirs)).toMatchObject({ stdout: "", stderr: unread });
  expect(record("b", before, theirs)).toMatchObject({ code: 1, stderr: expect.stringContaining("another user") });
  expect(readFileSync(theirs, "utf8")).toBe(before);
});

test("a pipe in its place is refused at once: whoever read it would wait for ever", () => {
  spawnSync("mkfifo", ["-m", "600", path]);
  expect(read()).toMatchObject({ code: 1, stderr: expect.stringContaining(`${path} is a pipe`) as string });
  expect(record("x")).toMatchObject({
    code: 1,
    stderr: expect.stringContaining(`${path} is of another type`) as string,
  });
});

test("with the last record its folder goes in the same command, and not before", () => {
  const other = join(dir, "other");
  expect(record("a")).toEqual(well);
  writeFileSync(other, "");
  expect(does(removeFile(NAME, "a"))).toEqual(well);
  expect(readdirSync(dir)).toEqual(["other"]);
  rmSync(other);
  expect(record("a")).toEqual(well);
  expect(does(removeFile(NAME, "a"))).toEqual(well);
  expect(existsSync(dir)).toBe(false);
  // For the end of the test.
  mkdirSync(dir);
});
