import { patiently } from "./retry-locked";

/** rpm itself: the managers above it would remove what depends on the package, too. */
export function removeByRpm(name: string, lockTimeout: number) {
  return patiently('work() { rpm -e -- "$1"; }', LOCKED, name, lockTimeout);
}

/** What the managers of rpm packages print when somebody else holds their lock: patterns of a shell's `case`. */
export const LOCKED = `*"holding the yum lock"* | *"exit_on_lock"* | *"Failed to obtain"*lock* | *"transaction lock"* | *"metadata already locked"*`;
