import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { run } from "./command.mjs";
import { CLI, PROGRAMS } from "./pulumi-bin.mjs";

/**
 * The npm package `pulumi` is a downloader of the CLI of its own version. Where its site cannot be reached it says so within
 * seconds.
 * @param {string} bin
 * @returns {Promise<boolean>} whether it could be had
 */
export async function downloadPulumi(bin) {
  const home = await mkdtemp(`${bin}.home-`);
  try {
    const version = CLI.version.replace(/^v/, "");
    const command = ["npx", "--yes", `pulumi@${version}`, "version"];
    const env = { ...process.env, PULUMI_HOME: home, PULUMI_VERSION: version, PULUMI_SKIP_UPDATE_CHECK: "true" };
    const { code } = await run(command, { cwd: home, env, timeout: 180_000 });
    if (code !== 0) return false;
    const from = join(home, "versions", version, "bin");
    await Promise.all(PROGRAMS.map((name) => copyFile(join(from, name), join(bin, name))));
    return true;
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}
