import { readFileSync } from "node:fs";
import { findProgram, run } from "./command.mjs";
import { lastLines, StepFailed, step } from "./step.mjs";

/** @typedef {{ readonly program: string, readonly packages: readonly string[] }} Need */

/** @type {readonly Need[]} */
const ALWAYS = [
  { program: "linux.uml", packages: ["user-mode-linux"] },
  { program: "mmdebstrap", packages: ["mmdebstrap"] },
  { program: "mke2fs", packages: ["e2fsprogs"] },
  { program: "ip", packages: ["iproute2"] },
  { program: "socat", packages: ["socat"] },
  { program: "ssh", packages: ["openssh-client"] },
  { program: "newuidmap", packages: ["uidmap"] },
];

/** For processors whose registers are too wide for the guests' kernel, the lab compiles what hides them. */
const COMPILER = { program: "cc", packages: ["gcc", "libc6-dev"] };

/** What the lab's hosts are made with. */
export async function installLabPackages() {
  const missing = missingPackages();
  await step({ name: "lab packages", done: () => missing.length === 0, work: () => install(missing) });
}

function missingPackages() {
  const needs = /\bamx_tile\b/.test(readFileSync("/proc/cpuinfo", "utf8")) ? [...ALWAYS, COMPILER] : ALWAYS;
  return needs.filter(({ program }) => findProgram(program) === undefined).flatMap(({ packages }) => packages);
}

/** @param {readonly string[]} missing */
async function install(missing) {
  const command = `apt-get install --yes --no-install-recommends ${missing.join(" ")}`;
  if (process.getuid?.() !== 0) throw new StepFailed(`missing: ${missing.join(", ")}. Install them: sudo ${command}`);
  if (findProgram("apt-get") === undefined) throw new StepFailed(`missing: ${missing.join(", ")}, and no apt-get`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  for (const args of [["update"], ["install", "--yes", "--no-install-recommends", ...missing]]) {
    const { code, output } = await run(["apt-get", "-qq", ...args], { env });
    if (code !== 0) throw new StepFailed(`apt-get ${args.join(" ")}\n${lastLines(output)}`);
  }
  const still = missingPackages();
  if (still.length > 0) throw new StepFailed(`still missing after apt-get: ${still.join(", ")}`);
  return missing.join(" ");
}
