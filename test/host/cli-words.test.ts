import { spawn } from "node:child_process";
import { cliWords } from "../../provider/host/cli-words";
import { ifOld } from "../../provider/host/ssh/last-up";

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
  const { isDestroy, isRefreshing, isProgramRun } = (await seenBelow(words, env)) ?? {};
  return [isDestroy, isRefreshing, isProgramRun];
};

test.each([
  [["refresh"], false, false, false],
  [["refresh", "--run-program"], false, false, true],
  [["up", "--refresh", "--run-program=true"], false, true, true],
  [["up", "-r", "--run-program=false"], false, true, false],
  [["preview", "--refresh=true"], false, true, false],
  [["destroy", "--refresh=false", "--run-program", "--refresh-x"], true, false, true],
  [["--stack", "prod", "down", "--refresh"], true, true, false],
])("%j", async (words, isDestroy, isRefreshing, isProgramRun) => {
  expect(await given(words)).toEqual([isDestroy, isRefreshing, isProgramRun]);
});

test("the variable says the same as the option", async () => {
  expect(await given(["refresh"], { PULUMI_RUN_PROGRAM: "true" })).toEqual([false, false, true]);
  expect(await given(["refresh"], { PULUMI_RUN_PROGRAM: "0" })).toEqual([false, false, false]);
});

test("what no CLI has started knows nothing, but for the variable", async () => {
  expect(await seenBelow(["refresh"], {}, "sh")).toBeUndefined();
  expect(cliWords(2 ** 22 + 1, {})).toBeUndefined();
  expect(cliWords(2 ** 22 + 1, { PULUMI_RUN_PROGRAM: "1" })).toMatchObject({ isProgramRun: true });
});

describe("the advice", () => {
  const words = { isDestroy: false, isRefreshing: false, isProgramRun: false };
  const isRun = { ...words, isProgramRun: true };

  test("names --run-program where it was not given", () => {
    for (const known of [undefined, words])
      expect(ifOld({ origin: "lvs:hosts" }, known).join()).toContain("Add --run-program.");
    expect(ifOld({ origin: "lvs:hosts" }, isRun)).toEqual([]);
    expect(ifOld({ origin: "lvs:hosts" }, { ...isRun, isDestroy: true })).toEqual([]);
    expect(ifOld({ origin: "lvs:hosts" }, { ...isRun, isRefreshing: true })).toEqual([]);
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
