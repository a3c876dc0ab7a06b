import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { findProgram, isExecutable } from "./command.mjs";
import { cacheDirectory, npmBin, repository } from "./paths.mjs";

/** Pulumi is several programs, which find each other by being in one folder of PATH. */
export const PROGRAMS = /** @type {const} */ (["pulumi", "pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"]);

/** The go.mod files are the one place where these versions are written. */
export const CLI = pinned("pulumi-cli", "github.com/pulumi/pulumi/pkg/v3");
export const LANGUAGE_HOST = pinned(
  "language-host",
  "github.com/pulumi/pulumi/sdk/nodejs/cmd/pulumi-language-nodejs/v3",
);

/** The first release whose engine does all that the provider asks of it. */
const OLDEST_OF_USE = { major: 3, minor: 200 };

/** @type {string | undefined} */
let known;

/**
 * The folder of the Pulumi CLI: the machine's own if it is recent enough, else the one that the toolchain installed.
 * @returns {string}
 */
export function pulumiBin() {
  known ??= findPulumi();
  if (known === undefined) throw new Error("the Pulumi CLI is not installed: run `node tools/toolchain/run.mjs ready`");
  return known;
}

/** @returns {string | undefined} */
export function findPulumi() {
  const cli = findProgram("pulumi");
  const candidates = [...(cli === undefined ? [] : [dirname(cli)]), installedBin()];
  // What the toolchain installed is of the version that its folder names. To ask it takes a tenth of a second, in each file of tests.
  return candidates.find((bin) => isComplete(bin) && (bin === installedBin() || isRecent(bin)));
}

/** Where the toolchain puts the CLI. A new version is a new folder, so that an old checkout keeps its own. */
export const installedBin = () => join(cacheDirectory(), `pulumi-${CLI.version}-nodejs-${LANGUAGE_HOST.version}`);

/**
 * What the CLI needs to work on stacks kept in `folder`, and to touch nothing else: not the user's ~/.pulumi, no account, no
 * network. Its programs run on the repository's Node.
 * @param {string} folder
 * @returns {NodeJS.ProcessEnv}
 */
export function pulumiEnvironment(folder) {
  const foreign = Object.entries(process.env).filter(
    ([name]) => !name.startsWith("PULUMI_") || name.startsWith("PULUMI_LVS_"),
  );
  return {
    ...Object.fromEntries(foreign),
    PATH: [pulumiBin(), npmBin, process.env["PATH"] ?? ""].join(delimiter),
    PULUMI_HOME: join(folder, "home"),
    PULUMI_BACKEND_URL: `file://${folder}`,
    PULUMI_CONFIG_PASSPHRASE: "only for tests",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    NO_COLOR: "1",
  };
}

/** @param {string} bin */
const isComplete = (bin) => PROGRAMS.every((name) => isExecutable(join(bin, name)));

/** @param {string} bin */
function isRecent(bin) {
  // A home of ours: even `pulumi version` makes a folder for its logs.
  const env = { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true", PULUMI_HOME: join(cacheDirectory(), "pulumi-home") };
  const version = execFileSync(join(bin, "pulumi"), ["version"], { encoding: "utf8", env });
  const [major = 0, minor = 0] = version.trim().replace(/^v/, "").split(".").map(Number);
  return major === OLDEST_OF_USE.major && minor >= OLDEST_OF_USE.minor;
}

/**
 * @param {string} folder
 * @param {string} module
 */
function pinned(folder, module) {
  const sources = join(repository, "tools", "toolchain", folder);
  const text = readFileSync(join(sources, "go.mod"), "utf8");
  const version = /^require (?<module>\S+) (?<version>\S+)$/m.exec(text)?.groups;
  const goRelease = /^go (?<release>\d+\.\d+)/m.exec(text)?.groups?.["release"];
  if (version?.["module"] !== module || version["version"] === undefined || goRelease === undefined)
    throw new Error(`${sources}/go.mod does not require ${module}`);
  return { module, sources, version: version["version"], goRelease };
}
