import { parseAddresses } from "../../../provider/facts/network/addresses";
import { type SysctlValues, sysctlValues } from "../../../provider/facts/sysctl/values";
import { encapsulationOf } from "../../../provider/kinds/tun-kernel-tuning/encapsulations";
import { type Tunnels, tunnels } from "../../../provider/kinds/tun-kernel-tuning/facts";
import { renderTun, tunAdvice } from "../../../provider/kinds/tun-kernel-tuning/render";
import { run, type Step } from "../../../provider/step";
import type { Contract } from "./contract";

interface TunnelFacts {
  readonly tunnels: Tunnels;
  /** Of tunl0. */
  readonly rpFilter: SysctlValues;
  /** Of gre0. */
  readonly disableIpv6: SysctlValues;
}

const RP_FILTER = "net.ipv4.conf.tunl0.rp_filter";
const DISABLE_IPV6 = "net.ipv6.conf.gre0.disable_ipv6";

/** Modules, devices and ports of tunnels, as FakeTunnelHost has them. The host starts without any. */
export const tunnelHost: Contract<TunnelFacts> = {
  name: "FakeTunnelHost",
  host: "web1",
  reset: `ip fou del port 6080
modprobe -r ipip; modprobe -r ip_gre; modprobe -r sit; modprobe -r ip6_tunnel; modprobe -r fou
sysctl -q -w net.ipv4.conf.default.rp_filter=0 net.ipv6.conf.default.disable_ipv6=0`,
  facts: { tunnels, rpFilter: sysctlValues(RP_FILTER), disableIpv6: sysctlValues(DISABLE_IPV6) },
  advice: tunAdvice,
  scenarios: [
    {
      name: "a device comes down with its module, and goes with it",
      steps: [
        {
          step: run("modprobe", "ipip"),
          seen: { tunnels: seen({ tunl0: false }), rpFilter: new Map([[RP_FILTER, "0"]]) },
        },
        { step: set("tunl0", "up"), seen: { tunnels: seen({ tunl0: true }) } },
        { step: run("modprobe", "ipip"), seen: { tunnels: seen({ tunl0: true }) } },
        { step: set("tunl0", "down"), seen: { tunnels: seen({ tunl0: false }) } },
        { step: unload("ipip"), seen: { tunnels: seen({}), rpFilter: new Map() } },
      ],
    },
    {
      name: "a device of a module starts with the settings of default",
      steps: [
        { step: run("sysctl", "-w", "net/ipv4/conf/default/rp_filter=1") },
        { step: run("modprobe", "ipip"), seen: { rpFilter: new Map([[RP_FILTER, "1"]]) } },
      ],
    },
    {
      name: "gre0 has settings of IPv6 once it is up, and keeps them",
      steps: [
        { step: run("modprobe", "ip_gre"), seen: { tunnels: seen({ gre0: false }), disableIpv6: new Map() } },
        {
          step: set("gre0", "up"),
          seen: { tunnels: seen({ gre0: true }), disableIpv6: new Map([[DISABLE_IPV6, "0"]]) },
        },
        { step: unload("gre"), seen: { tunnels: seen({}), disableIpv6: new Map() } },
      ],
    },
    {
      name: "to set up the device of a module loads it; another device that is not there cannot be set up",
      steps: [
        { step: set("tunl0", "up"), seen: { tunnels: seen({ tunl0: true }) } },
        { step: set("nosuch0", "up"), fails: { code: 1, stderr: 'Cannot find device "nosuch0"' } },
      ],
    },
    {
      name: "a port of gue is opened once and closed once",
      steps: [
        { step: run("modprobe", "fou") },
        { step: fou("add"), seen: { tunnels: seen({}, 6080) } },
        {
          step: fou("add"),
          fails: {
            code: 2,
            stderr: "RTNETLINK answers: Address already in use",
            advice: "Another program on this host has that UDP port",
          },
          seen: { tunnels: seen({}, 6080) },
        },
        { step: run("ip", "fou", "del", "port", "6080"), seen: { tunnels: seen({}) } },
        {
          step: run("ip", "fou", "del", "port", "6080"),
          fails: { code: 2, stderr: "RTNETLINK answers: Invalid argument" },
        },
      ],
    },
  ],
};

function seen(devices: Readonly<Record<string, boolean>>, ...ports: readonly number[]): Tunnels {
  return { devices: new Map(Object.entries(devices)), ports, systemd: true };
}

function set(device: string, state: "up" | "down"): Step {
  return run("ip", "link", "set", "dev", device, state);
}

function fou(action: "add"): Step {
  return run("ip", "fou", action, "port", "6080", "gue");
}

/** The step by which the kind unloads the module of a device that was absent before us. */
function unload(type: "ipip" | "gre"): Step {
  const encapsulation = encapsulationOf({ type });
  const { device } = encapsulation;
  const before = [{ number: 1, text: "", kind: "TunKernelTuning", key: device, value: "absent" }];
  const [step] = renderTun(
    { op: "restoreDevice", encapsulation },
    {
      values: new Map(),
      files: new Map(),
      addresses: parseAddresses(""),
      tunnels: seen({ [device]: true }),
      bootFiles: new Map(),
      before,
      modules: new Map(),
    },
  );
  if (step === undefined) throw new Error("the change has a step");
  return step;
}
