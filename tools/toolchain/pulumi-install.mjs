import { chmod, copyFile, mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { findProgram, run } from "./command.mjs";
import { repository } from "./paths.mjs";
import { CLI, findPulumi, installedBin, LANGUAGE_HOST, PROGRAMS } from "./pulumi-bin.mjs";
import { lastLines, StepFailed, step } from "./step.mjs";

/** The Pulumi CLI: what the machine has, else what Pulumi's own site gives, else built from its public Go modules. */
export async function installPulumi() {
  await step({ name: `Pulumi CLI ${CLI.version}`, done: () => findPulumi() !== undefined, work: install });
}

/** Made beside its place and then renamed, so that nobody ever meets half of it. */
async function install() {
  const bin = installedBin();
  await mkdir(dirname(bin), { recursive: true });
  const unfinished = await mkdtemp(`${bin}.`);
  try {
    const how = (await download(unfinished)) ? "downloaded" : await build(unfinished);
    await rename(unfinished, bin).catch((/** @type {unknown} */ error) => {
      // Somebody else was faster, and has made the same thing.
      if (findPulumi() === undefined) throw error;
    });
    return how;
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

/**
 * The npm package `pulumi` is a downloader of the CLI of its own version. Where its site cannot be reached it says so within
 * seconds.
 * @param {string} bin
 */
async function download(bin) {
  const home = await mkdtemp(`${bin}.home-`);
  try {
    const version = CLI.version.replace(/^v/, "");
    const command = ["npx", "--yes", `pulumi@${version}`, "version"];
    const env = { ...process.env, PULUMI_HOME: home, PULUMI_VERSION: version, PULUMI_SKIP_UPDATE_CHECK: "true" };
    const { code } = await run(command, { cwd: home, env, timeout: 180_000 });
    if (code !== 0) return false;
    const from = join(home, "versions", version, "bin");
    await Promise.all(PROGRAMS.map((name) => copyFile(join(from, name), join(bin, name))));
    return true;
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

/**
 * The CLI and its Node.js language host are two builds: they do not compile against one version of Pulumi's SDK.
 * @param {string} bin
 */
async function build(bin) {
  const go = findProgram("go") ?? findProgram("/usr/local/go/bin/go");
  if (go === undefined) throw new StepFailed(ADVICE);
  console.log(`Pulumi CLI ${CLI.version}: building it from its Go modules, which takes some minutes, once`);
  const stamp = `-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=${CLI.version}`;
  // Nobody debugs it: its symbols would be stripped anyway.
  const goBuild = [go, "build", "-mod=readonly", "-gcflags=all=-dwarf=false"];
  await compile([...goBuild, "-ldflags", stamp, "-o", join(bin, "pulumi"), `${CLI.module}/cmd/pulumi`], CLI.sources);
  const host = join(bin, "pulumi-language-nodejs");
  await compile([...goBuild, "-ldflags", "-s -w", "-o", host, LANGUAGE_HOST.module], LANGUAGE_HOST.sources);
  const script = join(repository, "node_modules", "@pulumi", "pulumi", "pulumi-resource-pulumi-nodejs");
  await copyFile(script, join(bin, "pulumi-resource-pulumi-nodejs"));
  await chmod(join(bin, "pulumi-resource-pulumi-nodejs"), 0o755);
  return "built from Go modules";
}

const ADVICE =
  "not on this machine, not to be downloaded from here, and there is no Go to build it with; install either one";

/**
 * @param {readonly string[]} command
 * @param {string} cwd
 */
async function compile(command, cwd) {
  // It would take all of the machine from the tests that run meanwhile. A compiler that collects its garbage less often takes a
  // quarter less time.
  const env = { ...process.env, GOGC: "400" };
  const { code, output } = await run(["nice", "-n", "19", ...command], { cwd, env });
  if (code !== 0) throw new StepFailed(`${command.join(" ")}\n${lastLines(output)}`);
}
