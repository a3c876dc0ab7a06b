import { swapSeparators } from "../../facts/sysctl/values";
import type { Setting } from "../../model/sysctl/setting";
import { type Advice, run, type Step } from "../../step";

/** Sets live values, all in one process. Paths with slashes, because a dot may belong to a device's name. */
export function writeValues(settings: readonly (readonly [key: string, value: string])[]): Step[] {
  if (settings.length === 0) return [];
  return [run("sysctl", "-w", ...settings.map(([key, value]) => `${swapSeparators(key)}=${value}`))];
}

/** Advice for a `sysctl -w` that fails. */
export const sysctlAdvice: readonly Advice[] = [
  {
    when: /permission denied|read-only file system/i,
    say: "Root may not write kernel settings on this host: is it a container?",
  },
];

/** A setting as one line of a preview: `net.ipv4.ip_forward=1  # replies of the real servers pass through this host`. */
export function describeSetting({ key, value, reason }: Setting): string {
  return `${key}=${value}  # ${reason}`;
}
