import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { run } from "../command.mjs";
import { cacheDirectory, repository } from "../paths.mjs";
import { lastLines, StepFailed, step } from "../step.mjs";
import { aptSettings, aptSources } from "./archive.mjs";
import { copyNetworkConfig } from "./machine-config.mjs";

/** @type {Readonly<Record<string, string>>} */
export const RELEASES = { 12: "bookworm", 13: "trixie" };

/** @typedef {{ readonly release: string, readonly go: boolean }} Kind */
/** @typedef {{ readonly name: string, readonly home: string }} User */
/** @type {User} */
export const ROOT = { name: "root", home: "/root" };
/** @type {User} */
export const PLAIN = { name: "dana", home: "/home/dana" };

/** Without subordinate ids, as users of a directory service are. */
const ADD_USER = ["useradd", "--create-home", "--shell", "/bin/bash", "-K", "SUB_UID_COUNT=0", "-K", "SUB_GID_COUNT=0"];

/** Where a tree has the checkout, below the user's home. */
export const CHECKOUT = "pulumi-lvs";

/**
 * A new tree with a fresh clone of this checkout's last commit.
 * @param {Kind} kind
 * @param {User} user
 * @param {string | undefined} cache becomes the user's
 * @returns {Promise<string>}
 */
export async function makeTree(kind, user, cache) {
  const archive = await treeArchive(kind);
  const tree = await mkdtemp(join(folder(), "tree-"));
  await must(["tar", "-C", tree, "-xpf", archive]);
  await must(["chmod", "755", tree]);
  if (user !== ROOT) await must(["chroot", tree, ...ADD_USER, user.name]);
  await copyNetworkConfig(tree, user.home);
  await mkdir(join(tree, "cache"));
  // Root without its powers over others' files, as in a lab's namespaces, needs its own too.
  if (cache !== undefined) await must(["chown", "-R", "--reference", join(tree, user.home), cache]);
  await must(["git", "clone", "--quiet", "--no-hardlinks", repository, join(tree, user.home, CHECKOUT)]);
  await must(["chroot", tree, "chown", "-R", `${user.name}:${user.name}`, user.home]);
  return tree;
}

const folder = () => join(cacheDirectory(), "bare");

/**
 * Debian's Essential packages, apt, Node and npm, as they are on the day when it is made. Removed, it is made anew.
 * @param {Kind} kind
 */
async function treeArchive({ release, go }) {
  const path = join(folder(), `debian-${release}${go ? "-go" : ""}.tar`);
  await step({ name: path, done: () => existsSync(path), work: () => makeArchive(path, release, go) });
  return path;
}

/**
 * @param {string} path
 * @param {string} release
 * @param {boolean} go
 */
async function makeArchive(path, release, go) {
  const codename = RELEASES[release] ?? release;
  await mkdir(folder(), { recursive: true });
  const settings = (await aptSettings()).map((line) => `--aptopt=${line}`);
  // passwd: it makes plain users.
  const include = ["nodejs", "npm", "passwd", ...(go ? ["golang-go"] : [])].join(",");
  const unfinished = join(folder(), `.${process.pid}.tar`);
  try {
    const tree = ["mmdebstrap", "--variant=apt", `--include=${include}`, ...settings, codename, unfinished];
    await must([...tree, ...(await aptSources(codename))]);
    await rename(unfinished, path);
  } finally {
    await rm(unfinished, { force: true });
  }
}

/** @param {readonly string[]} command */
async function must(command) {
  const { code, output } = await run(command);
  if (code !== 0) throw new StepFailed(`${command.join(" ")}\n${lastLines(output)}`);
}
