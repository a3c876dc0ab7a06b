import type { SysctlValues } from "./values";

/**
 * Settings that the kernel changes together with `key`, and does not change back with it, as `key = value`.
 *
 * - `net.ipv4.ip_forward` writes `forwarding` of `default` and of every interface, and the opposite to
 *   `conf.all.accept_redirects`. Set back to 0 it leaves forwarding 0 and accept_redirects 1, whatever they were.
 * - `net.ipv6.conf.all.forwarding` does the same, except for redirects.
 * - `conf.default.X` is the initial value of a new interface. Interfaces that exist keep their value until the next boot, where
 *   settings are applied before interfaces come up; then all of them have the new one.
 *
 * Keys in `desired` are set anyway and are left out.
 */
export function sideEffectsOf(
  key: string,
  value: string,
  values: SysctlValues,
  desired: readonly string[] = [],
): readonly string[] {
  if (values.get(key) === value) return [];
  const [, name] = /^net\.ipv4\.conf\.default\.(\w+)$/.exec(key) ?? [];
  const changes = (other: string, current: string) => {
    if (key === FORWARD && other === REDIRECTS) return current === "0";
    if (key === FORWARD) return FORWARDING.test(other) && current === "1";
    if (key === FORWARD6) return FORWARDING6.test(other) && current === "1";
    return name !== undefined && !desired.includes(other) && isOfInterface(other, name) && current !== value;
  };
  return [...values]
    .filter(([other, current]) => changes(other, current))
    .map(([other, current]) => `${other} = ${current}`);
}

const FORWARD = "net.ipv4.ip_forward";
const REDIRECTS = "net.ipv4.conf.all.accept_redirects";
const FORWARDING = /^net\.ipv4\.conf\.(?!all\.)[^.]+\.forwarding$/;
const FORWARD6 = "net.ipv6.conf.all.forwarding";
const FORWARDING6 = /^net\.ipv6\.conf\.(?!all\.)[^.]+\.forwarding$/;

function isOfInterface(key: string, name: string): boolean {
  const [, setting] = /^net\.ipv4\.conf\.(?!(?:all|default|lo)\.)[^.]+\.(\w+)$/.exec(key) ?? [];
  return setting === name;
}
