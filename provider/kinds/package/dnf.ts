import type { PackageManager } from "./manager";
import { retryWhileLocked } from "./retry-locked";
import { LOCKED, removeByRpm } from "./rpm";

/** Fedora, and Red Hat from 8 on. */
export const dnf: PackageManager = rpmManager("dnf", "--setopt=install_weak_deps=False");

/** Red Hat up to 7. It may exit with 0 for an unknown name, so only the database is trusted. */
export const yum: PackageManager = rpmManager("yum", "");

/** exit_on_lock: by default it waits for the lock for ever. */
function rpmManager(tool: "dnf" | "yum", option: string): PackageManager {
  const install = `work() { ${tool} -y --setopt=exit_on_lock=1 ${option} install "$1"; }`;
  return {
    name: tool,
    version: ({ rpm }) => rpm,
    install: (name, lockTimeout) => retryWhileLocked(install, LOCKED, name, lockTimeout),
    remove: removeByRpm,
  };
}
