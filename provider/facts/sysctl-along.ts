import type { SysctlValues } from "./sysctl";

/**
 * Settings that the kernel changes along with one that is about to change, and that do not come back with it, as `key = value`.
 *
 * ip_forward is such a switch: it writes `forwarding` of all interfaces and of `default`, and the opposite to
 * `conf.all.accept_redirects`. Turned off again it leaves forwarding 0 and accept_redirects 1, whatever they were before.
 */
export function changedAlong(key: string, value: string, values: SysctlValues): readonly string[] {
  if (key !== "net.ipv4.ip_forward" || value !== "1" || values.get(key) !== "0") return [];
  return [...values]
    .filter(([name, was]) => (name === REDIRECTS ? was === "0" : FORWARDING.test(name) && was === "1"))
    .map(([name, was]) => `${name} = ${was}`);
}

const REDIRECTS = "net.ipv4.conf.all.accept_redirects";
const FORWARDING = /^net\.ipv4\.conf\.(?!all\.)[^.]+\.forwarding$/;
