import { findProgram, run } from "./command.mjs";
import { missingPackages } from "./machine-packages.mjs";
import { lastLines, StepFailed, step } from "./step.mjs";
import { missingSubordinateIds } from "./subordinate-ids.mjs";

/** @typedef {import("./machine-packages.mjs").Part} Part */

/**
 * All that these parts need of this machine, checked at once and before anything slow. As root what is missing is installed; a
 * plain user gets the one command that does it.
 * @param {readonly Part[]} parts
 */
export async function prepareMachine(parts) {
  const packages = missingPackages(parts);
  const ids = parts.includes("lab") ? missingSubordinateIds() : [];
  if (process.getuid?.() !== 0 && packages.length + ids.length > 0) throw new StepFailed(advice(packages, ids));
  await step({ name: "machine", done: () => packages.length === 0, work: () => install(parts, packages) });
  if (parts.includes("lab")) await checkNamespaces();
}

const UPDATE = ["update"];
const INSTALL = ["install", "--yes", "--no-install-recommends"];

/**
 * @param {readonly string[]} packages
 * @param {readonly string[]} ids the command that gives the user subordinate ids
 */
function advice(packages, ids) {
  const missing = [...packages, ...(ids.length > 0 ? [`subordinate ids of ${ids.at(-1)}`] : [])];
  const apt = [UPDATE, [...INSTALL, ...packages]].map((args) => ["apt-get", ...args]);
  const commands = [...(packages.length > 0 ? apt : []), ...(ids.length > 0 ? [ids] : [])];
  const line = commands.map((command) => command.join(" ")).join(" && ");
  return `machine: missing: ${missing.join(", ")}. As root, run:\n  ${line}`;
}

/**
 * @param {readonly Part[]} parts
 * @param {readonly string[]} packages
 */
async function install(parts, packages) {
  if (findProgram("apt-get") === undefined)
    throw new StepFailed(`missing: ${packages.join(", ")} (Debian's names), and no apt-get to install them`);
  await aptGet(...UPDATE);
  await aptGet(...INSTALL, ...packages);
  const still = missingPackages(parts);
  if (still.length > 0) throw new StepFailed(`still missing after apt-get: ${still.join(", ")}`);
  return packages.join(" ");
}

/** @param {string[]} args */
async function aptGet(...args) {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const { code, output } = await run(["apt-get", "-qq", ...args], { env });
  if (code !== 0) throw new StepFailed(`apt-get ${args.join(" ")}\n${lastLines(output)}`);
}

/** Containers and some distributions refuse what every lab begins with. */
async function checkNamespaces() {
  const own = ["--user", "--map-root-user", "--net", "--pid", "--mount", "--fork", "--mount-proc"];
  const command = ["unshare", ...own, "mount", "-t", "tmpfs", "lab", "/dev/shm"];
  const { code, output } = await run(command);
  if (code === 0) return;
  throw new StepFailed(
    [
      "machine: this machine refuses the namespaces that a lab lives in",
      `  $ ${command.join(" ")}`,
      `  ${lastLines(output)}`,
      "Where these sysctls exist they must be: user.max_user_namespaces above 0, kernel.unprivileged_userns_clone = 1,",
      "kernel.apparmor_restrict_unprivileged_userns = 0. A container must allow user namespaces; a plain chroot never does.",
    ].join("\n"),
  );
}
