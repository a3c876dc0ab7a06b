import type { SysctlValues } from "./values";

/**
 * Settings that the kernel changes along with one that is about to change, and that do not come back with it, as `key = value`.
 *
 * ip_forward is a switch: it writes `forwarding` of all interfaces and of `default`, and the opposite to
 * `conf.all.accept_redirects`. Turned off again it leaves forwarding 0 and accept_redirects 1, whatever they were before.
 *
 * So does net.ipv6.conf.all.forwarding, except for redirects.
 *
 * `default` is what an interface starts with. One that has its address keeps its own value now; at the next boot, where
 * settings come before addresses, all of them have the new one.
 */
export function sideEffectsOf(
  key: string,
  value: string,
  values: SysctlValues,
  wanted: readonly string[] = [],
): readonly string[] {
  if (values.get(key) === value) return [];
  const [, name] = /^net\.ipv4\.conf\.default\.(\w+)$/.exec(key) ?? [];
  const changes = (other: string, was: string) => {
    if (key === FORWARD && other === REDIRECTS) return was === "0";
    if (key === FORWARD) return FORWARDING.test(other) && was === "1";
    if (key === FORWARD6) return FORWARDING6.test(other) && was === "1";
    return name !== undefined && !wanted.includes(other) && interfaceOf(other, name) !== undefined && was !== value;
  };
  return [...values].filter(([other, was]) => changes(other, was)).map(([other, was]) => `${other} = ${was}`);
}

const FORWARD = "net.ipv4.ip_forward";
const REDIRECTS = "net.ipv4.conf.all.accept_redirects";
const FORWARDING = /^net\.ipv4\.conf\.(?!all\.)[^.]+\.forwarding$/;
const FORWARD6 = "net.ipv6.conf.all.forwarding";
const FORWARDING6 = /^net\.ipv6\.conf\.(?!all\.)[^.]+\.forwarding$/;

function interfaceOf(key: string, name: string): string | undefined {
  const [, device, setting] = /^net\.ipv4\.conf\.(?!(?:all|default|lo)\.)([^.]+)\.(\w+)$/.exec(key) ?? [];
  return setting === name ? device : undefined;
}
