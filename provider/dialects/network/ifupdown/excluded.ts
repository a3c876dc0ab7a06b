import { readAssignments } from "../../../facts/files/assignments";
import { wordsOf } from "../../../facts/files/blanks";
import { matchesPath } from "../../../facts/files/glob";
import type { NetworkConfig } from "../../../facts/network/managers";

/** The environment of `ifup -a` at boot. */
export const DEFAULTS = "/etc/default/networking";

/** Why `ifup -a` passes over a stanza of this name at boot; undefined if it does not. */
export function excludedProblem(name: string, { files }: NetworkConfig): string | undefined {
  const { values } = readAssignments(files.get(DEFAULTS) ?? []);
  const [all, some] = [values.get("CONFIGURE_INTERFACES"), values.get("EXCLUDE_INTERFACES")];
  if (all?.value === "no") {
    return `${DEFAULTS}, line ${all.line}, has CONFIGURE_INTERFACES=no, so nothing comes up at boot. Remove it, or set "boot: false"`;
  }
  // One that cannot be judged may be for it.
  const isExcluded = wordsOf(some?.value ?? "").some((pattern) => matchesPath(pattern, name) !== false);
  if (some === undefined || !isExcluded) return undefined;
  return `${DEFAULTS}, line ${some.line}, excludes ${name} at boot. Remove it there, choose another label, or set "boot: false"`;
}

/** ifupdown2 searches a name for regular expressions, and knows no CONFIGURE_INTERFACES. */
export function excludedByIfupdown2(device: string, { files }: NetworkConfig): string | undefined {
  const { values } = readAssignments(files.get(DEFAULTS) ?? []);
  const some = values.get("EXCLUDE_INTERFACES");
  if (some === undefined || !wordsOf(some.value ?? "").some((pattern) => mayContain(device, pattern))) return undefined;
  return `${DEFAULTS}, line ${some.line}, excludes ${device} at boot, or may: ifupdown2 looks for regular expressions there. Remove it there, or set "boot: false"`;
}

/** Of a pattern with more than characters, dots and anchors we do not say. */
function mayContain(device: string, pattern: string): boolean {
  if (!/^\^?[\w.:-]+\$?$/.test(pattern)) return true;
  return new RegExp(pattern).test(device);
}
