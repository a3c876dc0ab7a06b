import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { UserError } from "../../errors";
import { codeOf, reasonOf } from "./dial-error";
import { expandHome } from "./local-files";
import { shownPath } from "./shown";

/** The file that lists hosts, as it is now. */
export interface HostsFile {
  /** Absolute. */
  readonly path: string;
  readonly text: string;
  /** What names it. */
  readonly by: "lvs:hostsFile" | "LVS_HOSTS_FILE";
}

/** More is no list of hosts. */
const LARGEST_MIB = 4;

const PROJECT_FILES = ["Pulumi.yaml", "Pulumi.yml", "Pulumi.json"];

/**
 * Reads the file that the environment names, or else the configuration. A refresh and a destroy have the configuration of the last up, so
 * that a path in it is old, and what is in the file is not.
 */
export function readHostsFile(configured: string | undefined, { env, cwd } = processNow()): HostsFile | undefined {
  const given = env["LVS_HOSTS_FILE"] ?? "";
  const by = given === "" ? "lvs:hostsFile" : "LVS_HOSTS_FILE";
  const path = given === "" ? configured : given;
  if (path === undefined) return undefined;
  const whole = resolve(projectFolder(cwd), expandHome(path));
  const fail = (why: string) => new UserError(`${by}: cannot read ${shownPath(whole)}: ${why}`);
  try {
    // A FIFO would keep us waiting for whoever writes to it.
    const found = statSync(whole);
    if (!found.isFile()) throw fail("it is not a file");
    if (found.size > LARGEST_MIB * 2 ** 20) throw fail(`it has more than ${LARGEST_MIB} MiB`);
    return { path: whole, text: utf8(readFileSync(whole)), by };
  } catch (error) {
    if (error instanceof UserError) throw error;
    if (codeOf(error) === "ERR_ENCODING_INVALID_ENCODED_DATA") throw fail("it is not text in UTF-8");
    const from = path === whole ? "" : "; a relative path starts at the folder of Pulumi.yaml";
    throw fail(`${reasonOf(error)}${from}`);
  }
}

/** Other bytes would become other names. Some shells of Windows write UTF-16. */
function utf8(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
}

/** Pulumi starts a provider in the folder of the program, which `main` may have put below that of the project. */
export function projectFolder(cwd: string): string {
  for (let folder = cwd; ; folder = dirname(folder)) {
    if (PROJECT_FILES.some((name) => existsSync(join(folder, name)))) return folder;
    if (folder === dirname(folder)) return cwd;
  }
}

/** Whether each `up` of the project refreshes first, without a word on the command line. */
export function refreshesAlways(cwd = process.cwd()): boolean {
  const paths = PROJECT_FILES.map((name) => join(projectFolder(cwd), name)).filter((path) => existsSync(path));
  return paths.some((path) => /\brefresh["']?\s*:\s*["']?always\b/.test(readFileSync(path, "utf8")));
}

function processNow(): { readonly env: Readonly<NodeJS.ProcessEnv>; readonly cwd: string } {
  return { env: process.env, cwd: process.cwd() };
}
