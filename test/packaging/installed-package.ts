import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { npmBin, repository } from "../../tools/toolchain/paths.mjs";

const execute = promisify(execFile);

export interface Said {
  readonly stdout: string;
  readonly stderr: string;
}

/** The package as a user has it: packed by npm, unpacked below some program's node_modules, with nothing but what it asks for. */
export interface InstalledPackage {
  readonly folder: string;
  /** Every file of the package, relative to its folder. */
  readonly files: readonly string[];
  /** Runs a program beside node_modules, on the repository's Node. */
  run(program: string, options?: readonly string[], environment?: Readonly<Record<string, string>>): Promise<Said>;
  remove(): Promise<void>;
}

/** Installs the package of this repository, or one that was packed before. */
export async function installPackage(packed?: string): Promise<InstalledPackage> {
  const root = await mkdtemp(join(tmpdir(), "pulumi-lvs-package-"));
  const folder = join(root, "node_modules", "pulumi-lvs");
  await mkdir(folder, { recursive: true });
  const tarball = packed ?? (await pack(root));
  await execute("tar", ["--extract", "--file", tarball, "--strip-components=1", "--directory", folder]);
  await linkDependencies(root, folder);
  return {
    folder,
    files: await filesBelow(folder),
    run: (program, options = [], environment = {}) =>
      execute(join(npmBin, "node"), [...options, "--eval", program], {
        cwd: root,
        env: { ...process.env, ...environment },
      }),
    remove: () => rm(root, { recursive: true, force: true }),
  };
}

async function pack(root: string): Promise<string> {
  await execute("npm", ["pack", "--silent", "--pack-destination", root], { cwd: join(repository, "provider") });
  const tarball = (await readdir(root)).find((name) => name.endsWith(".tgz"));
  if (tarball === undefined) throw new Error("npm pack made no tarball");
  return join(root, tarball);
}

const manifest = z.object({
  dependencies: z.record(z.string(), z.string()),
  peerDependencies: z.record(z.string(), z.string()),
});

/** A dependency that package.json forgets is not found, as at a user's. */
async function linkDependencies(root: string, folder: string): Promise<void> {
  const asked = manifest.parse(JSON.parse(await readFile(join(folder, "package.json"), "utf8")));
  for (const name of Object.keys({ ...asked.dependencies, ...asked.peerDependencies })) {
    const place = join(root, "node_modules", name);
    await mkdir(dirname(place), { recursive: true });
    await symlink(join(homeOf(name), "node_modules", name), place);
  }
}

/** Pulumi's SDK may be one of another version: see tools/toolchain/sdk.mjs. */
function homeOf(name: string): string {
  return (name === "@pulumi/pulumi" ? process.env["PULUMI_LVS_SDK"] : undefined) ?? repository;
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}
