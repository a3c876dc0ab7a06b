import { check } from "../../provider/engine/check";
import { Inventory } from "../../provider/engine/inventory";
import { realServer } from "../../provider/kinds/real-server/kind";
import type { DefinedKind } from "../../provider/kinds/runtime-kind";
import { vipAlias } from "../../provider/kinds/vip-alias/kind";
import { virtualService } from "../../provider/kinds/virtual-service/kind";

const inventory = new Inventory();
inventory.configure(JSON.stringify({ director1: { host: "10.0.0.250" }, web1: { host: "10.0.0.11" } }));

/** What Pulumi sends for an output of a resource that is not there yet. */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const service = { protocol: "tcp", address: "10.0.0.1:80" };
const server = { service: "tcp 10.0.0.1:80", address: "10.0.0.2" };
const alias = { role: "realServer", address: "10.0.0.1" };

/** What a user reads, as Pulumi prints it: "property ... has a problem: ...". No host is touched. */
const refusals: [what: string, kind: DefinedKind, args: object, property: string, reason: string][] = [
  [
    "an unknown scheduler",
    virtualService,
    { ...service, scheduler: "wwr" },
    "scheduler",
    '"wwr" is not a known scheduler: did you mean "wrr"? Known are rr, wrr, lc, wlc, lblc, lblcr, dh, sh, sed, nq, fo, ovf, mh, twos, none; set allowUnknownScheduler: true for another one.',
  ],
  ["weight -1", realServer, { ...server, weight: -1 }, "weight", "must be a whole number from 0 to 65535, not -1"],
  [
    "weight 65536",
    realServer,
    { ...server, weight: 65536 },
    "weight",
    "must be a whole number from 0 to 65535, not 65536",
  ],
  [
    "0.0.0.0:80",
    virtualService,
    { ...service, address: "0.0.0.0:80" },
    "address",
    '"0.0.0.0" means any address; a director needs the one address that clients use',
  ],
  [
    "10.0.0.1",
    virtualService,
    { ...service, address: "10.0.0.1" },
    "address",
    '"10.0.0.1" has no port: write "10.0.0.1:80"',
  ],
  ["[::1]", virtualService, { ...service, address: "[::1]" }, "address", '"[::1]" has no port: write "[::1]:80"'],
  [
    "port 0 without persistence",
    virtualService,
    { ...service, address: "10.0.0.1:0" },
    "address",
    '"10.0.0.1:0" has port 0, which means every port, and needs a persistenceTimeout',
  ],
  [
    "a netmask in the wrong spelling",
    virtualService,
    { ...service, persistenceTimeout: 60, netmask: "24" },
    "netmask",
    '"24" would mean 0.0.0.24 to ipvsadm: write "255.255.255.0"',
  ],
  [
    "-x below -y",
    realServer,
    { ...server, upperThreshold: 5, lowerThreshold: 6 },
    "lowerThreshold",
    "must not be above upperThreshold: 6 is more than 5",
  ],
  [
    "direct routing to another port",
    realServer,
    { ...server, address: "10.0.0.2:8080" },
    "address",
    '"10.0.0.2:8080" has another port than the service (80): direct routing does not change ports; write "10.0.0.2:80", or use forwarding "masquerade"',
  ],
  [
    "our own way in",
    virtualService,
    { ...service, address: "10.0.0.250:22" },
    "address",
    '"10.0.0.250:22" would take over SSH to this host, which is reached at 10.0.0.250 port 22: the director would send new sessions to the real servers. Use another address or port for the service',
  ],
  [
    "a VIP that is our own way in",
    vipAlias,
    { role: "director", device: "eth0", address: "10.0.0.250" },
    "address",
    "10.0.0.250 is where we reach this host by SSH, so removing the VIP would cut us off. Reach the host at an address of its own",
  ],
  [
    "/24 on lo",
    vipAlias,
    { ...alias, address: "10.0.0.1/24" },
    "address",
    'must have the prefix /32 for a real server, got /24: on lo the whole subnet would become local, and the host would lose its network. Write "10.0.0.1"',
  ],
  [
    "a label over 15 characters",
    vipAlias,
    { ...alias, label: "lo:a_very_long_one" },
    "label",
    'must have at most 15 characters, got 18 in "lo:a_very_long_one": the kernel has no room for more',
  ],
  [
    "an unknown host",
    virtualService,
    { ...service, host: "direktor" },
    "host",
    'no host is named "direktor" in lvs:hosts of the stack\'s configuration; it has director1, web1',
  ],
];

test("an unknown argument is refused with the known one that is like it, also beside values that are not known yet", () => {
  const args = { host: "director1", address: UNKNOWN, service: UNKNOWN, wieght: UNKNOWN, tunnel: { typ: "gre" } };
  expect(check(realServer.runtime, inventory, args).failures).toEqual([
    { property: "", reason: 'tunnel.typ: is not an argument of this resource: did you mean "type"?' },
    { property: "wieght", reason: 'is not an argument of this resource: did you mean "weight"?' },
  ]);
});

test("of a value in a map, which Pulumi does not show, the reason says what was given", () => {
  const args = {
    ...service,
    host: "director1",
    drain: { pollInterval: "1" },
    realServers: { "10.0.0.2": null, "10.0.0.3": { weight: "2" } },
  };
  expect(check(virtualService.runtime, inventory, args).failures.map(({ reason }) => reason)).toEqual([
    "realServers.10.0.0.2: must be settings: { weight: 2 }, or {}, not null, as YAML reads an empty value",
    'realServers.10.0.0.3.weight: must be a whole number from 0 to 65535, not "2"',
    "drain.pollInterval: must be a number of seconds from 0.1 to 3600, not text",
  ]);
});

test.each(refusals)("%s", (_, kind, args, property, reason) => {
  expect(check(kind.runtime, inventory, { host: "director1", ...args }).failures).toEqual([{ property, reason }]);
});
