import { missingPackages } from "../../toolchain/machine-packages.mjs";

/** Administrators' programs are not on every user's path. */
export const searchPath = (): string => `${process.env["PATH"] ?? ""}:/usr/sbin:/sbin`;

/** Stop early, with all that is missing at once. */
export function requirePrograms(): void {
  const missing = missingPackages(["lab"]);
  if (missing.length === 0) return;
  throw new Error(
    `The lab needs Debian packages that are not on this machine. As root, run:\n  apt-get update && apt-get install --yes --no-install-recommends ${missing.join(" ")}`,
  );
}
