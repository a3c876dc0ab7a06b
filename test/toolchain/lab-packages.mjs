import { findProgram, run } from "./command.mjs";
import { lastLines, StepFailed, step } from "./step.mjs";

/** Each Debian package that the lab needs, and the program of it that is used. */
const PROGRAM_OF = {
  "user-mode-linux": "linux.uml",
  mmdebstrap: "mmdebstrap",
  e2fsprogs: "mke2fs",
  iproute2: "ip",
  socat: "socat",
  "openssh-client": "ssh",
  uidmap: "newuidmap",
};

export async function installLabPackages() {
  const missing = missingPackages();
  await step({ name: "lab packages", done: () => missing.length === 0, work: () => install(missing) });
}

const missingPackages = () =>
  Object.entries(PROGRAM_OF)
    .filter(([, program]) => findProgram(program) === undefined)
    .map(([name]) => name);

/** @param {readonly string[]} missing */
async function install(missing) {
  const command = `apt-get install --yes ${missing.join(" ")}`;
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
