import { run } from "../command.mjs";
import { lastLines, StepFailed } from "../step.mjs";

/** Settings of apt that say how, not what, it downloads. */
const OF_NETWORK = /^Acquire::(?:https?|ftp|Check-|Retries|Force|Proxy)/;

/**
 * The lines of sources.list for a release, from where this machine has its own Debian packages.
 * @param {string} codename
 */
export async function aptSources(codename) {
  const format = "$(LABEL) $(REPO_URI)";
  const lines = (await output(["apt-get", "indextargets", "--format", format, "Created-By: Packages"])).split("\n");
  const mirror = (/** @type {string} */ label) => lines.find((line) => line.startsWith(`${label} `))?.split(" ")[1];
  const archive = mirror("Debian");
  if (archive === undefined) throw new StepFailed("this machine's apt knows no mirror of Debian: apt-get update first");
  const security = mirror("Debian-Security");
  return [
    `deb ${archive} ${codename} main`,
    ...(security === undefined ? [] : [`deb ${security} ${codename}-security main`]),
  ];
}

/** The machine's own settings, as lines of apt.conf. */
export async function aptSettings() {
  return (await output(["apt-config", "dump"])).split("\n").filter((line) => OF_NETWORK.test(line));
}

/** @param {readonly string[]} command */
async function output(command) {
  const { code, output: text } = await run(command);
  if (code !== 0) throw new StepFailed(`${command.join(" ")}\n${lastLines(text)}`);
  return text;
}
