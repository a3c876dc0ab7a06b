import { TunCluster, type TunClusterArgs } from "../../provider/index";
import { before, registrations } from "./registrations";

const web: TunClusterArgs = {
  directors: { director1: { device: "eth0" } },
  realServers: { web1: { address: "10.8.0.3" }, web2: { address: "10.9.0.3", tunnel: { type: "gue", port: 6080 } } },
  vips: ["192.168.4.5"],
  ports: [80],
};

function made(args: Partial<TunClusterArgs> = {}) {
  return registrations((opts) => {
    new TunCluster("web", { ...web, ...args }, opts);
  });
}

test("the tunnel's end, the VIP on its device, rules, VIP", async () => {
  const all = await made();
  expect([...all.values()].map(({ name, type }) => [name, type])).toEqual([
    ["web", "TunCluster"],
    ["web-web1", "TunKernelTuning"],
    ["web-web1-192.168.4.5", "VipAlias"],
    ["web-web2", "TunKernelTuning"],
    ["web-web2-192.168.4.5", "VipAlias"],
    ["web-director1-192.168.4.5-tcp-80", "VirtualService"],
    ["web-director1-192.168.4.5", "VipAlias"],
  ]);
  expect(before(all, "web-director1-192.168.4.5")).toEqual([
    "web-web1",
    "web-web1-192.168.4.5",
    "web-web2",
    "web-web2-192.168.4.5",
    "web-director1-192.168.4.5-tcp-80",
  ]);
  expect(all.get("web-web1")?.inputs).toEqual({ host: "web1", sameSubnetAsVip: true, boot: true });
  expect(all.get("web-web2")?.inputs).toEqual({
    host: "web2",
    type: "gue",
    port: 6080,
    sameSubnetAsVip: true,
    boot: true,
  });
  expect(all.get("web-web2-192.168.4.5")?.inputs).toMatchObject({ device: "tunl0", label: "tunl0:c0a80405" });
  expect(all.get("web-director1-192.168.4.5-tcp-80")?.inputs["realServers"]).toEqual({
    "10.8.0.3": { forwarding: "tunnel" },
    "10.9.0.3": { forwarding: "tunnel", tunnel: { type: "gue", port: 6080 } },
  });
});

describe("IPv6", () => {
  const vip6 = "2001:db8:4::5";
  const realServers = { web1: { address: "10.8.0.3" }, web2: { address: "10.9.0.3", address6: "2001:db8:9::3" } };

  test("comes in the envelope that the server's address asks for, to a VIP on lo", async () => {
    const all = await made({ vips: [vip6], realServers });
    expect(all.get("web-web1")?.inputs).toEqual({ host: "web1", encapsulates: "6in4", boot: true });
    expect(all.get("web-web2")?.inputs).toEqual({ host: "web2", encapsulates: "6in6", boot: true });
    expect(all.get("web-web2-2001-db8-4--5")).toMatchObject({ inputs: { device: "lo" }, dependsOn: ["web-web2"] });
    expect(all.get("web-director1-2001-db8-4--5-tcp-80")?.inputs["realServers"]).toEqual({
      "10.8.0.3": { forwarding: "tunnel" },
      "2001:db8:9::3": { forwarding: "tunnel" },
    });
  });

  test("beside IPv4 each has its end of the tunnel", async () => {
    const all = await made({ vips: ["192.168.4.5", vip6], realServers });
    expect(all.get("web-web2")?.inputs).toEqual({ host: "web2", sameSubnetAsVip: true, boot: true });
    expect(all.get("web-web2-ipv6")?.inputs).toEqual({ host: "web2", encapsulates: "6in6", boot: true });
    expect(all.get("web-web2-192.168.4.5")?.inputs).toMatchObject({ device: "tunl0" });
    expect(before(all, "web-director1-2001-db8-4--5-tcp-80")).toEqual(expect.arrayContaining(["web-web2-ipv6"]));
  });
});

test("the cluster's envelope is that of servers which do not say theirs", async () => {
  const all = await made({ tunnel: { type: "gre", checksum: "csum" } });
  expect(all.get("web-web1")?.inputs).toMatchObject({ type: "gre" });
  expect(all.get("web-web1-192.168.4.5")?.inputs).toMatchObject({ device: "gre0" });
  expect(all.get("web-web2")?.inputs).toMatchObject({ type: "gue" });
  expect(all.get("web-director1-192.168.4.5-tcp-80")?.inputs["realServers"]).toMatchObject({
    "10.8.0.3": { forwarding: "tunnel", tunnel: { type: "gre", checksum: "csum" } },
  });
});

test("where a server has its VIPs and whether it shares their network can be said", async () => {
  const all = await made({
    realServers: { web1: { address: "10.8.0.3", device: "dummy0", sameSubnetAsVip: false } },
  });
  expect(all.get("web-web1")?.inputs).toEqual({ host: "web1", sameSubnetAsVip: false, boot: true });
  expect(all.get("web-web1-192.168.4.5")?.inputs).toMatchObject({ device: "dummy0", label: "dummy0:c0a80405" });
});
