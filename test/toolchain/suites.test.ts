import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type Finished, run } from "../../tools/toolchain/command.mjs";
import { npmBin, repository } from "../../tools/toolchain/paths.mjs";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "pulumi-lvs-suites-"));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

interface Prepared {
  readonly suite?: string;
  /** An expression: what it comes to is undefined, or an Error. */
  readonly prepared?: string;
}

/** Runs a suite over these test files, as `npm test` would. */
const runSuites = (files: Record<string, string>, { suite = "unit", prepared = "undefined" }: Prepared = {}) =>
  runProjects({ [suite]: { rootDir: folder, displayName: suite, transform: {} } }, files, { [suite]: prepared });

/** Runs suites, each a project of jest. */
async function runProjects(
  projects: Record<string, object>,
  files: Record<string, string>,
  prepared: Record<string, string>,
): Promise<Finished & { lastLine: string | undefined }> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  const config = { projects: Object.values(projects) };
  const preparations = Object.entries(prepared).map(([suite, outcome]) => `${suite}: Promise.resolve(${outcome})`);
  const program = `
    import { runSuites } from ${JSON.stringify(join(repository, "tools", "toolchain", "suites.mjs"))};
    const options = ["--config", ${JSON.stringify(JSON.stringify(config))}, "--rootDir", ${JSON.stringify(folder)}];
    const suites = ${JSON.stringify(Object.keys(projects))};
    process.exitCode = (await runSuites(suites, options, { ${preparations.join()} })) ? 0 : 1;`;
  const finished = await run([join(npmBin, "node"), "--input-type=module", "--eval", program]);
  return { ...finished, lastLine: finished.output.trimEnd().split("\n").at(-1) };
}

const passes = 'test("passes", () => { expect(1 + 1).toBe(2); });';
const fails = 'test("fails", () => { expect(1 + 1).toBe(3); });';

const cases: { name: string; why: string; files: Record<string, string>; lastLine: string; code: number }[] = [
  {
    name: "all pass",
    why: "the sum is what the runner reports",
    files: { "a.test.js": passes, "b.test.js": passes },
    lastLine: "2 passed, 0 failed",
    code: 0,
  },
  {
    name: "one fails",
    why: "one failure fails the run",
    files: { "a.test.js": passes, "b.test.js": fails },
    lastLine: "1 passed, 1 failed",
    code: 1,
  },
  {
    name: "a file that cannot load",
    why: "tests that were never made are not passed ones",
    files: { "a.test.js": passes, "b.test.js": 'require("./gone");' },
    lastLine: "1 passed, 1 failed",
    code: 1,
  },
  { name: "nothing", why: "a run without tests shows nothing", files: {}, lastLine: "0 passed, 0 failed", code: 1 },
  {
    name: "skipped",
    why: "a skipped test is told",
    files: { "a.test.js": `${passes} test.skip("later", () => {});` },
    lastLine: "1 passed, 0 failed, 1 skipped",
    code: 0,
  },
  {
    name: "left open",
    why: "a run that does not end by itself leaks, in users' programs too",
    files: { "a.test.js": `setInterval(() => {}, 1000); ${passes}` },
    lastLine: "1 passed, 1 failed",
    code: 1,
  },
];

test.each(cases)("$name: $why", async ({ files, lastLine, code }) => {
  const finished = await runSuites(files);
  expect(finished).toMatchObject({ lastLine, code });
});

test("a suite that cannot be prepared is one failure, with the reason", async () => {
  const finished = await runSuites({ "a.test.js": passes }, { prepared: 'new Error("no CLI: install Go")' });
  expect(finished.output).toContain("== unit: not run\nno CLI: install Go\n");
  expect(finished).toMatchObject({ lastLine: "0 passed, 1 failed", code: 1 });
});

test("files of hosts that failed are run once more, and named with their outcome in front of the last line", async () => {
  const marker = JSON.stringify(join(folder, "ran-before"));
  const passesLater = `const fs = require("fs"); test("passes later", () => {
    const ranBefore = fs.existsSync(${marker}); fs.writeFileSync(${marker}, ""); expect(ranBefore).toBe(true); });`;
  const files = { "a.test.js": passes, "b.test.js": fails, "c.test.js": passesLater };
  const { output, code } = await runSuites(files, { suite: "lab" });
  const lines = output.trimEnd().split("\n").slice(-3);
  expect(lines.slice(0, 2).sort()).toEqual([
    expect.stringMatching(/^run twice: \S*b\.test\.js failed, then failed again alone$/),
    expect.stringMatching(/^run twice: \S*c\.test\.js failed, then passed alone$/),
  ]);
  expect([lines[2], code]).toEqual(["2 passed, 1 failed", 1]);
});

describe("lab and e2e in one run, while what e2e needs is still being made", () => {
  /** It is made when a file of the lab has run, or cannot be. */
  function runBoth(outcome: string) {
    const [ran, late] = [JSON.stringify(join(folder, "ran")), JSON.stringify(join(folder, "late"))];
    const files = {
      "lab/a.test.js": `test("lab", () => { require("fs").writeFileSync(${ran}, ""); expect(1).toBe(1); });`,
      "lab/b.test.js": passes,
      // Smaller, and without the order of sequencer.mjs before or beside those of the lab.
      "e2e/c.test.js": `test("late", () => { expect(require("fs").existsSync(${late})).toBe(true); });`,
    };
    const project = (displayName: string) => ({
      displayName,
      testMatch: [`${folder}/${displayName}/*.js`],
      transform: {},
    });
    const swc = join(repository, "node_modules", "@swc", "jest");
    const setup = { "^.+\\.mjs$": [swc, { module: { type: "commonjs" } }] };
    const awaiting = [join(repository, "tools", "toolchain", "await-preparation.mjs")];
    const projects = {
      lab: project("lab"),
      e2e: { ...project("e2e"), transform: setup, setupFilesAfterEnv: awaiting },
    };
    const prepared = `(async () => {
      const fs = await import("node:fs");
      while (!fs.existsSync(${ran})) await new Promise((resolve) => setTimeout(resolve, 50));
      await new Promise((resolve) => setTimeout(resolve, 1000));
      fs.writeFileSync(${late}, "");
      return ${outcome};
    })()`;
    return runProjects(projects, files, { e2e: prepared });
  }

  test("its files wait for it", async () => {
    expect(await runBoth("undefined")).toMatchObject({ lastLine: "3 passed, 0 failed", code: 0 });
  });

  test("when it cannot be made, they have not run, and are one failure with the reason", async () => {
    const finished = await runBoth('new Error("no CLI: install Go")');
    expect(finished.output).toContain("== e2e: not run\nno CLI: install Go\n");
    expect(finished).toMatchObject({ lastLine: "2 passed, 1 failed", code: 1 });
  });
});
