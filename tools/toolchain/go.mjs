import { readFileSync } from "node:fs";
import { chmod, copyFile, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { findProgram, isExecutable, run } from "./command.mjs";
import { cacheDirectory, repository } from "./paths.mjs";
import { lastLines, StepFailed } from "./step.mjs";

const sources = join(repository, "tools", "toolchain", "go-toolchain");

/** Where Go is unpacked by those who take it from its own site. */
const USUAL_PLACE = "/usr/local/go/bin/go";

/** @returns {string | undefined} the machine's Go, of whatever release */
export const findGo = () => findProgram("go") ?? (isExecutable(USUAL_PLACE) ? USUAL_PLACE : undefined);

/**
 * A Go that can build modules of release `oldest`, and what its environment must say. An older one gets a newer toolchain from
 * the module proxy, as a module: since 1.21 by itself, in earlier ones with what is done here.
 * @param {string} machines the machine's Go
 * @param {string} oldest "1.26"
 * @returns {Promise<{ go: string, env: NodeJS.ProcessEnv }>}
 */
export async function goOfRelease(machines, oldest) {
  const has = await releaseOf(machines);
  if (!isBefore(has, oldest)) return { go: machines, env: {} };
  if (!isBefore(has, "1.21")) return { go: machines, env: { GOTOOLCHAIN: pinned().release } };
  return { go: await downloadToolchain(machines), env: { GOTOOLCHAIN: "local" } };
}

/** @param {string} go */
async function releaseOf(go) {
  // Not that of a newer toolchain which it would get for the folder it runs in.
  const { code, output } = await run([go, "version"], { cwd: "/", env: { ...process.env, GOTOOLCHAIN: "local" } });
  const release = /\bgo(\d+\.\d+)/.exec(output)?.[1];
  if (code !== 0 || release === undefined) throw new StepFailed(`${go} version\n${lastLines(output)}`);
  return release;
}

/**
 * @param {string} release
 * @param {string} other
 */
export function isBefore(release, other) {
  const minor = (/** @type {string} */ of) => Number(of.split(".")[1]);
  return minor(release) < minor(other);
}

/** go.mod is the one place where the version is written; go.sum has its hash. */
function pinned() {
  const line = /^require (?<module>golang\.org\/toolchain) (?<version>\S+-(?<release>go[\d.]+)\.\S+)$/m;
  const { module, version, release } = line.exec(readFileSync(join(sources, "go.mod"), "utf8"))?.groups ?? {};
  if (module === undefined || version === undefined || release === undefined)
    throw new Error(`${sources}/go.mod does not require a toolchain`);
  return { module, version, release };
}

/**
 * The go command downloads the module and checks it. What modules cannot have is mended here, as Go 1.21 does it: permission to
 * execute, and the files called go.mod.
 * @param {string} go
 * @returns {Promise<string>} the new go command
 */
async function downloadToolchain(go) {
  const { module, version, release } = pinned();
  const place = join(cacheDirectory(), `${release}-${process.platform}-${process.arch}`);
  const command = join(place, "bin", "go");
  if (isExecutable(command)) return command;
  console.log(`Go: the machine's is too old, downloading ${release} from the module proxy`);
  const unfinished = await mkdtemp(`${place}.`);
  try {
    const download = [go, "mod", "download", "-modcacherw", module];
    const env = { ...process.env, GOMODCACHE: unfinished, GOFLAGS: "-mod=readonly" };
    const { code, output } = await run(download, { cwd: sources, env });
    if (code !== 0) throw new StepFailed(`${download.join(" ")}\n${lastLines(output)}`);
    const toolchain = join(unfinished, `${module}@${version}`);
    await mend(toolchain);
    await rename(toolchain, place).catch((/** @type {unknown} */ error) => {
      // Somebody else was faster, and has made the same thing.
      if (!isExecutable(command)) throw error;
    });
    return command;
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

/** @param {string} toolchain */
async function mend(toolchain) {
  for (const entry of await readdir(toolchain, { recursive: true })) {
    const path = join(toolchain, entry);
    if (basename(path) === "_go.mod") await copyFile(path, join(dirname(path), "go.mod"));
    if (entry.startsWith("bin/") || entry.startsWith("pkg/tool/")) await chmod(path, 0o755);
  }
}
