import { netplan } from "../../../provider/dialects/network/netplan/netplan";
import { readNetplan } from "../../../provider/dialects/network/netplan/netplan-yaml";
import { networkd } from "../../../provider/dialects/network/networkd/networkd";
import type { ActiveConfig } from "../../../provider/facts/network/managers";
import { director, networkSeen, realServer, vip } from "./network-seen";

const CLOUD = "/etc/netplan/50-cloud-init.yaml";
const OWN = "/etc/netplan/90-pulumi-lvs-eth0-192.168.4.5.yaml";

const plain = "network:\n  version: 2\n  ethernets:\n    eth0:\n      addresses: [192.168.4.2/24]\n";
const cloud = `# This file is generated
network:
    version: 2
    renderer: networkd
    ethernets:
        id0:
            match:
                macaddress: "02:00:63:00:48:01"
            set-name: eth0
            addresses:
            - 192.168.4.2/24
    bonds:
        "bond0":
            interfaces: [eth2, eth3]
`;

function seen(
  text: string,
  activeConfigs: Readonly<Record<string, ActiveConfig>> = {},
  more: Readonly<Record<string, string>> = {},
) {
  return networkSeen(["netplan", "networkmanager"], { [CLOUD]: text, ...more }, activeConfigs);
}

const rendered = (name: string): Readonly<Record<string, ActiveConfig>> => ({
  eth0: { networkFile: `/run/systemd/network/10-netplan-${name}.network` },
});

test("a director's VIP is one more address in a file of its own, which none but root may read", () => {
  expect(netplan.files(vip(director), seen(plain, rendered("eth0")))).toMatchObject([
    {
      path: OWN,
      mode: "0600",
      text: `# director VIP 192.168.4.5, by pulumi-lvs
network:
  version: 2
  ethernets:
    eth0:
      addresses:
        - "192.168.4.5/32": {label: "eth0:0"}
`,
    },
  ]);
});

test("IPv6 has no label", () => {
  const [file] = netplan.files(vip({ ...director, address: "2001:db8::5" }), seen(plain));
  expect(file?.path).toBe("/etc/netplan/90-pulumi-lvs-eth0-2001-db8--5.yaml");
  expect(file?.text).toContain('        - "2001:db8::5/128"\n');
});

test("the definition goes by another name than the interface: a second one would take its place", () => {
  const config = seen(cloud, rendered("id0"));
  expect(netplan.files(vip(director), config)[0]?.text).toContain("  ethernets:\n    id0:\n      addresses:\n");
  const bond = seen(cloud, { bond0: { networkFile: "/run/systemd/network/10-netplan-bond0.network" } });
  expect(netplan.files(vip({ ...director, device: "bond0" }), bond)[0]?.text).toContain("  bonds:\n    bond0:\n");
});

test("an interface that no file defines is refused", () => {
  const says =
    "no file of /etc/netplan defines eth1, so there is nothing to add 192.168.4.5/32 to. Define it there, " +
    'or set "boot: false"';
  expect(netplan.blockedBy(vip({ ...director, device: "eth1" }), seen(plain))).toBe(says);
  const ours = seen("network: {version: 2}\n", {}, { [OWN]: plain });
  expect(netplan.blockedBy(vip(director), ours)).toContain("no file of /etc/netplan defines eth0");
});

test("NetworkManager as the backend: a label would make netplan write nothing at all", () => {
  const uuid = "626dd384-8b3d-3690-9511-192b2c79b3fd";
  const config = seen(
    `${plain}  renderer: NetworkManager\n`,
    { eth0: { profile: uuid } },
    { "/run/NetworkManager/system-connections/netplan-eth0.nmconnection": `[connection]\nuuid=${uuid}\n` },
  );
  const wanted = vip(director);
  expect(netplan.files(wanted, config)[0]?.text).toContain('        - "192.168.4.5/32"\n');
  expect(netplan.keepsLabel?.(wanted, config)).toBe(false);
  expect(netplan.keepsLabel?.(wanted, seen(plain, rendered("eth0")))).toBe(true);
});

test("lo and dummies are told to the backend", () => {
  const folder = (text: string) => netplan.files(vip(realServer), seen(text)).map(({ path }) => path);
  expect(folder(plain)).toContain("/etc/systemd/network/50-pulumi-lvs-lo.network");
  expect(folder(`${plain}  renderer: NetworkManager\n`)).toEqual([
    "/etc/systemd/system/pulumi-lvs-vip-lo-192.168.4.5.service",
  ]);
});

test.each([
  { what: "other indentation", of: (text: string) => text.replaceAll(/^ +/gm, "$&$&"), same: true },
  { what: "comments and blank lines", of: (text: string) => `# mine\n\n${text}`, same: true },
  { what: "another depth", of: (text: string) => text.replace("    eth0", "  eth0"), same: false },
  { what: "another prefix", of: (text: string) => text.replace("/32", "/24"), same: false },
  { what: "a tab", of: (text: string) => text.replace("  version", "\tversion"), same: false },
])("a file with $what says the same: $same", ({ of, same }) => {
  const [file] = netplan.files(vip(director), seen(plain));
  expect(file?.matches(of(file.text).split("\n"))).toBe(same);
});

const eth0 = { section: "ethernets", name: "eth0" };
const eth1 = { section: "ethernets", name: "eth1" };

// Each row was tried with `netplan generate` 0.106.
test.each([
  {
    why: "block style, and a quoted name",
    text: cloud,
    reads: {
      definitions: [
        { section: "ethernets", name: "id0" },
        { section: "bonds", name: "bond0" },
      ],
      renderer: "networkd",
    },
  },
  {
    why: "flow style",
    text: 'network: {version: 2, ethernets: {eth0: {dhcp4: true}, "eth1": {addresses: [10.0.0.1/24]}}}\n',
    reads: { definitions: [eth0, eth1] },
  },
  { why: "JSON", text: '{"network":{"version":2,"ethernets":{"eth0":{}}}}\n', reads: { definitions: [eth0] } },
  {
    why: "an anchor and its alias",
    text: "network:\n  ethernets:\n    eth0: &base\n      dhcp4: true\n    eth1: *base\n",
    reads: { definitions: [eth0, eth1] },
  },
  {
    why: "a merge key is a key like others: netplan refuses it",
    text: "network:\n  ethernets: {eth0: &base {dhcp4: true}, eth1: {<<: *base}}\n",
    reads: { definitions: [eth0, eth1] },
  },
  {
    why: "of several documents the first one counts, even if another one cannot be read",
    text: "network: {ethernets: {eth0: {}}}\n---\nnetwork: {ethernets: {eth1: {}}}\n---\nnetwork: [\n",
    reads: { definitions: [eth0] },
  },
  {
    why: "a section that is there twice",
    text: "network:\n  ethernets: {eth0: {}}\n  ethernets: {eth1: {}}\n",
    reads: { definitions: [eth0, eth1] },
  },
  {
    why: "of several renderers the last one counts",
    text: "network:\n  renderer: networkd\n  renderer: NetworkManager\n",
    reads: { definitions: [], renderer: "NetworkManager" },
  },
  {
    why: "the renderer of one interface is not that of the file",
    text: "network:\n  ethernets:\n    eth0:\n      renderer: NetworkManager\n",
    reads: { definitions: [eth0] },
  },
  {
    why: "comments, carriage returns, and tabs that do not indent",
    text: "# mine\r\nnetwork:\t# x\r\n  ethernets:\r\n    eth0: {dhcp4:\ttrue}\t# y\r\n",
    reads: { definitions: [eth0] },
  },
  { why: "nothing but a comment", text: "# nothing\n", reads: { definitions: [] } },
  {
    why: "a tab that indents",
    text: "network:\n  version: 2\n\tethernets:\n    eth0: {}\n",
    reads: { definitions: [], error: { line: 3, reason: "Tabs are not allowed as indentation" } },
  },
])("what is read of YAML: $why", ({ text, reads }) => {
  const { definitions, ...rest } = readNetplan(text.split("\n"));
  expect({ definitions: definitions.map(({ section, name }) => ({ section, name })), ...rest }).toEqual(reads);
});

test("addresses of netplan's files: joined, each once, and a file hides those of its name in later folders", () => {
  const entry = (lines: string) => `network:\n  ethernets:\n${lines}`;
  const eth0 = "    eth0:\n      addresses:\n";
  const files = {
    "/etc/netplan/50-cloud-init.yaml": entry(
      `${eth0}        - 192.168.4.2/24\n        - "192.168.4.5/32": {label: "eth0:3"}\n`,
    ),
    "/run/netplan/60-x.yaml": entry(`${eth0}        - 192.168.4.5/32\n`),
    "/etc/netplan/60-x.yaml": entry(`${eth0}        - 192.168.4.5/24\n`),
    "/etc/netplan/90-pulumi-lvs-eth0-192.168.4.5.yaml": entry(`${eth0}        - 192.168.4.5/25\n`),
    "/lib/netplan/10-y.yaml": entry(
      "    any:\n      match: {driver: x}\n      set-name: eth1\n      addresses: [192.168.4.5/32]\n",
    ),
  };
  const config = networkSeen(["netplan"], files);
  expect(netplan.declares?.(vip(director), config)).toEqual([
    { path: "/lib/netplan/10-y.yaml", line: 6, device: "eth1", label: "eth1", address: "192.168.4.5/32" },
    { path: "/etc/netplan/50-cloud-init.yaml", line: 6, device: "eth0", label: "eth0:3", address: "192.168.4.5/32" },
  ]);
});

test("a drop-in of the file that netplan writes for networkd counts, and what netplan writes counts once", () => {
  const written = "/run/systemd/network/10-netplan-eth0.network";
  const files = {
    "/etc/netplan/50-cloud-init.yaml":
      "network:\n  ethernets:\n    eth0:\n      addresses:\n        - 192.168.4.2/24\n",
    [written]: "[Match]\nName=eth0\n[Network]\nAddress=192.168.4.2/24\nAddress=192.168.4.5/24\n",
    "/etc/systemd/network/10-netplan-eth0.network.d/vip.conf": "[Address]\nAddress=192.168.4.5/32\nLabel=eth0:7\n",
  };
  const config = networkSeen(["netplan", "networkd"], files, { eth0: { networkFile: written } });
  expect([netplan, networkd].flatMap(({ declares }) => declares?.(vip(director), config) ?? [])).toEqual([
    {
      path: "/etc/systemd/network/10-netplan-eth0.network.d/vip.conf",
      line: 2,
      device: "eth0",
      label: "eth0:7",
      address: "192.168.4.5/32",
    },
  ]);
});

test("a file that cannot be read is refused, with its line", () => {
  const broken = seen("network:\n  ethernets:\n    eth0: {dhcp4: true\n", rendered("eth0"));
  const says =
    `cannot read ${CLOUD}, line 4, as YAML: Flow map in block collection must be sufficiently indented and end with a }. ` +
    'If "netplan get" on the host fails too, mend that line; otherwise set "boot: false"';
  for (const wanted of [vip(director), vip(realServer)]) expect(netplan.blockedBy(wanted, broken)).toBe(says);
});

test.each([
  [
    "a drop-in that networkd cannot read",
    "/etc/systemd/network/10-netplan-eth0.network.d/a.conf",
    "[Network\n",
    "networkd gives",
  ],
  ["a file before netplan's", "/etc/systemd/network/05-lan.network", "[Match]\nName=eth0\n", "comes before"],
])("with %s, what netplan says counts for nothing", (_, path, text, says) => {
  const config = seen(plain, rendered("eth0"), { [path]: text });
  expect(netplan.blockedBy(vip(director), config)).toContain(says);
  const own = vip({ ...director, address: "192.168.4.2/24", label: "" });
  expect(netplan.declares?.(own, config)).toEqual([]);
  expect(netplan.declares?.(own, seen(plain, rendered("eth0")))).toHaveLength(1);
});
