import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { findProgram } from "../../tools/toolchain/command.mjs";
import { cacheDirectory } from "../../tools/toolchain/paths.mjs";

export interface Sshd {
  /** The program and its first words. */
  readonly command: readonly [string, ...string[]];
  /** Lines for its configuration. */
  readonly config: string;
}

/**
 * The sshd of this machine, or one that is unpacked below this folder: the bench needs the program, and no machine shall get a service that
 * listens. Its packages are fetched once.
 */
export function findSshd(folder: string): Sshd {
  const installed = findProgram("sshd");
  if (installed !== undefined) return { command: [installed], config: "" };
  const archives = join(cacheDirectory(), "sshd");
  if (debsIn(archives).length === 0) fetchInto(archives);
  const tree = join(folder, "tree");
  for (const deb of debsIn(archives)) execFileSync("dpkg-deb", ["--extract", join(archives, deb), tree]);
  const libraries = readdirSync(join(tree, "usr", "lib"))
    .filter((name) => name.endsWith("-linux-gnu"))
    .flatMap((name) => [join(tree, "usr", "lib", name), join(tree, "lib", name)]);
  const command = ["env", `LD_LIBRARY_PATH=${libraries.join(":")}`, join(tree, "usr", "sbin", "sshd")] as const;
  return { command, config: partsIn(join(tree, "usr", "lib", "openssh")) };
}

/** From 9.8 on it is several programs, which it looks for where they would be installed. */
function partsIn(folder: string): string {
  return Object.entries({ SshdSessionPath: "sshd-session", SshdAuthPath: "sshd-auth" })
    .map(([keyword, name]) => ({ keyword, path: join(folder, name) }))
    .filter(({ path }) => existsSync(path))
    .map(({ keyword, path }) => `${keyword} ${path}\n`)
    .join("");
}

/** With all that it needs and the machine lacks. */
function fetchInto(archives: string): void {
  mkdirSync(join(archives, "partial"), { recursive: true });
  for (const words of [
    ["update"],
    ["install", "--download-only", "--yes", "--no-install-recommends", "openssh-server"],
  ])
    execFileSync("apt-get", ["-qq", ...inOwnFolder(archives), ...words], { stdio: "inherit" });
}

/** apt's own user may not come into it. */
const inOwnFolder = (archives: string) => ["-o", `Dir::Cache::archives=${archives}`, "-o", "APT::Sandbox::User=root"];

function debsIn(archives: string): readonly string[] {
  mkdirSync(archives, { recursive: true });
  return readdirSync(archives).filter((name) => name.endsWith(".deb"));
}
