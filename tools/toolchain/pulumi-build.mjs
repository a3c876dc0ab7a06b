import { chmod, copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "./command.mjs";
import { findGo, goOfRelease } from "./go.mjs";
import { repository } from "./paths.mjs";
import { CLI, LANGUAGE_HOST } from "./pulumi-bin.mjs";
import { modfileOfSmallerCli } from "./smaller-cli.mjs";
import { lastLines, StepFailed } from "./step.mjs";

/**
 * The CLI and its Node.js language host are two builds: they do not compile against one version of Pulumi's SDK. The CLI has no
 * clients of clouds, and of its commands those that are used here.
 * @param {string} bin
 * @param {Promise<unknown>} packages
 * @returns {Promise<string>}
 */
export async function buildPulumi(bin, packages) {
  const machines = findGo();
  if (machines === undefined)
    throw new StepFailed("not on this machine, not to be downloaded from here, and no Go to build it with");
  const { go, env } = await goOfRelease(machines, CLI.goRelease);
  console.log(`Pulumi CLI ${CLI.version}: building it from its Go modules, which takes some minutes, once`);
  const stamp = `-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=${CLI.version}`;
  // Nobody debugs it: its symbols would be stripped anyway.
  const build = [go, "build", "-mod=readonly", "-gcflags=all=-dwarf=false"];
  const scratch = await mkdtemp(join(tmpdir(), "pulumi-lvs-cli-"));
  try {
    const modfile = ["-modfile", await modfileOfSmallerCli(go, env, scratch)];
    await compile(
      [...build, ...modfile, "-ldflags", stamp, "-o", join(bin, "pulumi"), `${CLI.module}/cmd/pulumi`],
      CLI.sources,
      env,
    );
  } finally {
    await rm(scratch, { recursive: true });
  }
  const host = join(bin, "pulumi-language-nodejs");
  await compile([...build, "-ldflags", "-s -w", "-o", host, LANGUAGE_HOST.module], LANGUAGE_HOST.sources, env);
  await packages;
  const script = join(repository, "node_modules", "@pulumi", "pulumi", "pulumi-resource-pulumi-nodejs");
  await copyFile(script, join(bin, "pulumi-resource-pulumi-nodejs"));
  await chmod(join(bin, "pulumi-resource-pulumi-nodejs"), 0o755);
  return "built from Go modules";
}

/**
 * @param {readonly string[]} command
 * @param {string} cwd
 * @param {NodeJS.ProcessEnv} goEnv
 */
async function compile(command, cwd, goEnv) {
  // It would take all of the machine from the tests that run meanwhile. A compiler that collects its garbage less often takes a
  // quarter less time: none of its processes does before it has a gigabyte.
  const env = { ...process.env, ...goEnv, GOGC: "off", GOMEMLIMIT: "1GiB" };
  const { code, output } = await run(["nice", "-n", "19", ...command], { cwd, env });
  if (code !== 0) throw new StepFailed(`${command.join(" ")}\n${lastLines(output)}`);
}
