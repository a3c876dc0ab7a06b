import { existsSync } from "node:fs";
import { join } from "node:path";

/** Where Debian's package for each program is not called as the program. */
const packageOf = {
  cc: "gcc libc6-dev",
  flock: "util-linux",
  ip: "iproute2",
  "linux.uml": "user-mode-linux",
  mke2fs: "e2fsprogs",
  mmdebstrap: "mmdebstrap",
  mount: "mount",
  taskset: "util-linux",
  unshare: "util-linux",
} as const;

/** Administrators' programs are not on every user's path. */
export const searchPath = (): string => `${process.env["PATH"] ?? ""}:/usr/sbin:/sbin`;

/** Stop early, with all that is missing at once. */
export function requirePrograms(...programs: readonly (keyof typeof packageOf)[]): void {
  const folders = searchPath().split(":");
  const missing = programs.filter((program) => !folders.some((folder) => existsSync(join(folder, program))));
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map((program) => packageOf[program]))].join(" ");
  throw new Error(
    `The lab needs ${missing.join(", ")}. On Debian and Ubuntu:\n  apt-get install --no-install-recommends ${packages}`,
  );
}
