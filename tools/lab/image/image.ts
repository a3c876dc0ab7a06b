import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { imagesFolder } from "../paths.ts";
import type { Progress } from "../progress.ts";
import { requirePrograms, searchPath } from "./programs.ts";
import { isRelease, type Release, type ReleasePlan, releases } from "./releases.ts";
import { kernels } from "./uml.ts";

/** A release, and with it what hosts need whose addresses another than ifupdown brings up. */
export type Disk = Release | `${Release}-managers`;

export const hasImage = (disk: Disk): boolean => existsSync(imagePath(disk));

/** The disk that guests share, read only; each writes to a copy-on-write file of its own. Built when it is not there. */
export async function image(disk: Disk, progress: Progress): Promise<string> {
  const path = imagePath(disk);
  if (existsSync(path)) return path;
  requirePrograms();
  progress(`building the guests' disk, once: ${path}`);
  const { suite, packages, scripts } = contentsOf(disk);
  const modules = kernels().map((kernel) => kernel.modules);
  await build(disk, [path, suite, packages.join(","), scripts.join(" "), ...modules], progress);
  progress("the guests' disk is built");
  return path;
}

const recipe = import.meta.dirname;

function contentsOf(disk: Disk): ReleasePlan {
  const [name = "", managers] = disk.split("-");
  if (!isRelease(name)) throw new Error(`No disk ${disk}`);
  const plan = releases[name];
  if (managers === undefined) return plan;
  return {
    ...plan,
    packages: [...plan.packages, "network-manager", "netplan.io"],
    scripts: [...plan.scripts, "managers.sh"],
  };
}

function imagePath(disk: Disk): string {
  const versions = kernels().map(({ version }) => version);
  return join(imagesFolder(), `${[disk, ...versions, recipeHash(disk)].join("-")}.ext4`);
}

/** What is not baked in (the scripts of a flavour's first boot) leaves the hash as it is. */
function recipeHash(disk: Disk): string {
  const hash = createHash("sha256");
  const { suite, packages, scripts } = contentsOf(disk);
  hash.update([suite, ...packages].join(","));
  for (const file of ["build.sh", "customize.sh", "disk.sh", "lab-init", "disk-beat", ...scripts]) {
    hash.update(readFileSync(join(recipe, file)));
  }
  return hash.digest("hex").slice(0, 12);
}

/** Whoever waited for the lock finds the image built: the script looks again. */
async function build(disk: Disk, what: readonly string[], progress: Progress): Promise<void> {
  const lock = join(imagesFolder(), `${disk}.lock`);
  const args = [lock, "sh", join(recipe, "build.sh"), ...what];
  const builder = spawn("flock", args, {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, PATH: searchPath() },
  });
  const said: string[] = [];
  for (const stream of [builder.stdout, builder.stderr]) {
    createInterface(stream).on("line", (line) => {
      said.push(line);
      // mmdebstrap's own steps. Warnings of package scripts are of interest only when the build fails.
      if (line.startsWith("I: ") && !line.includes("running --")) progress(`  ${line.slice(3)}`);
    });
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    builder.once("error", reject);
    builder.once("close", resolve);
  });
  if (code === 0) return;
  throw new Error(
    [
      `The guests' disk was not built: exit code ${code}`,
      `  $ flock ${args.join(" ")}`,
      ...said.slice(-20).map((line) => `  ${line}`),
      "A plain user needs lines in /etc/subuid and /etc/subgid and the package uidmap; the packages come from Debian's archive.",
    ].join("\n"),
  );
}
