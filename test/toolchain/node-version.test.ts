import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { readJson } from "../../tools/toolchain/json.mjs";
import { isOlder, leastNode } from "../../tools/toolchain/node-version.mjs";
import { npmBin, repository } from "../../tools/toolchain/paths.mjs";
import { scratchFolder } from "../host/scratch";

/** What a program of ours says on a Node that takes itself for another one. */
function saidOn(version: string, words: readonly string[]): Promise<{ code: unknown; stdout: string; stderr: string }> {
  const fake = join(scratchFolder(), "fake.cjs");
  writeFileSync(fake, `Object.defineProperty(process.versions, "node", { value: ${JSON.stringify(version)} });`);
  return new Promise((resolve) => {
    execFile(join(npmBin, "node"), ["--require", fake, ...words], { cwd: repository }, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, stdout, stderr }),
    );
  });
}

const TOOL = "tools/toolchain/tool.mjs";

test.each([
  ["20.20.2", true],
  ["22.9.0", true],
  ["22.17.9", true],
  ["22.18.0", false],
  ["23.0.0", false],
  ["24.1.0", false],
])("%s is too old for what needs 22.18: %s", (version, expected) => {
  expect(isOlder(version, "22.18")).toBe(expected);
});

test("the repository needs what the package needs", () => {
  const { engines } = readJson(join(repository, "package.json")) as { engines: { node: string } };
  expect(engines.node).toBe(`>=${leastNode()}`);
});

test("a tool in TypeScript runs on the repository's Node where the machine's is too old for it", async () => {
  for (const version of ["18.20.4", "24.21.0"])
    expect(await saidOn(version, [TOOL, "tools/lab/cli.ts", "help"])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("npm run lab -- [--name NAME] COMMAND") as string,
    });
});

test.each(["tool.mjs", "run.mjs", "sdk.mjs", "release.mjs", "bare/cli.mjs", "architecture/draw.mjs"])(
  "%s says in one sentence what it needs to begin",
  async (name) => {
    const { code, stdout, stderr } = await saidOn("16.20.2", [`tools/toolchain/${name}`]);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr.trimEnd()).toMatch(/^Node 18 is enough to begin, .+ This is Node 16\.20\.2: \S+$/);
  },
);
