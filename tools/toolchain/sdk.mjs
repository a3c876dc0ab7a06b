/**
 * Tries the package with another version of Pulumi's SDK: types of sources and examples, and the tests that load the SDK.
 *
 *   node tools/toolchain/sdk.mjs lowest | newest | VERSION [TEST FILES]
 *
 * `lowest` is the lower end of the peer range in provider/package.json.
 */
import "./begin.mjs";
import { mkdir, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { run, show } from "./command.mjs";
import { compileProvider } from "./compile.mjs";
import { readJson } from "./json.mjs";
import { installPackages } from "./packages.mjs";
import { npmBin, repository } from "./paths.mjs";
import { lastLines, StepFailed, step } from "./step.mjs";

const SDK = "@pulumi/pulumi";

/** What loads the SDK's code; all other tests take types alone. */
const LOADS_IT = ["test/components", "test/resources", "test/packaging", "test/registry"];

/** @param {string} asked */
async function versionOf(asked) {
  if (asked === "lowest") {
    const { peerDependencies } = /** @type {{ peerDependencies: Record<string, string> }} */ (
      readJson(join(repository, "provider", "package.json"))
    );
    return (peerDependencies[SDK] ?? "").replace(/^[^\d]+/, "");
  }
  const { code, output } = await run(["npm", "view", `${SDK}@${asked === "newest" ? "latest" : asked}`, "version"]);
  if (code !== 0) throw new StepFailed(`no version ${asked} of ${SDK}\n${lastLines(output)}`);
  return output.trim();
}

/**
 * @param {string} version
 * @returns {Promise<string>} the folder whose node_modules has it
 */
async function install(version) {
  const folder = join(repository, "node_modules", ".cache", `sdk-${version}`);
  const manifest = join(folder, "node_modules", SDK, "package.json");
  await step({
    name: `${SDK} ${version}`,
    done: async () => (await run(["test", "-e", manifest])).code === 0,
    work: async () => {
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, "package.json"), JSON.stringify({ private: true }));
      const words = ["install", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
      const { code, output } = await run(["npm", ...words, `${SDK}@${version}`], { cwd: folder });
      if (code !== 0) throw new StepFailed(lastLines(output));
    },
  });
  return folder;
}

/**
 * The sources, and examples against the declarations that we publish.
 * @param {string} folder
 */
async function typesAgree(folder) {
  const config = {
    extends: join(repository, "tsconfig.base.json"),
    compilerOptions: {
      noEmit: true,
      allowImportingTsExtensions: true,
      types: ["node"],
      typeRoots: [join(repository, "node_modules", "@types")],
      paths: {
        [SDK]: [join(folder, "node_modules", SDK)],
        "pulumi-lvs": [join(repository, "provider", "dist", "index.d.ts")],
      },
    },
    include: [join(repository, "provider", "**", "*.ts"), join(repository, "examples", "*", "*.ts")],
    exclude: [join(repository, "provider", ".dist-*"), join(repository, "**", "node_modules")],
  };
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify(config));
  return (await show([join(npmBin, "node"), join(npmBin, "tsc"), "-p", folder], { cwd: repository })) === 0;
}

/**
 * @param {string} folder
 * @param {readonly string[]} files
 */
async function testsPass(folder, files) {
  const words = ["--selectProjects", "unit", "--testPathPatterns", ...files];
  const env = { ...process.env, PULUMI_LVS_SDK: folder };
  return (await show([join(npmBin, "node"), join(npmBin, "jest"), ...words], { cwd: repository, env })) === 0;
}

const [asked, ...files] = process.argv.slice(2);
if (asked === undefined) {
  console.error("which version? lowest, newest, or a number");
  process.exit(2);
}
try {
  await installPackages();
  await compileProvider();
  const version = await versionOf(asked);
  const folder = await install(version);
  const types = await typesAgree(folder);
  console.log(`${SDK} ${version}: types ${types ? "agree" : "DIFFER"} (${relative(repository, folder)}/tsconfig.json)`);
  const tests = await testsPass(folder, files.length > 0 ? files : LOADS_IT);
  console.log(`${SDK} ${version}: tests ${tests ? "pass" : "FAIL"}`);
  process.exitCode = types && tests ? 0 : 1;
} catch (error) {
  if (!(error instanceof StepFailed)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
