import { retryWhileLocked } from "./retry-locked";

/** Removes by rpm itself: yum, dnf and zypper would also remove what depends on the package. */
export function removeByRpm(name: string, lockTimeout: number) {
  return retryWhileLocked('work() { rpm -e -- "$1"; }', LOCKED, name, lockTimeout);
}

/** What yum and dnf print when another process holds their lock: patterns of a shell's `case`. */
export const LOCKED = `*"holding the yum lock"* | *"exit_on_lock"* | *"Failed to obtain"*lock* | *"transaction lock"* | *"metadata already locked"*`;
