import { DrCluster, type DrClusterArgs, NatCluster, type NatClusterArgs } from "../../provider/index";
import { before, registrations } from "./registrations";

const nat: NatClusterArgs = {
  directors: {},
  realServers: { web1: { address: "192.168.2.100" }, web2: { address: "192.168.2.200" } },
  vips: ["192.168.4.5"],
  ports: [80],
  returnRoute: { device: "eth1" },
};

function made(args: Partial<NatClusterArgs> = {}) {
  return registrations((opts) => {
    new NatCluster("web", { ...nat, ...args }, opts);
  });
}

describe("with masquerading", () => {
  const internal = { device: "eth1", address: "192.168.2.2" };
  const directors = { director1: { device: "eth0", internal }, director2: { device: "eth0", internal } };
  const failover = { virtualRouterId: 51 };
  const sync = { device: "eth1", syncId: 5 };

  test("each director can get the VIPs and the address inside; the first one's instance comes last", async () => {
    const all = await made({ directors, failover, sync, vips: ["192.168.4.5", "192.168.4.6"] });
    expect([...all.values()].filter(({ type }) => type === "VipAlias")).toEqual([]);
    expect(all.get("web-director1-vrrp")?.inputs).toEqual({
      host: "director1",
      device: "eth0",
      virtualRouterId: 51,
      addresses: [
        { address: "192.168.4.5", label: "eth0:c0a80405" },
        { address: "192.168.4.6", label: "eth0:c0a80406" },
        { address: "192.168.2.2", device: "eth1", label: "eth1:c0a80202" },
      ],
      priority: 254,
      track: { devices: ["eth1"], hosts: ["192.168.2.100", "192.168.2.200"] },
    });
    expect(all.get("web-director2-vrrp")?.inputs).toMatchObject({ host: "director2", priority: 253 });
    expect(before(all, "web-director2-vrrp")).not.toContain("web-director1-vrrp");
    expect(before(all, "web-director1-vrrp")).toEqual(
      expect.arrayContaining([
        "web-director2-vrrp",
        "web-director1-192.168.4.6-tcp-80",
        "web-director2-192.168.4.5-tcp-80",
        "web-director1-sync-master",
        "web-director2-sync-backup",
      ]),
    );
    expect(all.get("web-director2-sync-master")).toMatchObject({
      inputs: { host: "director2", role: "master", device: "eth1", syncId: 5, boot: true },
      dependsOn: ["web-director2-sync-backup"],
    });
    expect(all.get("web-web1")?.inputs).toMatchObject({ gateway: "192.168.2.2" });
  });

  test("two gateways, VIPs of one director, one director alone are refused", async () => {
    const other = { device: "eth1", address: "192.168.2.3" };
    await expect(
      made({ failover, directors: { ...directors, director2: { device: "eth0", internal: other } } }),
    ).rejects.toThrow(
      "directors director1 and director2 have an internal.address each: with failover it is the gateway of replies",
    );
    await expect(
      made({ failover, directors: { ...directors, director2: { device: "eth0", internal, vips: [] } } }),
    ).rejects.toThrow("director director2 has vips, and failover");
    await expect(made({ failover, directors: { director1: directors.director1 } })).rejects.toThrow(
      "needs a second director for failover",
    );
  });
});

describe("with direct routing", () => {
  const web: DrClusterArgs = {
    directors: { director1: {}, director2: {}, director3: {} },
    device: "eth0",
    realServers: { web1: { address: "192.168.4.100" } },
    vips: ["192.168.4.5"],
    ports: [80],
  };
  const dr = (failover: NonNullable<DrClusterArgs["failover"]>) =>
    registrations((opts) => {
      new DrCluster("web", { ...web, failover }, opts);
    });
  const peers = { director1: "192.168.4.2", director2: "192.168.4.3", director3: "192.168.4.4" };

  test("real servers have the VIP as before; each director knows the others", async () => {
    const all = await dr({ virtualRouterId: 51, advertInterval: 0.3, preempt: { delay: 60 }, peers });
    expect(all.get("web-web1-192.168.4.5")?.inputs).toMatchObject({ role: "realServer" });
    expect(all.has("web-director1-192.168.4.5")).toBe(false);
    expect(all.get("web-director2-vrrp")?.inputs).toEqual({
      host: "director2",
      device: "eth0",
      virtualRouterId: 51,
      addresses: [{ address: "192.168.4.5", label: "eth0:c0a80405" }],
      priority: 253,
      advertInterval: 0.3,
      preempt: { delay: 60 },
      peers: ["192.168.4.2", "192.168.4.4"],
      source: "192.168.4.3",
    });
  });

  test("each director checks the real servers, which may differ in it", async () => {
    const check = { http: { path: "/health" } };
    const own = { healthCheck: { port: 8080 } };
    const all = await registrations((opts) => {
      const realServers = { web1: { address: "192.168.4.100", ...own } };
      new DrCluster("web", { ...web, realServers, healthCheck: check }, opts);
    });
    for (const director of ["director1", "director2", "director3"])
      expect(all.get(`web-${director}-192.168.4.5-tcp-80`)?.inputs).toMatchObject({
        healthCheck: check,
        realServers: { "192.168.4.100": own },
      });
  });

  test("peers are the directors, all of them", async () => {
    await expect(dr({ virtualRouterId: 51, peers: { ...peers, director4: "192.168.4.9" } })).rejects.toThrow(
      "failover.peers has director4, which is no director",
    );
    const { director3: _, ...two } = peers;
    await expect(dr({ virtualRouterId: 51, peers: two })).rejects.toThrow(
      "failover.peers needs the address of director director3",
    );
  });
});
