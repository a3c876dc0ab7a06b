import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { applyScript } from "../../../provider/host/session/apply-script";
import { schedule } from "../../../provider/host/session/schedule";
import { replies } from "../../../provider/host/shell/replies";
import type { Result, Step } from "../../../provider/step";
import { fileOfAnother, modeOf, scratchFolder } from "../scratch";

let dir: string;
let lock: string;

beforeEach(() => {
  dir = scratchFolder();
  lock = join(dir, "lock");
});

/** What a step says that runs under the lock; the first result is that of the lock. */
function doing(step: Step, path = lock): readonly (Result | undefined)[] | undefined {
  const commands = schedule([{ steps: [step], isolated: false }], () => undefined);
  const script = applyScript(commands, [], { path, patience: 1 });
  const { stdout, stderr } = spawnSync("sh", { input: Buffer.from(script.text("nonce")) });
  const read = replies("nonce", script.summaries.length);
  read.take("stdout", stdout);
  read.take("stderr", stderr);
  return read.results();
}

const made = (): Step => ({ command: { sh: '>"$1"; umask', args: [join(dir, "made")] } });

test("the lock file is for us alone, and what runs under it has the usual umask", () => {
  expect(doing(made())).toMatchObject([{ code: 0 }, { code: 0, stdout: "0022\n" }]);
  expect([modeOf(lock), modeOf(join(dir, "made"))]).toEqual(["600", "644"]);
});

test("one of an earlier version, which others could read, is narrowed", () => {
  writeFileSync(lock, "");
  chmodSync(lock, 0o644);
  expect(doing(made())).toMatchObject([{ code: 0 }, { code: 0 }]);
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
  ]);
  expect([existsSync(join(dir, "made")), readdirSync(dir).includes("elsewhere")]).toEqual([false, false]);
});
