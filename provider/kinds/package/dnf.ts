import type { PackageManager } from "./manager";
import { patiently } from "./retry-locked";
import { LOCKED, removeByRpm } from "./rpm";

/** Fedora, and Red Hat systems from 8 on. */
export const dnf: PackageManager = rpmManager("dnf", "--setopt=install_weak_deps=False");

/** Red Hat systems up to 7. Answers 0 for a name that it does not know, so nothing but the database is believed. */
export const yum: PackageManager = rpmManager("yum", "");

/** Asked not to wait for a lock: it would wait for ever. */
function rpmManager(tool: "dnf" | "yum", option: string): PackageManager {
  const install = `work() { ${tool} -y --setopt=exit_on_lock=1 ${option} install "$1"; }`;
  return {
    name: tool,
    version: ({ rpm }) => rpm,
    install: (name, lockTimeout) => patiently(install, LOCKED, name, lockTimeout),
    remove: removeByRpm,
  };
}
