import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { networkEnvironment } from "./machine-config.mjs";

/**
 * Runs a command in a tree, and shows what it prints.
 * @param {Place} place
 * @param {import("./tree.mjs").User} user
 * @param {readonly string[]} command
 * @typedef {object} Place
 * @property {string} tree
 * @property {string} folder in the tree, where the command runs
 * @property {string | undefined} cache a folder of this machine that is /cache in the tree
 * @returns {Promise<{ code: number, output: string }>}
 */
export function enter({ tree, folder, cache }, user, command) {
  const script = join(dirname(fileURLToPath(import.meta.url)), "enter.sh");
  const namespaces = ["--mount", "--propagation", "private", "--pid", "--fork", "--kill-child", "--uts", "--ipc"];
  const words = ["sh", script, tree, user.name, folder, ...command];
  const env = {
    ...networkEnvironment(),
    HOME: user.home,
    USER: user.name,
    LANG: "C.UTF-8",
    PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    ...(cache !== undefined && { BARE_CACHE: cache, PULUMI_LVS_CACHE: "/cache", npm_config_cache: "/cache/npm" }),
  };
  return new Promise((resolve, reject) => {
    const child = spawn("unshare", [...namespaces, ...words], { env, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const [from, to] of /** @type {const} */ ([
      [child.stdout, process.stdout],
      [child.stderr, process.stderr],
    ])) {
      from.on("data", (/** @type {Buffer} */ chunk) => {
        output += chunk.toString();
        to.write(chunk);
      });
    }
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? 1, output }));
  });
}
