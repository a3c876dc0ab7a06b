import type { Fact } from "../../../provider/facts/fact";
import { type Address, addresses } from "../../../provider/facts/network/addresses";
import { type RouteLine, routes } from "../../../provider/facts/network/routes";
import { advice } from "../../../provider/kinds/vip-alias/address-steps";
import { type CommandStep, run } from "../../../provider/step";
import type { Contract, ContractStep, Failure } from "./contract";

interface AddressFacts {
  readonly addresses: readonly string[];
  readonly routes: readonly string[];
  readonly routes6: readonly string[];
}

const DEVICES = ["lo", "dummy7", "dummy8"];
const EXISTS: Failure = { code: 2, stderr: "RTNETLINK answers: File exists" };
const NOT_FOUND: Failure = { code: 2, stderr: "RTNETLINK answers: Cannot assign requested address" };

const SUBNET = "192.168.7.0/24 dev dummy7 proto kernel scope link src 192.168.7.2";
const VIA = "10.7.0.0/16 via 192.168.7.1 dev dummy7 src 192.168.7.2";
const IN_77 = "10.8.0.0/16 via 192.168.7.1 dev dummy7 table 77";
const VIA_8 = ["10.8.0.0/16 via 192.168.8.1 dev dummy8"];
const SUBNET6 = "2001:db8:7::/64 dev dummy7 proto kernel metric 256 pref medium";
const VIA6 = "2001:db8:8::/64 via 2001:db8:7::1 dev dummy7 metric 1024 pref medium";

/** Addresses of lo and of two interfaces under `ip addr`, as FakeNetworkHost has them. */
export const networkHost: Contract<AddressFacts> = {
  name: "FakeNetworkHost",
  host: "director1",
  reset: `for device in dummy7 dummy8; do
  ip link del $device
  ip link add $device type dummy && ip link set $device up
done
ip addr flush dev lo scope global
sysctl -q -w net.ipv4.conf.all.promote_secondaries=0 net.ipv4.conf.dummy7.promote_secondaries=0 net.ipv4.conf.dummy8.promote_secondaries=1`,
  facts: {
    addresses: { command: addresses.command, parse: (text) => describe(addresses.parse(text).addresses) },
    routes: routesOf("ipv4"),
    routes6: routesOf("ipv6"),
  },
  advice,
  scenarios: [
    {
      name: "an address has a label, and without one the name of its device",
      steps: [
        gives("addr add 192.168.7.5/32 dev dummy7 label dummy7:0", "dummy7:0 192.168.7.5/32"),
        fails("addr add 192.168.7.5/32 dev dummy7 label dummy7:0", EXISTS, "dummy7:0 192.168.7.5/32"),
        fails("addr add 192.168.7.5/32 dev dummy7 label dummy7:1", EXISTS, "dummy7:0 192.168.7.5/32"),
        gives(
          "addr add 192.168.7.6/32 dev dummy7 label dummy7:0",
          "dummy7:0 192.168.7.5/32",
          "dummy7:0 192.168.7.6/32",
        ),
        gives(
          "addr add 192.168.7.5/32 dev lo",
          "dummy7:0 192.168.7.5/32",
          "dummy7:0 192.168.7.6/32",
          "lo 192.168.7.5/32",
        ),
        gives("addr del 192.168.7.5/32 dev dummy7", "dummy7:0 192.168.7.6/32", "lo 192.168.7.5/32"),
      ],
    },
    {
      name: "IPv4 has an address once with each prefix length",
      steps: [
        gives("addr add 192.168.7.5/24 brd + dev dummy7", "dummy7 192.168.7.5/24"),
        gives("addr add 192.168.7.5/32 dev dummy7 label dummy7:0", "dummy7 192.168.7.5/24", "dummy7:0 192.168.7.5/32"),
        gives("addr del 192.168.7.5/24 dev dummy7", "dummy7:0 192.168.7.5/32"),
        fails("addr del 192.168.7.5/24 dev dummy7", NOT_FOUND, "dummy7:0 192.168.7.5/32"),
      ],
    },
    {
      name: "IPv6 has an address once, whatever its prefix length",
      steps: [
        gives("addr add 2001:db8:7::5/64 dev dummy7 nodad", "dummy7 2001:db8:7::5/64"),
        fails("addr add 2001:db8:7::5/128 dev dummy7 nodad", EXISTS, "dummy7 2001:db8:7::5/64"),
        fails("addr del 2001:db8:7::5/128 dev dummy7", NOT_FOUND, "dummy7 2001:db8:7::5/64"),
        gives("addr add 2001:db8:7::5/128 dev dummy8 nodad", "dummy7 2001:db8:7::5/64", "dummy8 2001:db8:7::5/128"),
        gives("addr del 2001:db8:7::5/64 dev dummy7", "dummy8 2001:db8:7::5/128"),
      ],
    },
    {
      name: "later addresses of a subnet are secondary, and are deleted with the first one",
      steps: [
        gives("addr add 192.168.7.2/24 dev dummy7", "dummy7 192.168.7.2/24"),
        gives("addr add 192.168.7.3/24 dev dummy7", "dummy7 192.168.7.2/24", "dummy7 192.168.7.3/24 secondary"),
        gives(
          "addr add 192.168.7.4/25 dev dummy7",
          "dummy7 192.168.7.2/24",
          "dummy7 192.168.7.3/24 secondary",
          "dummy7 192.168.7.4/25",
        ),
        gives(
          "addr add 192.168.7.200/25 dev dummy7",
          "dummy7 192.168.7.2/24",
          "dummy7 192.168.7.200/25",
          "dummy7 192.168.7.3/24 secondary",
          "dummy7 192.168.7.4/25",
        ),
        gives("addr del 192.168.7.2/24 dev dummy7", "dummy7 192.168.7.200/25", "dummy7 192.168.7.4/25"),
      ],
    },
    {
      name: "a secondary address goes alone",
      steps: [
        gives("addr add 192.168.7.2/24 dev dummy7", "dummy7 192.168.7.2/24"),
        gives("addr add 192.168.7.3/24 dev dummy7", "dummy7 192.168.7.2/24", "dummy7 192.168.7.3/24 secondary"),
        gives("addr del 192.168.7.3/24 dev dummy7", "dummy7 192.168.7.2/24"),
      ],
    },
    {
      name: "with promote_secondaries the next one becomes the primary",
      steps: [
        gives("addr add 192.168.8.2/24 dev dummy8", "dummy8 192.168.8.2/24"),
        gives("addr add 192.168.8.3/24 dev dummy8", "dummy8 192.168.8.2/24", "dummy8 192.168.8.3/24 secondary"),
        gives(
          "addr add 192.168.8.4/24 dev dummy8",
          "dummy8 192.168.8.2/24",
          "dummy8 192.168.8.3/24 secondary",
          "dummy8 192.168.8.4/24 secondary",
        ),
        gives("addr del 192.168.8.2/24 dev dummy8", "dummy8 192.168.8.3/24", "dummy8 192.168.8.4/24 secondary"),
      ],
    },
    {
      name: "a batch stops at the line that fails, and keeps what the lines before it did",
      steps: [
        {
          step: batch(
            "addr add 192.168.7.5/32 dev dummy7",
            "addr add 192.168.7.5/32 dev dummy7",
            "addr add 192.168.7.6/32 dev dummy7",
          ),
          fails: { code: 1, stderr: "RTNETLINK answers: File exists\nCommand failed -:2" },
          seen: { addresses: ["dummy7 192.168.7.5/32"] },
        },
        {
          step: batch("addr del 192.168.7.5/32 dev dummy7", "addr add 192.168.7.5/32 dev dummy7 label dummy7:0"),
          seen: { addresses: ["dummy7:0 192.168.7.5/32"] },
        },
      ],
    },
    {
      name: "the last address of an interface takes all of its routes away, and one beside another of the same IP takes none",
      steps: [
        { step: ip("addr add 192.168.7.2/24 brd + dev dummy7"), seen: { routes: [SUBNET] } },
        { step: ip("route add 10.7.0.0/16 via 192.168.7.1 dev dummy7 src 192.168.7.2") },
        {
          step: ip("route add 10.8.0.0/16 via 192.168.7.1 dev dummy7 table 77"),
          seen: { routes: [VIA, IN_77, SUBNET] },
        },
        { step: ip("addr add 192.168.7.2/32 dev dummy7"), seen: { routes: [VIA, IN_77, SUBNET] } },
        { step: ip("addr del 192.168.7.2/32 dev dummy7"), seen: { routes: [VIA, IN_77, SUBNET] } },
        { step: ip("addr add 192.168.7.2/32 dev dummy7") },
        { step: ip("addr del 192.168.7.2/24 dev dummy7"), seen: { routes: [VIA, IN_77] } },
        { step: ip("addr del 192.168.7.2/32 dev dummy7"), seen: { routes: [] } },
      ],
    },
    {
      name: "a route goes with its source address, and the one to a subnet is given to the next address of it",
      steps: [
        { step: ip("addr add 192.168.8.2/24 dev dummy8") },
        { step: ip("addr add 192.168.8.3/24 dev dummy8") },
        { step: ip("addr add 192.168.8.9/32 dev dummy8") },
        { step: ip("route add 10.7.0.0/16 via 192.168.8.1 dev dummy8 src 192.168.8.9") },
        { step: ip("route add 10.8.0.0/16 via 192.168.8.1 dev dummy8") },
        {
          step: ip("addr del 192.168.8.9/32 dev dummy8"),
          seen: { routes: [...VIA_8, "192.168.8.0/24 dev dummy8 proto kernel scope link src 192.168.8.2"] },
        },
        {
          step: ip("addr del 192.168.8.2/24 dev dummy8"),
          seen: { routes: [...VIA_8, "192.168.8.0/24 dev dummy8 proto kernel scope link src 192.168.8.3"] },
        },
      ],
    },
    {
      name: "IPv6: the route to a subnet goes with the last address of it, and others stay",
      steps: [
        { step: ip("addr add 2001:db8:7::5/64 dev dummy7 nodad") },
        { step: ip("addr add 2001:db8:7::6/64 dev dummy7 nodad") },
        { step: ip("route add 2001:db8:8::/64 via 2001:db8:7::1 dev dummy7 metric 1024 pref medium") },
        { step: ip("addr del 2001:db8:7::6/64 dev dummy7"), seen: { routes6: [SUBNET6, VIA6] } },
        { step: ip("addr del 2001:db8:7::5/64 dev dummy7"), seen: { routes6: [VIA6] } },
      ],
    },
    {
      name: "an interface takes its addresses away with it",
      steps: [
        gives("addr add 192.168.7.5/32 dev dummy7", "dummy7 192.168.7.5/32"),
        fails("link add dummy7 type dummy", EXISTS, "dummy7 192.168.7.5/32"),
        gives("link del dev dummy7"),
        fails("link del dev dummy7", { code: 1, stderr: 'Cannot find device "dummy7"', advice: "The interface" }),
        fails("addr add 192.168.7.5/32 dev dummy7", {
          code: 1,
          stderr: 'Cannot find device "dummy7"',
          advice: "The interface",
        }),
      ],
    },
  ],
};

function ip(line: string): CommandStep {
  return run("ip", ...line.split(" "));
}

function batch(...lines: readonly string[]): CommandStep {
  return { command: { run: ["ip", "-batch", "-"], stdin: lines.map((line) => `${line}\n`).join("") } };
}

function gives(line: string, ...seen: readonly string[]): ContractStep<AddressFacts> {
  return { step: ip(line), seen: { addresses: seen } };
}

function fails(line: string, failure: Failure, ...seen: readonly string[]): ContractStep<AddressFacts> {
  return { step: ip(line), fails: failure, seen: { addresses: seen } };
}

/** Those of the two interfaces, sorted. */
function routesOf(family: "ipv4" | "ipv6"): Fact<readonly string[]> {
  const fact = routes(family);
  const isOurs = ({ text, devices }: RouteLine) =>
    devices.some((one) => DEVICES.includes(one)) && !/^(?:fe80|2001:db8:7::\w+ )/.test(text);
  return {
    command: fact.command,
    parse: (output) =>
      fact
        .parse(output)
        .filter(isOurs)
        .map(({ text }) => text)
        .sort(),
  };
}

/** `dummy7:0 192.168.7.5/32`: label or device, address, and whether it is secondary. Sorted, and without the kernel's own. */
function describe(all: readonly Address[]): string[] {
  return all
    .filter(({ device, ip: address }) => DEVICES.includes(device) && !/^(?:127\.|::1$|fe80:)/.test(address))
    .map(({ device, label, ip: address, prefix, secondary }) => {
      return `${label ?? device} ${address}/${prefix}${secondary ? " secondary" : ""}`;
    })
    .sort();
}
