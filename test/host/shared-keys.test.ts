import { appendFileSync, chmodSync, existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sharedKeys } from "../../provider/host/shared-keys";
import { scratchFolder } from "./scratch";

const KEY = "RealServer tcp 192.0.2.10:80 -> 10.0.0.11:80 on director1";
const OWN = `pulumi-lvs-${process.getuid?.() ?? "user"}`;
const silent = () => undefined;

test("a key is known to the other provider processes of the same run, and to no others", () => {
  const engine = `192.0.2.1:${process.pid}`;
  sharedKeys(engine, silent).add([KEY]);
  expect(sharedKeys(engine, silent).has(KEY)).toBe(true);
  expect(sharedKeys(engine, silent).has("another")).toBe(false);
  expect(sharedKeys("192.0.2.1:1", silent).has(KEY)).toBe(false);
});

test("a process that shares nothing has no file", () => {
  sharedKeys(`192.0.2.2:${process.pid}`, silent).has(KEY);
  expect(existsSync(`${tmpdir()}/${OWN}/192.0.2.2_${process.pid}-${process.pid}`)).toBe(false);
});

describe("a place that cannot be written fails nothing", () => {
  // Who runs this as root may write wherever there is a folder.
  const unusable: readonly [string, (path: string) => string][] = [
    ["missing", (path) => join(path, "none")],
    ["a file", (path) => touched(join(path, "file"))],
    // What a full file system says to a write: ENOSPC.
    ["full", (path) => withOwnFiles(path, "/dev/full")],
    ["a folder in the place of the file", (path) => withOwnFiles(path, undefined)],
    ["a folder of that name that others may write", (path) => openToAll(path)],
    ["a link of that name", (path) => linked(path)],
    ["no path at all", () => "\0"],
  ];

  test.each(unusable)("%s: the next one is taken", (_, make) => {
    const [bad, good] = [make(scratchFolder()), scratchFolder()];
    const told: string[] = [];
    const keys = sharedKeys("192.0.2.3:1", (line) => told.push(line), [bad, good]);
    keys.add([KEY]);
    expect(keys.has(KEY)).toBe(true);
    expect(readdirSync(join(good, OWN))).toEqual([`192.0.2.3_1-${process.pid}`]);
    expect(told).toEqual([]);
  });

  test.each(unusable)("%s, and no other: it is said once", (_, make) => {
    const bad = make(scratchFolder());
    const told: string[] = [];
    const keys = sharedKeys("192.0.2.3:1", (line) => told.push(line), [bad]);
    keys.add([KEY]);
    keys.add([KEY]);
    expect(keys.has(KEY)).toBe(false);
    expect(told).toEqual([expect.stringContaining(`none of ${bad} can be written`)]);
  });

  test("half a key, as a disk that was full leaves it, is none, and spoils no later one", () => {
    const place = scratchFolder();
    const keys = sharedKeys("192.0.2.3:1", silent, [place]);
    keys.add(["first"]);
    appendFileSync(join(place, OWN, `192.0.2.3_1-${process.pid}`), KEY);
    expect(keys.has(KEY)).toBe(false);
    keys.add(["second"]);
    expect(keys.has("second")).toBe(true);
  });
});

function touched(path: string): string {
  writeFileSync(path, "");
  return path;
}

/** A place where the file of this process is a link to this, or a folder. */
function withOwnFiles(path: string, target: string | undefined): string {
  mkdirSync(join(path, OWN), { mode: 0o700 });
  const file = join(path, OWN, `192.0.2.3_1-${process.pid}`);
  if (target === undefined) mkdirSync(file);
  else symlinkSync(target, file);
  return path;
}

function openToAll(path: string): string {
  mkdirSync(join(path, OWN));
  chmodSync(join(path, OWN), 0o777);
  return path;
}

function linked(path: string): string {
  symlinkSync("/", join(path, OWN));
  return path;
}
