import { type SysctlValues, sysctlValues } from "../../../provider/facts/sysctl/values";
import { run } from "../../../provider/step";
import type { Contract } from "./contract";

interface KernelFacts {
  readonly forwarding4: SysctlValues;
  readonly forwarding6: SysctlValues;
  readonly redirects: SysctlValues;
  readonly added: SysctlValues;
}

const DEVICES = ["all", "default", "lo", "eth0", "eth1"];
const ADDED = ["send_redirects", "accept_redirects", "rp_filter", "forwarding", "arp_ignore", "arp_announce"];
const DEFAULT_ARP = ["net.ipv4.conf.default.arp_ignore", "net.ipv4.conf.default.rp_filter"];

/** The kernel's settings under `sysctl`, with their side effects, as FakeKernel has them. */
export const kernel: Contract<KernelFacts> = {
  name: "FakeKernel",
  host: "director1",
  // Each switch is turned on first: the side effects come with a change only.
  reset: `ip link del dummy7
sysctl -q -w net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
sysctl -q -w net.ipv4.ip_forward=0 net.ipv6.conf.all.forwarding=0
sysctl -q -w ${DEFAULT_ARP.map((key) => `${key}=0`).join(" ")} net.ipv4.conf.all.accept_redirects=1`,
  facts: {
    forwarding4: sysctlValues("net.ipv4.ip_forward", ...DEVICES.map((device) => `net.ipv4.conf.${device}.forwarding`)),
    forwarding6: sysctlValues(...DEVICES.map((device) => `net.ipv6.conf.${device}.forwarding`)),
    redirects: sysctlValues("net.ipv4.conf.all.accept_redirects"),
    added: sysctlValues(...ADDED.map((name) => `net.ipv4.conf.dummy7.${name}`)),
  },
  scenarios: [
    {
      name: "ip_forward sets the forwarding of every device, and takes redirects away",
      steps: [
        { step: set("net/ipv4/ip_forward=1"), seen: { forwarding4: forwarding4("1"), redirects: redirects("0") } },
        { step: set("net/ipv4/conf/all/accept_redirects=1"), seen: { redirects: redirects("1") } },
        { step: set("net/ipv4/ip_forward=1"), seen: { redirects: redirects("1") } },
        {
          step: set("net/ipv4/conf/eth0/forwarding=0"),
          seen: { forwarding4: new Map([...forwarding4("1"), ["net.ipv4.conf.eth0.forwarding", "0"]]) },
        },
        { step: set("net/ipv4/ip_forward=0"), seen: { forwarding4: forwarding4("0"), redirects: redirects("1") } },
      ],
    },
    {
      name: "forwarding of IPv6 is one switch for all devices, too",
      steps: [
        {
          step: set("net/ipv6/conf/all/forwarding=1"),
          seen: { forwarding6: forwarding6("1"), forwarding4: forwarding4("0") },
        },
        { step: set("net/ipv6/conf/all/forwarding=0"), seen: { forwarding6: forwarding6("0") } },
      ],
    },
    {
      name: "a device that appears has the values of default, and takes its settings away with it",
      steps: [
        { step: set("net/ipv4/conf/default/arp_ignore=2", "net/ipv4/conf/default/rp_filter=1") },
        {
          step: run("ip", "link", "add", "dummy7", "type", "dummy"),
          seen: { added: added({ arp_ignore: "2", rp_filter: "1" }) },
        },
        {
          step: set("net/ipv4/conf/default/arp_ignore=0"),
          seen: { added: added({ arp_ignore: "2", rp_filter: "1" }) },
        },
        { step: run("ip", "link", "del", "dummy7"), seen: { added: new Map() } },
      ],
    },
    {
      name: "a setting that the kernel does not have does not keep the others from being set",
      steps: [
        {
          step: set("net/ipv4/nope=1", "net/ipv4/ip_forward=1"),
          fails: { code: 1, stderr: "sysctl: cannot stat /proc/sys/net/ipv4/nope: No such file or directory" },
          seen: { forwarding4: forwarding4("1") },
        },
      ],
    },
    {
      name: "a value that is no number",
      steps: [
        {
          step: set("net/ipv4/ip_forward=on"),
          fails: { code: 1, stderr: 'sysctl: setting key "net.ipv4.ip_forward": Invalid argument' },
          seen: { forwarding4: forwarding4("0") },
        },
      ],
    },
  ],
};

function set(...words: readonly string[]) {
  return run("sysctl", "-w", ...words);
}

function forwarding4(value: string): SysctlValues {
  return new Map([["net.ipv4.ip_forward", value], ...devices("ipv4", value)]);
}

function forwarding6(value: string): SysctlValues {
  return new Map(devices("ipv6", value));
}

function devices(family: "ipv4" | "ipv6", value: string) {
  return DEVICES.map((device) => [`net.${family}.conf.${device}.forwarding`, value] as const);
}

function redirects(value: string): SysctlValues {
  return new Map([["net.ipv4.conf.all.accept_redirects", value]]);
}

function added(others: Readonly<Record<string, string>>): SysctlValues {
  const values = { send_redirects: "1", accept_redirects: "1", forwarding: "0", arp_announce: "0", ...others };
  return new Map(Object.entries(values).map(([name, value]) => [`net.ipv4.conf.dummy7.${name}`, value]));
}
