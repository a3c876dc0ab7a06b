import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { repository } from "../toolchain/paths.mjs";
import { pulumiEnvironment } from "../toolchain/pulumi-bin.mjs";

const examples = join(repository, "examples");

const exampleNames = (): string[] =>
  readdirSync(examples).filter((name) => existsSync(join(examples, name, "Pulumi.yaml")));

/**
 * Runs the Pulumi CLI on an example, against a lab. Its stack and state are in the lab's folder and go with it; the example's
 * own folder and the user's ~/.pulumi are not touched. Returns the CLI's exit code.
 */
export function runPulumi(labFolder: string, config: string, example: string, words: readonly string[]): number {
  if (!exampleNames().includes(example)) {
    throw new Error(`No example ${JSON.stringify(example)}. Examples: ${exampleNames().join(", ")}`);
  }
  const home = join(labFolder, "stacks");
  const program = join(home, example);
  mkdirSync(program, { recursive: true });
  // Anew each time, so that an edited example is what runs. The stack's settings are not in it, and stay.
  const isSource = (path: string) => !path.endsWith("node_modules");
  cpSync(join(examples, example), program, { recursive: true, filter: isSource });
  const modules = join(program, "node_modules");
  if (!existsSync(modules)) symlinkSync(join(repository, "node_modules"), modules);
  const pulumi = (...args: readonly string[]): number => {
    const env = pulumiEnvironment(home);
    return spawnSync("pulumi", args, { cwd: program, env, stdio: "inherit" }).status ?? 255;
  };
  const settings = join(program, "Pulumi.lab.yaml");
  if (!existsSync(settings)) {
    writeFileSync(settings, config);
    const code = pulumi("stack", "init", "lab");
    if (code !== 0) return code;
  }
  return pulumi(...words);
}
