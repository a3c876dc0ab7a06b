import { netplan } from "../../../provider/dialects/network/netplan";
import { definitionsIn, rendererIn } from "../../../provider/dialects/network/netplan-yaml";
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
    "no file of /etc/netplan was found to define eth1, so there is nothing to add 192.168.4.5/32 to. Define it there, in block " +
    'style, or set "boot: false"';
  expect(netplan.blockedBy(vip({ ...director, device: "eth1" }), seen(plain))).toBe(says);
  const ours = seen("network: {version: 2}\n", {}, { [OWN]: plain });
  expect(netplan.blockedBy(vip(director), ours)).toContain("was found to define eth0");
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
    "/etc/NetworkManager/system-connections/pulumi-lvs-lo.nmconnection",
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

test("what is read of YAML: definitions and the renderer, in block style", () => {
  expect(definitionsIn(cloud.split("\n"))).toEqual([
    { section: "ethernets", name: "id0" },
    { section: "bonds", name: "bond0" },
  ]);
  expect(rendererIn(cloud.split("\n"))).toBe("networkd");
  expect(rendererIn(["network:", "  ethernets:", "    eth0:", "      renderer: NetworkManager"])).toBeUndefined();
  expect(definitionsIn(["network: {ethernets: {eth0: {dhcp4: true}}}"])).toEqual([]);
});
