import { NatCluster, type NatClusterArgs } from "../../provider/index";
import { before, registrations } from "./registrations";

const web: NatClusterArgs = {
  directors: { director1: { device: "eth0", internal: { device: "eth1", address: "192.168.2.1", alias: true } } },
  realServers: { web1: { address: "192.168.2.100" }, web2: { address: "192.168.2.200" } },
  vips: ["192.168.4.5"],
  ports: [{ port: 80, serverPort: 8080 }, 443],
  returnRoute: { device: "eth1" },
};

function made(args: Partial<NatClusterArgs> = {}) {
  return registrations((opts) => {
    new NatCluster("web", { ...web, ...args }, opts);
  });
}

test("router, gateway, ways back, rules, VIP", async () => {
  const all = await made();
  expect([...all.values()].map(({ name, type, dependsOn }) => [name, type, dependsOn])).toEqual([
    ["web", "NatCluster", []],
    ["web-director1", "NatKernelTuning", []],
    ["web-director1-inside", "VipAlias", []],
    ["web-web1", "ReturnRoute", ["web-director1", "web-director1-inside"]],
    ["web-web2", "ReturnRoute", ["web-director1", "web-director1-inside"]],
    ["web-director1-192.168.4.5-tcp-80", "VirtualService", [...GROUND, "web-web1", "web-web2"]],
    ["web-director1-192.168.4.5-tcp-443", "VirtualService", [...GROUND, "web-web1", "web-web2"]],
    [
      "web-director1-192.168.4.5",
      "VipAlias",
      ["web-director1-192.168.4.5-tcp-443", "web-director1-192.168.4.5-tcp-80"],
    ],
  ]);
});

test("real servers hold no VIP; their port may be another one", async () => {
  const all = await made();
  const masquerade = { forwarding: "masquerade" };
  expect(all.get("web-director1-192.168.4.5-tcp-80")?.inputs["realServers"]).toEqual({
    "192.168.2.100:8080": masquerade,
    "192.168.2.200:8080": masquerade,
  });
  expect(all.get("web-director1-192.168.4.5-tcp-443")?.inputs["realServers"]).toEqual({
    "192.168.2.100": masquerade,
    "192.168.2.200": masquerade,
  });
  expect([...all.values()].filter(({ inputs }) => inputs["role"] === "realServer")).toEqual([]);
});

test("the way back leads through the internal address of the director that holds the first VIP", async () => {
  const internal = (address: string) => ({ device: "eth1", address, alias: true });
  const all = await made({
    directors: {
      director1: { device: "eth0", vips: [], internal: internal("192.168.2.2") },
      director2: { device: "eth0", vips: ["192.168.4.5"], internal: internal("192.168.2.3") },
    },
    realServers: {
      web1: { address: "192.168.2.100" },
      web2: { address: "192.168.2.200", returnRoute: { device: "eth7", mode: "default" } },
      web3: { address: "192.168.2.201", returnRoute: false },
    },
  });
  expect(all.get("web-web1")).toMatchObject({
    type: "ReturnRoute",
    inputs: { host: "web1", address: "192.168.2.100", gateway: "192.168.2.3", device: "eth1", boot: true },
    dependsOn: ["web-director2", "web-director2-inside"],
  });
  expect(all.get("web-web2")?.inputs).toEqual({
    host: "web2",
    gateway: "192.168.2.3",
    device: "eth7",
    mode: "default",
    boot: true,
  });
  expect(all.has("web-web3")).toBe(false);
  expect(all.has("web-director1-inside")).toBe(false);
  expect(all.get("web-director1")?.type).toBe("NatKernelTuning");
});

describe("IPv6", () => {
  const vip6 = "2001:db8:4::5";
  const internal = { device: "eth1", address: "2001:db8:2::2" };
  const realServers = { web1: { address: "2001:db8:2::100" } };

  test("alone: the director forwards it and nothing else, the way back is its own", async () => {
    const all = await made({
      directors: { director1: { device: "eth0", internal } },
      realServers,
      vips: [vip6],
      ports: [80],
    });
    expect(all.get("web-director1")?.inputs).toEqual({
      host: "director1",
      devices: ["eth1"],
      families: ["ipv6"],
      boot: true,
    });
    expect(all.get("web-web1")?.inputs).toMatchObject({ address: "2001:db8:2::100", gateway: "2001:db8:2::2" });
    expect(all.has("web-web1-ipv6")).toBe(false);
  });

  const both = {
    vips: ["192.168.4.5", vip6],
    realServers: { web1: { address: "192.168.2.100", address6: "2001:db8:2::100" } },
    returnRoute: { device: "eth1", localNetworks: ["192.168.2.0/24"], table: 100 },
  };

  test("beside IPv4: both are forwarded, and each has its way back and its gateway", async () => {
    const dual = { device: "eth1", address: "192.168.2.1", address6: "2001:db8:2::1", alias: true };
    const all = await made({ ...both, directors: { director1: { device: "eth0", internal: dual } } });
    expect(all.get("web-director1")?.inputs["families"]).toEqual(["ipv4", "ipv6"]);
    expect(all.get("web-director1-inside6")?.inputs).toMatchObject({ role: "director", address: "2001:db8:2::1" });
    expect(all.get("web-web1")?.inputs).toMatchObject({
      gateway: "192.168.2.1",
      localNetworks: ["192.168.2.0/24"],
      table: 100,
    });
    expect(all.get("web-web1-ipv6")?.inputs).toEqual({
      host: "web1",
      address: "2001:db8:2::100",
      gateway: "2001:db8:2::1",
      device: "eth1",
      table: 100,
      boot: true,
    });
    expect(before(all, "web-director1-2001-db8-4--5-tcp-80")).toEqual(
      expect.arrayContaining(["web-director1-inside6", "web-web1", "web-web1-ipv6"]),
    );
  });

  test("beside IPv4, without an address of the director for the way back", async () => {
    await expect(made(both as never)).rejects.toThrow(
      'NatCluster web: has VIPs of both families: their replies need an IPv6 address of director director1 as well, internal: { ..., address6: "2001:db8:2::2" }',
    );
  });
});

test("a server that forwards directly needs what direct routing needs", async () => {
  const all = await made({
    realServers: { web1: { address: "192.168.2.100" }, web2: { address: "192.168.4.200", forwarding: "direct" } },
    ports: [80],
  });
  expect(all.get("web-web2")?.type).toBe("DrKernelTuning");
  expect(before(all, "web-web2-192.168.4.5")).toEqual(["web-web2"]);
  expect(all.get("web-director1-192.168.4.5-tcp-80")?.inputs["realServers"]).toEqual({
    "192.168.2.100": { forwarding: "masquerade" },
    "192.168.4.200": { forwarding: "direct" },
  });
});

test("a director without an internal side is refused, with an example", async () => {
  await expect(made({ directors: { director1: { device: "eth0" } } } as never)).rejects.toThrow(
    'NatCluster web: director director1 needs an internal address for masquerading: internal: { device: "eth1", address: "192.168.2.2" }',
  );
});

const GROUND = ["web-director1", "web-director1-inside"];
