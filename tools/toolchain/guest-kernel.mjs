import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { findProgram, run } from "./command.mjs";
import { cacheDirectory } from "./paths.mjs";
import { lastLines, StepFailed, step } from "./step.mjs";

/** Since 6.16 user-mode Linux has seccomp: a guest does the same work in half the processor time. */
const QUICK = { major: 6, minor: 16 };

/** The first release of Debian that has it. */
const SUITE = "forky";

/** In its folder. */
const PROGRAM = ["env", "LD_LIBRARY_PATH=.", "./linux.uml"];

/** A boot without a system takes a second. */
const TRY_MS = 60_000;

/** Where it is kept: `linux.uml`, its modules below `modules`, and the C library that it was linked with. */
export const guestKernelFolder = () => join(cacheDirectory(), `guest-kernel-${SUITE}`);

/** Whether guests are to boot it: PULUMI_LVS_KERNEL=machine has them all on the machine's own. */
export const wantsNewerKernel = () => process.env["PULUMI_LVS_KERNEL"] !== "machine";

/**
 * Fetches user-mode Linux from a later Debian where this machine's is older: packages are unpacked into our cache, none is installed. The
 * lab does without where it is not to be had, on the machine's own.
 */
export async function fetchGuestKernel() {
  await step({
    name: "guests' kernel",
    done: async () => !wantsNewerKernel() || existsSync(guestKernelFolder()) || (await isQuick(["linux.uml"])),
    work: async () => {
      await mkdir(cacheDirectory(), { recursive: true });
      const folder = await mkdtemp(join(cacheDirectory(), "guest-kernel-"));
      try {
        return await fetchInto(folder);
      } catch (error) {
        if (!(error instanceof StepFailed)) throw error;
        return `this machine's own, which is slower: ${error.message}`;
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  });
}

/**
 * @param {readonly string[]} program
 * @param {string} [cwd]
 */
async function isQuick(program, cwd) {
  const { code, output } = await run([...program, "--version"], options(cwd));
  const [major = 0, minor = 0] = output.trim().split(".").map(Number);
  return code === 0 && (major > QUICK.major || (major === QUICK.major && minor >= QUICK.minor));
}

/** @param {string} folder */
async function fetchInto(folder) {
  for (const name of ["packages", "lists/partial", "cache/archives/partial", "tree", "kernel"])
    await mkdir(join(folder, name), { recursive: true });
  await download(folder, ["user-mode-linux", "libc6"]);
  for (const name of await readdir(join(folder, "packages")))
    await must(["dpkg-deb", "--extract", join(folder, "packages", name), join(folder, "tree")]);
  const kernel = join(folder, "kernel");
  await arrange(join(folder, "tree"), kernel);
  if (!(await isQuick(PROGRAM, kernel))) throw new StepFailed("it does not run here");
  await tryOut(kernel);
  await rename(kernel, guestKernelFolder()).catch((/** @type {unknown} */ error) => {
    // Somebody else was quicker.
    if (!existsSync(guestKernelFolder())) throw error;
  });
  return `of Debian ${SUITE}`;
}

/**
 * Boots it on this machine's own files, which it only reads, with a program in place of an init that ends at once: the kernel panics when it
 * does, and says with which code.
 * @param {string} folder
 */
async function tryOut(folder) {
  const uml = await mkdtemp(join(folder, "try-"));
  const files = ["rootfstype=hostfs", "ro", "init=/bin/true", `uml_dir=${uml}/`, "umid=try"];
  const words = ["mem=64M", "noreboot", "seccomp=auto", "con0=null,fd:1", "con=null", "ssl=null", "lsm=", ...files];
  const { output } = await run([...PROGRAM, ...words], { ...options(folder), timeout: TRY_MS });
  await rm(uml, { recursive: true, force: true });
  if (!output.includes("Attempted to kill init! exitcode=0x00000000"))
    throw new StepFailed(`no program runs on it here: ${lastLines(output, 3)}`);
}

/**
 * With lists and sources of our own, so that the machine's stay as they are, from the archive that the machine uses.
 * @param {string} folder
 * @param {readonly string[]} packages
 */
async function download(folder, packages) {
  if (findProgram("apt-get") === undefined) throw new StepFailed("no apt-get to fetch it");
  const sources = join(folder, "sources.list");
  const keys = "/usr/share/keyrings/debian-archive-keyring.gpg";
  await writeFile(sources, `deb [signed-by=${keys}] ${await archive()} ${SUITE} main\n`);
  const settings = {
    "Dir::Etc::SourceList": sources,
    "Dir::Etc::SourceParts": "/dev/null",
    "Dir::State::Lists": join(folder, "lists"),
    "Dir::Cache": join(folder, "cache"),
    "Acquire::Languages": "none",
    "APT::Sandbox::User": "",
  };
  const quietly = ["-qq", ...Object.entries(settings).flatMap(([name, value]) => ["-o", `${name}=${value}`])];
  await must(["apt-get", ...quietly, "update"]);
  await must(["apt-get", ...quietly, "download", ...packages], join(folder, "packages"));
}

/** Where this machine has Debian's own packages from. */
async function archive() {
  const format = "$(ORIGIN) $(COMPONENT) $(CODENAME) $(SITE)";
  const lines = (await must(["apt-get", "indextargets", "--format", format, "Created-By: Packages"])).split("\n");
  // bookworm, and neither bookworm-updates nor bookworm-security.
  const site = lines.map((line) => /^Debian main [a-z]+ (\S+)$/.exec(line)?.[1]).find((found) => found !== undefined);
  if (site === undefined) throw new StepFailed("this machine has no packages from Debian's archive");
  return site;
}

/**
 * The program asks for its loader, and that for the C library, in the folder in which it is started.
 * @param {string} tree
 * @param {string} kernel
 */
async function arrange(tree, kernel) {
  const libraries = join(tree, "usr", "lib", "x86_64-linux-gnu");
  for (const name of ["libc.so.6", "ld-linux-x86-64.so.2"])
    await cp(join(libraries, name), join(kernel, name), { dereference: true });
  await cp(join(tree, "usr", "lib", "uml", "modules"), join(kernel, "modules"), { recursive: true });
  const program = await readFile(join(tree, "usr", "bin", "linux.uml"));
  const usual = "/lib64/ld-linux-x86-64.so.2\0";
  const at = program.indexOf(usual);
  if (at === -1) throw new StepFailed("its loader is an unknown one");
  program.write("./ld-linux-x86-64.so.2\0".padEnd(usual.length, "\0"), at, "latin1");
  await writeFile(join(kernel, "linux.uml"), program, { mode: 0o755 });
}

/**
 * @param {readonly string[]} command
 * @param {string} [cwd]
 */
async function must(command, cwd) {
  const { code, output } = await run(command, options(cwd));
  if (code !== 0) throw new StepFailed(`${command.join(" ")}: ${lastLines(output, 3)}`);
  return output;
}

/** @param {string | undefined} cwd */
const options = (cwd) => ({ env: process.env, ...(cwd !== undefined && { cwd }) });
