import type { AddressInfo } from "node:net";
import { createServer, type Server } from "node:net";
import { diagnostics } from "../support/diagnostics.ts";
import { Stack } from "../support/stack.ts";

/** The text of test/runtime/refusals.test.ts is what the provider says; here it is read as the CLI prints it. */
const PROGRAM = `
import * as lvs from "pulumi-lvs";
const [kind, args] = JSON.parse(process.env["REFUSED"] ?? "");
new (lvs as any)[kind]("refused", { host: "director1", ...args });
`;

const SERVICE = { protocol: "tcp", address: "192.168.4.5:80" };
const SERVER = { service: "tcp 192.168.4.5:80", address: "10.0.0.1" };

let door: Server;
let knocks = 0;
let port: number;
let stack: Stack;

beforeAll(async () => {
  door = createServer((socket) => {
    knocks++;
    socket.destroy();
  });
  await new Promise<void>((resolve) => door.listen(0, "127.0.0.1", resolve));
  ({ port } = door.address() as AddressInfo);
  const hosts = { director1: { host: "127.0.0.1", port, password: "not used" } };
  stack = await Stack.create(undefined, { program: { text: PROGRAM }, hosts });
});

afterAll(() => {
  stack.remove();
  door.close();
});

/** What a user reads about bad input: a line for each thing that is wrong. */
async function refused(kind: string, args: object): Promise<readonly string[]> {
  const { code, text } = await stack.run(["preview"], { environment: { REFUSED: JSON.stringify([kind, args]) } });
  expect(code).toBe(1);
  const lines = (diagnostics(text)["refused"] ?? text).split("\n").filter((line) => line !== "");
  return lines
    .map((line) => line.replace(`error: pulumi-nodejs:dynamic/lvs:${kind} resource 'refused'`, "refused"))
    .sort();
}

const KNOWN = "Known are rr, wrr, lc, wlc, lblc, lblcr, dh, sh, sed, nq, fo, ovf, mh, twos, none";

const rows: [string, string, () => object, () => string[]][] = [
  [
    "several things at once",
    "VirtualService",
    () => ({ ...SERVICE, address: "0.0.0.0:80", scheduler: "wrrr", persistenceTimeout: 300, netmask: "24" }),
    () => [
      `refused: property address value {0.0.0.0:80} has a problem: "0.0.0.0" means any address; a director needs the one address that clients use`,
      `refused: property netmask value {24} has a problem: "24" would mean 0.0.0.24 to ipvsadm: write "255.255.255.0"`,
      `refused: property scheduler value {wrrr} has a problem: "wrrr" is not a known scheduler: did you mean "wrr"? ${KNOWN}; set allowUnknownScheduler: true for another one.`,
    ],
  ],
  [
    "an address without a port",
    "VirtualService",
    () => ({ ...SERVICE, address: "10.0.0.1" }),
    () => [`refused: property address value {10.0.0.1} has a problem: "10.0.0.1" has no port: write "10.0.0.1:80"`],
  ],
  [
    "SSH's own address and port",
    "VirtualService",
    () => ({ ...SERVICE, address: `127.0.0.1:${port}` }),
    () => [
      `refused: property address value {127.0.0.1:${port}} has a problem: "127.0.0.1:${port}" would take over SSH to this host, ` +
        `which is reached at 127.0.0.1 port ${port}: the director would send new sessions to the ` +
        "real servers. Use another address or port for the service",
    ],
  ],
  [
    "a weight that no kernel knows, and a word that was mistyped",
    "RealServer",
    () => ({ ...SERVER, weight: 65536, forwading: "direct" }),
    () => [
      'refused: property forwading value {direct} has a problem: is not an argument of this resource: did you mean "forwarding"?',
      "refused: property weight value {65536} has a problem: must be a whole number from 0 to 65535, not 65536",
    ],
  ],
  [
    "thresholds in the wrong order, and a port that direct routing cannot reach",
    "RealServer",
    () => ({ ...SERVER, address: "10.0.0.1:8080", upperThreshold: 5, lowerThreshold: 6 }),
    () => [
      'refused: property address value {10.0.0.1:8080} has a problem: "10.0.0.1:8080" has another port than the service (80): ' +
        'direct routing does not change ports; write "10.0.0.1:80", or use forwarding "masquerade"',
      "refused: property lowerThreshold value {6} has a problem: must not be above upperThreshold: 6 is more than 5",
    ],
  ],
  [
    "a network on lo, and a label that is too long",
    "VipAlias",
    () => ({ role: "realServer", address: "192.168.4.5/24", label: "lo:much-too-long" }),
    () => [
      "refused: property address value {192.168.4.5/24} has a problem: must have the prefix /32 for a real server, got /24: on lo " +
        'the whole subnet would become local, and the host would lose its network. Write "192.168.4.5"',
      'refused: property label value {lo:much-too-long} has a problem: must have at most 15 characters, got 16 in "lo:much-too-long": ' +
        "the kernel has no room for more",
    ],
  ],
  [
    "a host that is in no configuration",
    "VirtualService",
    () => ({ ...SERVICE, host: "direktor1" }),
    () => [
      'refused: property host value {direktor1} has a problem: no host is named "direktor1" in lvs:hosts of the stack\'s ' +
        'configuration: did you mean "director1"? It has director1',
    ],
  ],
  [
    "a connection, by its path and without a look at its secrets",
    "VirtualService",
    () => ({ ...SERVICE, host: { host: "192.0.2.1", port: 0, proxy: { hots: "192.0.2.2" }, password: "for no eyes" } }),
    () => [
      "refused has a problem: host.port: must be a whole number from 1 to 65535",
      'refused has a problem: host.proxy.host: is missing: it must be an address or a DNS name, such as "192.0.2.1"',
      'refused has a problem: host.proxy.hots: is not an argument of this resource: did you mean "host"?',
    ],
  ],
];

test.each(rows)("a preview refuses, without a connection to the host: %s", async (_, kind, args, said) => {
  expect(await refused(kind, args())).toEqual(said());
  expect(knocks).toBe(0);
});
