import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { repository } from "../../tools/toolchain/paths.mjs";

const folder = join(repository, ".github", "workflows");
const workflows = readdirSync(folder).map((name) => ({ name, text: readFileSync(join(folder, name), "utf8") }));
const { scripts } = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync(join(repository, "package.json"), "utf8")));

test("there are a workflow for each change and one for a release", () => {
  expect(workflows.map(({ name }) => name)).toEqual(["ci.yml", "release.yml"]);
});

describe.each(workflows)("$name", ({ text }) => {
  test("every action is pinned by its commit, and says its version: a tag can be moved", () => {
    const used = [...text.matchAll(/uses: (.+)/g)].map(([, action = ""]) => action);
    expect(used.length).toBeGreaterThan(0);
    expect(used.filter((action) => !/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(action))).toEqual([]);
  });

  test("may read the repository and nothing else, unless a job says so", () => {
    expect(text).toMatch(/^permissions:\n {2}contents: read\n\n/m);
  });

  test("each job ends by itself, and keeps no credentials in its checkout", () => {
    const jobs = text.match(/runs-on:/g) ?? [];
    expect(text.match(/timeout-minutes:/g)).toHaveLength(jobs.length);
    expect(text.match(/persist-credentials: false/g)).toHaveLength((text.match(/actions\/checkout@/g) ?? []).length);
  });

  test("every npm script that it runs is there", () => {
    const run = [...text.matchAll(/npm run ([\w-]+)/g)].map(([, script = ""]) => script);
    expect(run.filter((script) => scripts[script] === undefined)).toEqual([]);
  });
});

test("the matrix has the oldest Node that the package promises, and the repository's own", () => {
  const [ci] = workflows;
  const { engines } = z
    .object({ engines: z.object({ node: z.string() }) })
    .parse(JSON.parse(readFileSync(join(repository, "provider", "package.json"), "utf8")));
  const oldest = /\d.*/.exec(engines.node)?.[0] ?? "";
  expect(ci?.text).toContain(`node: ["${oldest}", "${/\d+/.exec(nodeOfRepository())?.[0] ?? ""}"]`);
});

/** The version of the package `node`, which is the Node of the repository. */
function nodeOfRepository(): string {
  const { devDependencies } = z
    .object({ devDependencies: z.object({ node: z.string() }) })
    .parse(JSON.parse(readFileSync(join(repository, "package.json"), "utf8")));
  return devDependencies.node;
}
