import { existsSync, readFileSync } from "node:fs";
import { isAbsolute } from "node:path";
import { findProgram } from "./command.mjs";

/**
 * What a part of the work needs of the machine: programs (or files, by their full path), each with the Debian packages that have
 * it. True for Debian 12 and 13 with nothing on them but what is Essential, apt, Node and npm.
 * @typedef {Readonly<Record<string, readonly string[]>>} Needs
 */

/** @type {Needs} */
const NODE = { npm: ["npm"] };

/** @type {Needs} */
const UNIT = {
  flock: ["util-linux"],
  ip: ["iproute2"],
  ssh: ["openssh-client"],
  socat: ["socat"],
  "ssh-agent": ["openssh-client"],
  "ssh-keygen": ["openssh-client"],
  sysctl: ["procps"],
};

/** @type {Needs} */
const LAB = {
  flock: ["util-linux"],
  ip: ["iproute2"],
  "linux.uml": ["user-mode-linux"],
  mke2fs: ["e2fsprogs"],
  mmdebstrap: ["mmdebstrap"],
  mount: ["mount"],
  newuidmap: ["uidmap"],
  ssh: ["openssh-client"],
  strip: ["binutils"],
  taskset: ["util-linux"],
  umount: ["mount"],
  unshare: ["util-linux"],
  usermod: ["passwd"],
  // The archive's packages are signed; a Debian has the keys, an Ubuntu has not.
  "/usr/share/keyrings/debian-archive-keyring.gpg": ["debian-archive-keyring"],
};

/** For processors whose registers are too wide for the guests' kernel, the lab compiles what hides them. @type {Needs} */
const COMPILER = { cc: ["gcc", "libc6-dev"] };

/** Any release of Go will do: it gets the one that the build needs itself. @type {Needs} */
const GO = { go: ["golang-go"], "/etc/ssl/certs/ca-certificates.crt": ["ca-certificates"] };

/** @typedef {keyof typeof PARTS} Part */
const PARTS = {
  node: () => NODE,
  unit: () => UNIT,
  lab: () => (hasWideRegisters() ? { ...LAB, ...COMPILER } : LAB),
  go: () => GO,
};

/** @returns {boolean} whether this processor has AMX */
export const hasWideRegisters = () => /^flags\s*:.*\bamx_tile\b/m.test(readFileSync("/proc/cpuinfo", "utf8"));

/**
 * What a part needs, by program.
 * @param {Part} part
 * @returns {Needs}
 */
export const needsOf = (part) => PARTS[part]();

/**
 * The Debian packages that these parts need and this machine lacks, all of them, in the order of their names.
 * @param {readonly Part[]} parts
 * @returns {string[]}
 */
export function missingPackages(parts) {
  const missing = parts
    .flatMap((part) => Object.entries(needsOf(part)))
    .filter(([need]) => !isThere(need))
    .flatMap(([, packages]) => packages);
  return [...new Set(missing)].sort();
}

/** @param {string} need */
const isThere = (need) => (isAbsolute(need) ? existsSync(need) : findProgram(need) !== undefined);
