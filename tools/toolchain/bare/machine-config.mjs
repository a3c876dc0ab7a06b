import { existsSync, readFileSync, statSync } from "node:fs";
import { cp, mkdir, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, isAbsolute, join } from "node:path";
import { findProgram, run } from "../command.mjs";

/** What says how this machine reaches its registries, whatever they are: proxies, mirrors, certificates. */
const OF_NETWORK = /proxy|registry|cert|_ca_|ca_bundle|cafile|cainfo|ssl|goprivate|gosumdb|gonosum|auth/i;

/** Where certificates of the machine's own are, that no package brings. */
const OWN_CERTIFICATES = "/usr/local/share/ca-certificates";

/** @returns {Record<string, string>} the variables of this process that a process in the tree needs too */
export function networkEnvironment() {
  // npm adds what it read from its own files.
  const ours = Object.entries(process.env).filter(([name]) => OF_NETWORK.test(name) && !name.startsWith("npm_"));
  return Object.fromEntries(ours.map(([name, value]) => [name, value ?? ""]));
}

/**
 * Gives the tree what this machine knows of the network: name servers, npm's and Go's settings, certificates.
 * @param {string} tree
 * @param {string} home of the user in the tree
 */
export async function copyNetworkConfig(tree, home) {
  const npmrc = networkLines(await npmFiles());
  await put(join(tree, home, ".npmrc"), npmrc);
  await put(join(tree, home, ".config", "go", "env"), networkLines(await goFile()));
  const values = [...Object.values(networkEnvironment()), ...npmrc.map((line) => line.replace(/^[^=]*=/, "").trim())];
  const named = values.filter((value) => isAbsolute(value) && existsSync(value) && statSync(value).isFile());
  for (const path of new Set([...named, "/etc/resolv.conf", "/etc/hosts", OWN_CERTIFICATES])) {
    if (existsSync(path)) await cp(path, join(tree, path), { recursive: true, dereference: true });
  }
}

async function npmFiles() {
  const files = [];
  for (const name of ["globalconfig", "userconfig"])
    files.push((await run(["npm", "config", "get", name], { cwd: "/" })).output.trim());
  return files;
}

async function goFile() {
  const go = findProgram("go");
  if (go === undefined) return [join(homedir(), ".config", "go", "env")];
  return [(await run([go, "env", "GOENV"], { cwd: "/" })).output.trim()];
}

/** @param {readonly string[]} files */
const networkLines = (files) =>
  files
    .filter((path) => existsSync(path))
    .flatMap((path) => readFileSync(path, "utf8").split("\n"))
    .filter((line) => OF_NETWORK.test(line));

/**
 * @param {string} path
 * @param {readonly string[]} lines
 */
async function put(path, lines) {
  if (lines.length === 0) return;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, lines.map((line) => `${line}\n`).join(""), { mode: 0o600 });
}
