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
  if (!hasImage(disk)) await buildImages([disk], progress);
  return imagePath(disk);
}

/** Those of a release are built of one tree, two releases at a time: one unpacks while the other downloads. */
export async function buildImages(disks: readonly Disk[], progress: Progress): Promise<void> {
  requirePrograms();
  const queue = new Set(disks.filter((disk) => !hasImage(disk)).map(releaseOfDisk)).values();
  const builder = async () => {
    for (const release of queue) {
      const wanted = disks.filter((disk) => releaseOfDisk(disk) === release);
      progress(`building guests' disks, once: ${wanted.map(imagePath).join(", ")}`);
      await build(release, wanted, progress);
      progress(`built: ${wanted.join(", ")}`);
    }
  };
  await Promise.all([builder(), builder()]);
}

const recipe = import.meta.dirname;

/** What else than ifupdown brings addresses up. */
const MANAGERS = { packages: ["network-manager", "netplan.io"], script: "managers.sh" };

function releaseOfDisk(disk: Disk): Release {
  const [name = ""] = disk.split("-");
  if (!isRelease(name)) throw new Error(`No disk ${disk}`);
  return name;
}

const isManaged = (disk: Disk): boolean => disk.endsWith("-managers");

function imagePath(disk: Disk): string {
  const versions = kernels().map(({ version }) => version);
  return join(imagesFolder(), `${[disk, ...versions, recipeHash(disk)].join("-")}.ext4`);
}

/** What is not baked in (the scripts of a flavour's first boot) leaves the hash as it is. */
function recipeHash(disk: Disk): string {
  const hash = createHash("sha256");
  const { suite, packages, scripts }: ReleasePlan = releases[releaseOfDisk(disk)];
  const managers = isManaged(disk) ? MANAGERS : { packages: [], script: [] };
  hash.update([suite, ...packages, ...managers.packages].join(","));
  const own = ["build.sh", "spare.sh", "disks.sh", "customize.sh", "disk.sh", "lab-init", "disk-beat"];
  for (const file of [...own, ...scripts, managers.script].flat()) hash.update(readFileSync(join(recipe, file)));
  return hash.digest("hex").slice(0, 12);
}

/** Whoever waited for the lock finds the images built: the script looks again. */
async function build(release: Release, disks: readonly Disk[], progress: Progress): Promise<void> {
  const lock = join(imagesFolder(), `${release}.lock`);
  const { suite, packages, scripts }: ReleasePlan = releases[release];
  const path = (managed: boolean) => disks.filter((disk) => isManaged(disk) === managed).map(imagePath)[0] ?? "";
  const contents = [suite, packages.join(","), scripts.join(" "), MANAGERS.packages.join(" ")];
  const what = [path(false), path(true), ...contents, ...kernels().map((kernel) => kernel.modules)];
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
      `The guests' disks were not built: exit code ${code}`,
      `  $ flock ${args.map(quoted).join(" ")}`,
      ...said.slice(-20).map((line) => `  ${line}`),
      "A plain user needs lines in /etc/subuid and /etc/subgid and the package uidmap; the packages come from Debian's archive.",
    ].join("\n"),
  );
}

const quoted = (word: string): string => (/^[\w./,-]+$/.test(word) ? word : `'${word}'`);
