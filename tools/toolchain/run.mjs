/**
 * Makes this machine ready for what is asked, and does it. Runs on the machine's own Node, before anything is installed.
 *
 *   node tools/toolchain/run.mjs ready                    everything that tests and demo need
 *   node tools/toolchain/run.mjs test [SUITE...] [-- JEST OPTIONS]
 *   node tools/toolchain/run.mjs soak RELEASE... [WORD OF A TEST FILE...] | FAULT [AMOUNT] [--seed N] [--anew]
 *   node tools/toolchain/run.mjs bench [REPETITIONS | hosts COUNT | failover]
 *   node tools/toolchain/run.mjs demo | check | build | package-files
 */
import "./begin.mjs";
import { join } from "node:path";
import { checkEverything } from "./check.mjs";
import { show } from "./command.mjs";
import { compileProvider } from "./compile.mjs";
import { fetchGuestKernel } from "./guest-kernel.mjs";
import { listTests } from "./jest.mjs";
import { buildLabDisks } from "./lab-disks.mjs";
import { prepareMachine } from "./machine.mjs";
import { copyPackageFiles } from "./package-files.mjs";
import { installPackages } from "./packages.mjs";
import { npmBin, repository } from "./paths.mjs";
import { installPulumi, lacksGo } from "./pulumi-install.mjs";
import { orderOf } from "./soak/faults.mjs";
import { SOAK_HELP } from "./soak/help.mjs";
import { isRelease } from "./soak/releases.mjs";
import { soakFault } from "./soak/reliability.mjs";
import { filesOf, soak } from "./soak/soak.mjs";
import { StepFailed } from "./step.mjs";
import { runSuites, SUITES } from "./suites.mjs";

/** @type {Record<string, (args: readonly string[]) => Promise<boolean>>} */
const WORK = { ready, test, soak: soakAll, demo, bench, check, build, "package-files": packageFiles };

async function ready() {
  await prepareMachineFor(SUITES);
  const built = build();
  await Promise.all([built, fetchGuestKernel(), installPulumi(built)]);
  return true;
}

/**
 * First, before anything slow.
 * @param {readonly import("./suites.mjs").Suite[]} suites
 */
async function prepareMachineFor(suites) {
  /** @type {import("./machine-packages.mjs").Part[]} */
  const parts = ["node", "unit"];
  if (suites.some((suite) => suite !== "unit")) parts.push("lab");
  if (suites.includes("e2e") && (await lacksGo())) parts.push("go");
  await prepareMachine(parts);
}

/** @param {readonly string[]} args */
async function test(args) {
  const named = SUITES.filter((suite) => args.includes(suite));
  const suites = named.length > 0 ? named : SUITES;
  await prepareMachineFor(suites);
  const options = args.filter((word) => word !== "--" && !SUITES.some((suite) => suite === word));
  const built = build();
  const preparations = prepare(suites, options, built);
  await built;
  return runSuites(suites, options, preparations);
}

/**
 * What takes minutes on a fresh machine, and no suite before the one that needs it: it is made while they run, and begins while npm
 * installs, which leaves processors idle.
 * @param {readonly import("./suites.mjs").Suite[]} suites
 * @param {readonly string[]} options for jest
 * @param {Promise<unknown>} built npm's packages, and our own
 * @returns {import("./suites.mjs").Preparations}
 */
function prepare(suites, options, built) {
  const outcome = (/** @type {Promise<void>} */ work) =>
    work.then(
      () => undefined,
      (/** @type {unknown} */ error) => (error instanceof Error ? error : new Error(String(error))),
    );
  const onHosts = suites.filter((suite) => suite !== "unit");
  if (onHosts.length === 0) return {};
  const files = built.then(() => listTests(onHosts, options));
  const disks = Promise.all([files, fetchGuestKernel()]).then(([all]) => buildLabDisks(all));
  // Its modules come over the network, and its compiler steps back for all others.
  const cli = suites.includes("e2e") ? outcome(installPulumi(built)) : undefined;
  return { lab: outcome(disks), ...(cli && { e2e: cli }) };
}

/**
 * One sort of fault; or the suites with hosts, on hosts of one release after the other.
 * @param {readonly string[]} words
 */
async function soakAll(words) {
  const order = orderOf(words);
  if (order !== undefined) {
    await ready();
    return soakFault(order);
  }
  const releases = words.filter(isRelease);
  const files = filesOf(words.filter((word) => !isRelease(word)));
  if (releases.length === 0 || files.length === 0) throw new StepFailed(SOAK_HELP);
  await ready();
  let passed = true;
  for (const release of releases) passed = (await soak(release, files)) && passed;
  return passed;
}

async function demo() {
  return onReadyMachine(join("tools", "demo", "demo.ts"));
}

/** @param {readonly string[]} args */
async function bench(args) {
  return onReadyMachine(join("bench", "bench.ts"), ...args);
}

/** @param {readonly string[]} words a program, with its arguments */
async function onReadyMachine(...words) {
  await ready();
  return (await show([join(npmBin, "node"), ...words], { cwd: repository })) === 0;
}

async function check() {
  await installPackages();
  return checkEverything();
}

async function build() {
  await installPackages();
  await compileProvider();
  return true;
}

/** What npm runs before it packs the provider. */
async function packageFiles() {
  await build();
  await copyPackageFiles();
  return true;
}

const [name = "", ...args] = process.argv.slice(2);
const work = WORK[name];
if (work === undefined) {
  console.error(`unknown: "${name}". Known: ${Object.keys(WORK).join(", ")}`);
  process.exit(2);
}
try {
  process.exitCode = (await work(args)) ? 0 : 1;
} catch (error) {
  if (!(error instanceof StepFailed)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
