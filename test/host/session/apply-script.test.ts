import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { FLUSH } from "../../../provider/flush";
import { applyScript } from "../../../provider/host/session/apply-script";
import { schedule } from "../../../provider/host/session/schedule";
import { replies } from "../../../provider/host/shell/replies";
import { type Result, run, type Step } from "../../../provider/step";
import { fileOfAnother, modeOf, scratchFolder } from "../scratch";

let dir: string;
let lock: string;

beforeEach(() => {
  dir = scratchFolder();
  lock = join(dir, "lock");
});

/** What a step says that runs under the lock; the first result is that of the lock. */
function doing(
  step: Step,
  path = lock,
  { env = process.env, after }: { env?: NodeJS.ProcessEnv; after?: string } = {},
): readonly (Result | undefined)[] | undefined {
  const commands = schedule([{ steps: [step], isolated: false }], () => undefined);
  const script = applyScript(commands, [], { path, patience: 1 }, { writer: "me", after });
  const { stdout, stderr } = spawnSync("sh", { input: Buffer.from(script.text("nonce")), env });
  const read = replies("nonce", script.summaries.length);
  read.take("stdout", stdout);
  read.take("stderr", stderr);
  return read.results();
}

const made = (): Step => ({ command: { sh: '>"$1"; umask', args: [join(dir, "made")] } });

test("the lock file is for us alone, and what runs under it has the usual umask", () => {
  expect(doing(made())).toMatchObject([{ code: 0 }, { code: 0, stdout: "0022\n" }, { code: 0 }]);
  expect([modeOf(lock), modeOf(join(dir, "made"))]).toEqual(["600", "644"]);
});

test("the lock file says who wrote last, and in other words who writes", () => {
  const saying = (): Step => ({ command: { sh: 'cat "$1"', args: [lock] } });
  expect(doing(saying())?.[1]?.stdout).toBe("me:\n");
  expect(readFileSync(lock, "utf8")).toBe("me\n");
});

test("nothing is run where another writer came first", () => {
  expect(doing(made(), lock, { after: "" })).toMatchObject([{ code: 0 }, { code: 0 }, { code: 0 }]);
  expect(doing(made(), lock, { after: "me" })).toMatchObject([{ code: 0 }, { code: 0 }, { code: 0 }]);
  writeFileSync(lock, "another\n");
  rmSync(join(dir, "made"));
  expect(doing(made(), lock, { after: "me" })).toEqual([
    { code: 4, stdout: "another\n", stderr: "" },
    undefined,
    undefined,
  ]);
  expect([existsSync(join(dir, "made")), readFileSync(lock, "utf8")]).toEqual([false, "another\n"]);
});

test("one of an earlier version, which others could read, is narrowed", () => {
  writeFileSync(lock, "");
  chmodSync(lock, 0o644);
  expect(doing(made())).toMatchObject([{ code: 0 }, { code: 0 }, { code: 0 }]);
  expect(modeOf(lock)).toBe("600");
});

test.each([
  ["belongs to another user", () => fileOfAnother(lock)],
  [
    "may be written by other users",
    () => {
      writeFileSync(lock, "");
      chmodSync(lock, 0o666);
      return lock;
    },
  ],
  [
    "is a symbolic link",
    () => {
      symlinkSync(join(dir, "elsewhere"), lock);
      return lock;
    },
  ],
])("one that %s is not taken, and nothing runs", (words, make) => {
  const path = make();
  expect(doing(made(), path)).toEqual([
    { code: 3, stdout: "", stderr: expect.stringContaining(`${path} ${words}`) },
    undefined,
    undefined,
  ]);
  expect([existsSync(join(dir, "made")), readdirSync(dir).includes("elsewhere")]).toEqual([false, false]);
});

describe("what a command wrote into files is flushed", () => {
  /** A sync that writes down what it is told, and then does this. */
  function withSync(body: string): NodeJS.ProcessEnv {
    writeFileSync(join(dir, "sync"), `#!/bin/sh\necho "$*" >>${dir}/synced\n${body}\n`, { mode: 0o755 });
    return { ...process.env, PATH: `${dir}:${process.env["PATH"] ?? ""}` };
  }
  const synced = () => (existsSync(join(dir, "synced")) ? readFileSync(join(dir, "synced"), "utf8").split("\n") : []);

  test("after it ran, by file system: a dead NFS server is not waited for", () => {
    expect(doing(made(), lock, { env: withSync(`[ -e ${dir}/made ]`) })).toMatchObject([
      { code: 0 },
      { code: 0 },
      { code: 0 },
    ]);
    expect(synced()).toEqual(["-f -- /etc /usr /var/lib", ""]);
  });

  test("also where it failed, since it may have written something before", () => {
    expect(doing(run("false"), lock, { env: withSync("exit 0") })).toMatchObject([
      { code: 0 },
      { code: 1 },
      { code: 0 },
    ]);
    expect(synced()).toHaveLength(2);
  });

  test("with the places that a step names, or what is left of them", () => {
    const step = { ...run("mkdir", "-p", join(dir, "a b")), places: [join(dir, "a b"), "/none/at/all"] };
    doing(step, lock, { env: withSync("exit 0") });
    expect(synced()).toEqual([`-f -- /etc /usr /var/lib ${dir}/a b /`, ""]);
  });

  test("by a sync of before 2015 all at once", () => {
    const old = withSync(`case $1 in -f) echo "sync: invalid option -- 'f'" >&2; exit 1 ;; esac`);
    expect(doing(made(), lock, { env: old })).toMatchObject([{ code: 0 }, { code: 0 }, { code: 0, stderr: "" }]);
    expect(synced()).toEqual(["-f -- /etc /usr /var/lib", "", ""]);
  });

  test.each([
    ["takes files, and fails later", `[ "$2" = /a ] || { echo "sync: error" >&2; exit 1; }`, "sync: error\n", "1"],
    ["warns of each", `echo "sync: ignoring all arguments" >&2`, "", "0"],
  ])("a sync that %s", (_, body, stderr, code) => {
    const text = `${FLUSH}\nflush -- /a && flush -- /b; echo $?`;
    const result = spawnSync("/bin/sh", ["-c", text], { env: withSync(body), encoding: "utf8" });
    expect(result).toMatchObject({ stdout: `${code}\n`, stderr });
    expect(synced()).toEqual(["-- /a", "-- /b", ""]);
  });

  test("or the host says why not", () => {
    const broken = withSync("echo 'sync: error syncing /etc: Input/output error' >&2; exit 1");
    expect(doing(made(), lock, { env: broken })?.[2]).toEqual({
      code: 1,
      stdout: "",
      stderr: "sync: error syncing /etc: Input/output error\n",
    });
  });

  test.each([
    ["a rule", { rule: ["-A", "-t", "192.0.2.1:80"] }],
    ["an address", run("ip", "link", "show", "lo")],
    ["a setting", run("sysctl", "-n", "kernel.ostype")],
  ])("but %s is in no file, and costs no process", (_, step: Step) => {
    expect(doing(step, lock, { env: withSync("exit 0") })).toHaveLength(2);
    expect(synced()).toEqual([]);
  });
});
