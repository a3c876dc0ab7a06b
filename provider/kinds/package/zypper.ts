import type { PackageManager } from "./manager";
import { retryWhileLocked } from "./retry-locked";
import { removeByRpm } from "./rpm";

/** SUSE. */
export const zypper: PackageManager = {
  name: "zypper",
  version: ({ rpm }) => rpm,
  install: (name, lockTimeout) => retryWhileLocked(INSTALL, '*"System management is locked"*', name, lockTimeout),
  remove: removeByRpm,
};

// 100 to 103 and 106 are no failures: updates exist, a reboot or a restart is advised, a repository was skipped.
const INSTALL = `work() {
  zypper --non-interactive install --name --no-recommends -- "$1"
  rc=$?
  case $rc in 100 | 101 | 102 | 103 | 106) return 0 ;; esac
  return $rc
}`;
