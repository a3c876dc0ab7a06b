import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parsePathState, pathState, UNMAKE } from "../../../provider/facts/files/path-state";

/** The shell text itself, on this machine. */
let folder: string;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "place-")));
});

afterEach(() => rmSync(folder, { recursive: true }));

function sh(text: string, ...args: string[]): string {
  const { stdout, stderr } = spawnSync("/bin/sh", ["-c", text, "sh", ...args], { encoding: "utf8" });
  return stdout + stderr;
}

function look(path: string) {
  const { command } = pathState(path);
  if (!("sh" in command)) throw new Error("no shell text");
  return parsePathState(sh(command.sh, ...(command.args ?? [])));
}

test("tells what is at a path", () => {
  mkdirSync(join(folder, "with blank/full"), { recursive: true });
  mkdirSync(join(folder, "empty"));
  writeFileSync(join(folder, "with blank/full/.hidden"), "");
  writeFileSync(join(folder, "file"), "");
  symlinkSync("with blank", join(folder, "link"));
  const real = join(folder, "with blank/full");
  expect(look(real)).toEqual({ state: "full", real, only: ".hidden" });
  expect(look(join(folder, "link/full"))).toEqual({ state: "full", real, only: ".hidden" });
  writeFileSync(join(folder, "with blank/full/.another"), "");
  expect(look(real)).toEqual({ state: "full", real });
  expect(look(join(folder, "empty"))).toEqual({ state: "empty", real: join(folder, "empty") });
  expect(look(join(folder, "file"))).toEqual({ state: "not a directory", real: join(folder, "file") });
  const missing = join(folder, "empty/a/b c");
  expect(look(missing)).toEqual({ state: "missing", real: missing, firstMissing: join(folder, "empty/a") });
  expect(look("/nowhere")).toEqual({ state: "missing", real: "/nowhere", firstMissing: "/nowhere" });
});

test("takes away what was made, up to the first directory, and no directory that has something in it", () => {
  mkdirSync(join(folder, "a/b/c"), { recursive: true });
  sh(UNMAKE, join(folder, "a/b/c"), join(folder, "a/b"));
  expect(look(join(folder, "a"))).toMatchObject({ state: "empty" });
  mkdirSync(join(folder, "a/b/c"), { recursive: true });
  writeFileSync(join(folder, "a/b/kept"), "");
  sh(UNMAKE, join(folder, "a/b/c"), join(folder, "a"));
  expect(look(join(folder, "a/b/c"))).toMatchObject({ state: "missing" });
  expect(look(join(folder, "a/b"))).toMatchObject({ state: "full" });
});
