import { realServer } from "../../../provider/kinds/real-server/kind";
import { virtualService } from "../../../provider/kinds/virtual-service/kind";
import { refusals } from "../ipvs-operator";

const service = (fields: object) => refusals(virtualService, { protocol: "tcp", address: "192.0.2.10:80", ...fields });
const server = (fields: object) =>
  refusals(realServer, { service: "tcp 192.0.2.10:80", address: "10.0.0.11:80", ...fields });

describe("addresses of a service", () => {
  test.each([
    ["0.0.0.0:80", '"0.0.0.0" means any address; a director needs the one address that clients use'],
    ["[::]:80", '"::" means any address; a director needs the one address that clients use'],
    ["10.0.0.1", '"10.0.0.1" has no port: write "10.0.0.1:80"'],
    ["[::1]", '"[::1]" has no port: write "[::1]:80"'],
    ["2001:db8::1", '"2001:db8::1" has no port: write "[2001:db8::1]:80", with brackets around the address'],
    ["192.0.2.10:0", '"192.0.2.10:0" has port 0, which means every port, and needs a persistenceTimeout'],
    ["192.0.2.10:65536", '"192.0.2.10:65536" has no valid port: write a number from 0 to 65535 after the colon'],
    ["192.0.2.10:http", '"192.0.2.10:http" has no valid port: write a number from 0 to 65535 after the colon'],
    ["192.0.2.10:080", '"192.0.2.10:080" has no valid port: write a number from 0 to 65535 after the colon'],
    ["010.0.0.8:80", '"010.0.0.8" is ambiguous: leading zeros mean octal to some programs; write "10.0.0.8"'],
    ["127.1:80", '"127.1" is not an IPv4 address: write four decimal numbers, as in "192.0.2.10"'],
    ["192.0.2.256:80", '"192.0.2.256" is not an IPv4 address: write four decimal numbers, as in "192.0.2.10"'],
    [
      "www.example:80",
      '"www.example" is not an IP address: names are not looked up, because the answer of DNS may change; write the address',
    ],
    ["[192.0.2.10]:80", '"[192.0.2.10]:80" is not an IPv6 address with a port, as in "[2001:db8::1]:80"'],
    ["[2001:db8::g]:80", '"2001:db8::g" is not an IPv6 address, as in "2001:db8::1"'],
    ["[fe80::1%eth0]:80", '"fe80::1%eth0" is not an IPv6 address, as in "2001:db8::1"'],
    ["224.0.0.5:80", '"224.0.0.5" is a multicast address; LVS balances unicast traffic only'],
    ["[ff02::1]:80", '"ff02::1" is a multicast address; LVS balances unicast traffic only'],
    ["255.255.255.255:80", '"255.255.255.255" is the broadcast address; LVS balances unicast traffic only'],
    ["[::ffff:192.0.2.10]:80", '"::ffff:c000:20a" is an IPv4-mapped IPv6 address; write it as IPv4'],
  ])("%s", (address, reason) => {
    expect(service({ address })).toEqual([`address: ${reason}`]);
  });

  test.each([
    ["192.0.2.10:80", "192.0.2.10:80"],
    ["[2001:DB8:0:0::1]:443", "[2001:db8::1]:443"],
    ["[64:ff9b::192.0.2.33]:443", "[64:ff9b::c000:221]:443"],
    ["[::192.0.2.10]:443", "[::c000:20a]:443"],
  ])("%s becomes %s", (address, canonical) => {
    expect(virtualService.schema.parse({ protocol: "udp", address })).toMatchObject({ address: canonical });
  });
});

describe("fields of a service", () => {
  test.each([
    [
      { scheduler: "wcl" },
      'scheduler: "wcl" is not a known scheduler: did you mean "wlc"? Known are rr, wrr, lc, wlc, lblc, lblcr, dh, sh, sed, nq, fo, ovf, mh, twos, none; set allowUnknownScheduler: true for another one.',
    ],
    [
      { scheduler: "maglev" },
      'scheduler: "maglev" is not a known scheduler. Known are rr, wrr, lc, wlc, lblc, lblcr, dh, sh, sed, nq, fo, ovf, mh, twos, none; set allowUnknownScheduler: true for another one.',
    ],
    [
      { scheduler: "a_name_too_long_", allowUnknownScheduler: true },
      'scheduler: "a_name_too_long_" is not the name of a scheduler: 1 to 15 of the characters a-z, 0-9 and _',
    ],
    [
      { scheduler: "rr; reboot" },
      'scheduler: "rr; reboot" is not the name of a scheduler: 1 to 15 of the characters a-z, 0-9 and _',
    ],
    [
      { scheduler: "sh", schedulerFlags: ["mh-port"] },
      'schedulerFlags: "mh-port" is a flag of scheduler "mh", not of "sh"',
    ],
    [
      { scheduler: "sh", schedulerFlags: ["flag-3"] },
      'schedulerFlags: "flag-3" has no effect with scheduler "sh", and ipvsadm cannot print it',
    ],
    [
      { schedulerFlags: ["sh-prt"] },
      'schedulerFlags.0: must be one of "flag-1", "flag-2", "flag-3", "sh-fallback", "sh-port", "mh-fallback", "mh-port", not "sh-prt"',
    ],
    [{ persistenceTimeout: 0 }, "persistenceTimeout: must be a whole number from 1 to 2678400, not 0"],
    [{ persistenceTimeout: 2678401 }, "persistenceTimeout: must be a whole number from 1 to 2678400, not 2678401"],
    [{ netmask: "24", persistenceTimeout: 60 }, 'netmask: "24" would mean 0.0.0.24 to ipvsadm: write "255.255.255.0"'],
    [
      { netmask: "255.0.255.0", persistenceTimeout: 60 },
      'netmask: "255.0.255.0" is not a netmask, as in "255.255.255.0"',
    ],
    [{ netmask: "255.255.255.0" }, "netmask: needs a persistenceTimeout: it groups clients for persistence"],
    [
      { address: "[2001:db8::1]:80", netmask: "129", persistenceTimeout: 60 },
      'netmask: "129" is not a prefix length: write a number from 1 to 128, as in "64"',
    ],
    [{ netmask: 24, persistenceTimeout: 60 }, 'netmask: must be text, as in "255.255.255.0", or "64" for IPv6'],
    [{ persistenceEngine: "sips" }, 'persistenceEngine: must be "sip", not "sips"'],
    [{ onePacket: true }, 'onePacket: is for protocol "udp" or "fwmark", not for "tcp"'],
    [{ protocol: "icmp" }, 'protocol: must be one of "tcp", "udp", "sctp", "fwmark", not "icmp"'],
    [{ fwmark: 7 }, 'fwmark: is for protocol "fwmark" only, not for "tcp"'],
    [{ family: "ipv6" }, 'family: is for protocol "fwmark" only: an address has its family already'],
    [{ address: undefined }, 'address: is required for protocol "tcp", as in "192.0.2.10:80"'],
    [{ protocol: "fwmark", address: undefined }, 'fwmark: is required for protocol "fwmark"'],
    [
      { protocol: "fwmark", fwmark: 7 },
      'address: does not go with protocol "fwmark", which selects packets by their mark alone',
    ],
    [
      { protocol: "fwmark", address: undefined, fwmark: 2147483648 },
      "fwmark: must be a whole number from 1 to 2147483647, not 2147483648",
    ],
    [{ boot: "yes" }, "boot: must be true or false"],
    [{ rulesLoader: "suse" }, 'rulesLoader: must be one of "debian", "rhel", not "suse"'],
    [{ drain: { timeout: -1 } }, "drain.timeout: must be a whole number from 0 to 86400, not -1"],
    [{ drain: { pollInterval: 0 } }, "drain.pollInterval: must be a number of seconds from 0.1 to 3600"],
  ])("%j", (fields, refusal) => {
    expect(service(fields)).toEqual([refusal]);
  });

  test("all refusals are reported together", () => {
    expect(service({ address: "10.0.0.1", scheduler: "rrr", onePacket: true })).toHaveLength(3);
  });

  test("canonical: an absent value has one spelling, flags have the names that ipvsadm prints", () => {
    const written = { protocol: "tcp", address: "192.0.2.10:80", persistenceTimeout: 60, netmask: "255.255.255.255" };
    expect(
      virtualService.schema.parse({
        ...written,
        scheduler: "mh",
        schedulerFlags: ["flag-2", "mh-fallback", "mh-port"],
      }),
    ).toEqual({
      protocol: "tcp",
      address: "192.0.2.10:80",
      scheduler: "mh",
      schedulerFlags: ["mh-fallback", "mh-port"],
      persistenceTimeout: 60,
      onePacket: false,
      live: true,
      boot: true,
    });
  });

  test("allowUnknownScheduler accepts any name", () => {
    expect(service({ scheduler: "hrr_2", allowUnknownScheduler: true })).toEqual([]);
  });
});

describe("a real server", () => {
  test.each([
    [{ weight: -1 }, "weight: must be a whole number from 0 to 65535, not -1"],
    [{ weight: 65536 }, "weight: must be a whole number from 0 to 65535, not 65536"],
    [{ weight: 1.5 }, "weight: must be a whole number from 0 to 65535, not 1.5"],
    [{ weight: "100" }, 'weight: must be a whole number from 0 to 65535, not "100"'],
    [
      { upperThreshold: 50, lowerThreshold: 100 },
      "lowerThreshold: must not be above upperThreshold: 100 is more than 50",
    ],
    [{ lowerThreshold: 5 }, "lowerThreshold: needs an upperThreshold: without one a server never reaches a limit"],
    [
      { address: "10.0.0.11:8080" },
      'address: "10.0.0.11:8080" has another port than the service (80): direct routing does not change ports; write "10.0.0.11:80", or use forwarding "masquerade"',
    ],
    [
      { address: "10.0.0.11:8080", forwarding: "tunnel" },
      'address: "10.0.0.11:8080" has another port than the service (80): a tunnel does not change ports; write "10.0.0.11:80", or use forwarding "masquerade"',
    ],
    [
      { address: "10.0.0.11:0", forwarding: "masquerade" },
      'address: "10.0.0.11:0" has port 0: nothing can be sent there; write a port from 1 to 65535',
    ],
    [
      { address: "2001:db8::11" },
      'address: "2001:db8::11" is not IPv4 as the service is: only forwarding "tunnel" crosses families',
    ],
    [
      { address: "web1:80" },
      'address: "web1" is not an IP address: names are not looked up, because the answer of DNS may change; write the address',
    ],
    [{ forwarding: "nat" }, 'forwarding: must be one of "direct", "masquerade", "tunnel", not "nat"'],
    [{ tunnel: { type: "gre" } }, 'tunnel: needs forwarding "tunnel", not "direct"'],
    [
      { forwarding: "tunnel", tunnel: { type: "gue" } },
      'tunnel: type "gue" needs the UDP port on which the real server listens, as in { type: "gue", port: 6080 }',
    ],
    [{ forwarding: "tunnel", tunnel: { port: 6080 } }, 'tunnel: type "ipip" has no port: only "gue" has one'],
    [
      { forwarding: "tunnel", tunnel: { type: "ipip", checksum: "csum" } },
      'tunnel: type "ipip" has no checksum: only "gue" and "gre" have one',
    ],
    [
      { forwarding: "tunnel", tunnel: { type: "gre", checksum: "remcsum" } },
      'tunnel: type "gre" has no checksum "remcsum": use "csum" or "nocsum"',
    ],
    [
      { service: "192.0.2.10:80" },
      'service: "192.0.2.10:80" is not the key of a virtual service: use the key of a VirtualService, or write "tcp 192.0.2.10:80", "udp 192.0.2.10:53", "sctp 192.0.2.10:36412", "fwmark 7" or "fwmark 7 ipv6"',
    ],
    [{ service: "fwmark -1" }, 'service: "-1" is not a firewall mark: write a decimal number from 1 to 2147483647'],
  ])("%j", (fields, refusal) => {
    expect(server(fields)).toEqual([refusal]);
  });

  test.each([
    [{ address: "10.0.0.11" }, { address: "10.0.0.11:80" }],
    [
      { service: "tcp [2001:DB8::1]:80", address: "2001:DB8::0b" },
      { service: "tcp [2001:db8::1]:80", address: "[2001:db8::b]:80" },
    ],
    [
      { service: "fwmark 7 ipv4", address: "10.0.0.11" },
      { service: "fwmark 7", address: "10.0.0.11:0" },
    ],
    [
      { address: "2001:db8::11", forwarding: "tunnel" },
      { address: "[2001:db8::11]:80", tunnel: { type: "ipip" } },
    ],
    [
      { forwarding: "tunnel", tunnel: { type: "gue", port: 6080 } },
      { tunnel: { type: "gue", port: 6080, checksum: "nocsum" } },
    ],
    [{ weight: 0 }, { weight: 0, upperThreshold: 0, lowerThreshold: 0, forwarding: "direct", boot: true }],
  ])("%j becomes %j", (fields, canonical) => {
    expect(realServer.schema.parse({ service: "tcp 192.0.2.10:80", address: "10.0.0.11:80", ...fields })).toMatchObject(
      canonical,
    );
  });
});

describe("servers of the map", () => {
  test.each([
    [
      { "10.0.0.11:8080": {} },
      'realServers.10.0.0.11:8080: "10.0.0.11:8080" has another port than the service (80): direct routing does not change ports; write "10.0.0.11:80", or use forwarding "masquerade"',
    ],
    [
      { "10.0.0.11": {}, "10.0.0.11:80": {} },
      'realServers.10.0.0.11:80: is "10.0.0.11:80", which is in the map already in another spelling',
    ],
    [{ "10.0.0.11": { weight: -1 } }, "realServers.10.0.0.11.weight: must be a whole number from 0 to 65535, not -1"],
    [
      { "10.0.0.11": { lowerThreshold: 1 } },
      "realServers.10.0.0.11.lowerThreshold: needs an upperThreshold: without one a server never reaches a limit",
    ],
  ])("%j", (realServers, refusal) => {
    expect(service({ realServers })).toEqual([refusal]);
  });
});
