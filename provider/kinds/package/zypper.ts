import type { PackageManager } from "./manager";
import { patiently } from "./retry-locked";
import { removeByRpm } from "./rpm";

/** SUSE. */
export const zypper: PackageManager = {
  name: "zypper",
  version: ({ rpm }) => rpm,
  install: (name, lockTimeout) => patiently(INSTALL, '*"System management is locked"*', name, lockTimeout),
  remove: removeByRpm,
};

// 100 to 103 and 106 are news (a reboot or a restart is advised, a repository was skipped), not failures.
const INSTALL = `work() {
  zypper --non-interactive install --name --no-recommends -- "$1"
  rc=$?
  case $rc in 100 | 101 | 102 | 103 | 106) return 0 ;; esac
  return $rc
}`;
