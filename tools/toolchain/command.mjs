import { spawn } from "node:child_process";
import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** @typedef {{ readonly code: number, readonly output: string }} Finished */

/**
 * Runs a program quietly and collects what it prints, in the order in which it does: through one pipe. Two would be read in any order
 * on a busy machine. A program that is not there is exit code 127, as in a shell.
 * @param {readonly string[]} command
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, timeout?: number }} [options] timeout in milliseconds
 * @returns {Promise<Finished>}
 */
export function run(command, options = {}) {
  return new Promise((resolve) => {
    const inOnePipe = ["-c", 'exec "$@" 2>&1', "sh", ...command];
    const child = spawn("/bin/sh", inOnePipe, { ...options, stdio: ["ignore", "pipe", "ignore"] });
    let output = "";
    child.stdout.on("data", (/** @type {Buffer} */ chunk) => {
      output += chunk.toString();
    });
    child.on("error", (error) => resolve({ code: 127, output: error.message }));
    child.on("close", (code) => resolve({ code: code ?? 1, output }));
  });
}

/**
 * Runs a program that talks to the person at the terminal.
 * @param {readonly string[]} command
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<number>} its exit code
 */
export function show([program = "", ...args], options = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { ...options, stdio: "inherit" });
    child.on("error", (error) => {
      console.error(`${program}: ${error.message}`);
      resolve(127);
    });
    child.on("close", (code) => resolve(code ?? 1));
  });
}

/**
 * The full path of a program. Administrators' programs are looked for too: a plain user often lacks their folder in PATH.
 * @param {string} program
 * @returns {string | undefined}
 */
export function findProgram(program) {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/local/sbin", "/usr/sbin", "/sbin"];
  return folders.map((folder) => join(folder, program)).find(isExecutable);
}

/** @param {string} path */
export function isExecutable(path) {
  if (!existsSync(path)) return false;
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
