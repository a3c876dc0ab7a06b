import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { cliWords } from "../../provider/host/cli-words";
import { refreshesAlways } from "../../provider/host/ssh/hosts-file";
import { ifOld } from "../../provider/host/ssh/last-up";
import { scratchFolder } from "./scratch";

/** What a process sees that a CLI with these words has started, through a shell as Pulumi does. */
async function seenBelow(
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
  name = "/opt/bin/pulumi",
) {
  const child = spawn("sh", ["-c", "sh -c 'sleep 60 & echo $!; wait' & wait", ...words], {
    argv0: name,
    stdio: ["ignore", "pipe", "ignore"],
    detached: true,
  });
  try {
    const pid = await new Promise<string>((resolve) =>
      child.stdout.once("data", (text: Buffer) => resolve(String(text))),
    );
    return cliWords(Number(pid), env);
  } finally {
    if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
  }
}

const given = async (words: readonly string[], env?: Readonly<Record<string, string>>) => {
  const { isUp, isDestroy, isRefreshing, isProgramRun } = (await seenBelow(words, env)) ?? {};
  return [isUp, isDestroy, isRefreshing, isProgramRun];
};

test.each([
  [["refresh"], false, false, true, false],
  [["refresh", "--run-program"], false, false, true, true],
  [["up", "--refresh", "--run-program=true"], true, false, true, true],
  [["up", "-r", "--run-program=false"], true, false, true, false],
  [["preview", "--refresh=true"], true, false, true, false],
  [["up", "--yes", "--stack", "prod"], true, false, false, false],
  [["destroy", "--refresh=false", "--run-program", "--refresh-x"], false, true, false, true],
  [["--stack", "prod", "down", "--refresh"], false, true, true, false],
])("%j", async (words, isUp, isDestroy, isRefreshing, isProgramRun) => {
  expect(await given(words)).toEqual([isUp, isDestroy, isRefreshing, isProgramRun]);
});

test("the variable says the same as the option", async () => {
  expect(await given(["refresh"], { PULUMI_RUN_PROGRAM: "true" })).toEqual([false, false, true, true]);
  expect(await given(["refresh"], { PULUMI_RUN_PROGRAM: "0" })).toEqual([false, false, true, false]);
});

test("what no CLI has started knows nothing, but for the variable", async () => {
  expect(await seenBelow(["refresh"], {}, "sh")).toBeUndefined();
  expect(cliWords(2 ** 22 + 1, {})).toBeUndefined();
  expect(cliWords(2 ** 22 + 1, { PULUMI_RUN_PROGRAM: "1" })).toMatchObject({ isProgramRun: true });
});

describe("the advice", () => {
  const words = { isUp: false, isDestroy: false, isRefreshing: false, isProgramRun: false };
  const isRun = { ...words, isProgramRun: true };

  test("names --run-program where it was not given", () => {
    for (const known of [undefined, words])
      expect(ifOld({ origin: "lvs:hosts" }, known).join()).toContain("Add --run-program.");
    expect(ifOld({ origin: "lvs:hosts" }, isRun)).toEqual([]);
    expect(ifOld({ origin: "lvs:hosts" }, { ...isRun, isDestroy: true })).toEqual([]);
    expect(ifOld({ origin: "lvs:hosts" }, { ...isRun, isRefreshing: true })).toEqual([]);
  });

  test("says nothing in an up that does not refresh: all that it uses is of now", () => {
    const up = { ...words, isUp: true };
    for (const origin of ["lvs:hosts", "program"] as const) {
      expect(ifOld({ origin }, up)).toEqual([]);
      expect(ifOld({ origin }, { ...up, isRefreshing: true })).toHaveLength(1);
      expect(ifOld({ origin }, up, () => true)).toHaveLength(1);
    }
    const folder = scratchFolder();
    for (const [text, always] of [
      ["name: web\noptions:\n  refresh: always\n", true],
      ["name: web\ndescription: a refresh: sometimes\n", false],
    ] as const) {
      writeFileSync(join(folder, "Pulumi.yaml"), text);
      expect(refreshesAlways(folder)).toBe(always);
    }
  });

  test("of a refresh before a destroy, which is not helped by it, says to leave it out", () => {
    const [line] = ifOld({ origin: "lvs:hosts" }, { ...isRun, isDestroy: true, isRefreshing: true });
    expect(line).toContain("Leave out --refresh.");
  });

  test("fits where the connection comes from", () => {
    expect(ifOld({ origin: "file" }, words)).toEqual([]);
    for (const known of [words, isRun])
      expect(ifOld({ origin: "program" }, known).join()).toContain('Run "pulumi up" without --refresh first.');
  });
});
