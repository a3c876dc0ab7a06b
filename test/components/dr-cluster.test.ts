import * as pulumi from "@pulumi/pulumi";
import { DrCluster, type DrClusterArgs, type VirtualService } from "../../provider/index";
import { before, type Registration, registrations, valueOf } from "./registrations";

const web: DrClusterArgs = {
  directors: { director1: { device: "eth0" } },
  realServers: { web1: { address: "192.168.4.100", weight: 2 }, web2: { address: "192.168.4.200" } },
  vips: ["192.168.4.5"],
  ports: [80],
  scheduler: "wrr",
};

function made(args: Partial<DrClusterArgs> = {}): Promise<ReadonlyMap<string, Registration>> {
  return registrations((opts) => {
    new DrCluster("web", { ...web, ...args }, opts);
  });
}

async function names(args: Partial<DrClusterArgs>): Promise<string[]> {
  return [...(await made(args)).keys()].sort();
}

describe("the children", () => {
  test("are these, with these arguments, in this order", async () => {
    const all = await made();
    expect([...all.values()].map(({ name, type, inputs }) => [name, type, inputs])).toEqual([
      ["web", "DrCluster", {}],
      ["web-web1", "DrKernelTuning", { host: "web1", boot: true }],
      ["web-web1-192.168.4.5", "VipAlias", vipOn("web1")],
      ["web-web2", "DrKernelTuning", { host: "web2", boot: true }],
      ["web-web2-192.168.4.5", "VipAlias", vipOn("web2")],
      [
        "web-director1-192.168.4.5-tcp-80",
        "VirtualService",
        {
          host: "director1",
          protocol: "tcp",
          address: "192.168.4.5:80",
          scheduler: "wrr",
          realServers: {
            "192.168.4.100": { weight: 2, forwarding: "direct" },
            "192.168.4.200": { forwarding: "direct" },
          },
          drain: { timeout: 60 },
          boot: true,
        },
      ],
      [
        "web-director1-192.168.4.5",
        "VipAlias",
        {
          host: "director1",
          role: "director",
          address: "192.168.4.5",
          device: "eth0",
          label: "eth0:c0a80405",
          boot: true,
        },
      ],
    ]);
  });

  test("all belong to the cluster, so that they are listed and deleted with it", async () => {
    const children = [...(await made()).values()].filter(({ name }) => name !== "web");
    expect(children.map(({ parent }) => parent)).toEqual(children.map(() => "web"));
  });

  test("can be reached by what they are", async () => {
    let cluster: DrCluster | undefined;
    await registrations((opts) => {
      cluster = new DrCluster("web", web, opts);
    });
    const { services, nodes, vips } = cluster ?? {};
    const service = services?.["director1"]?.["tcp 192.168.4.5:80"];
    expect(vips).toEqual(["192.168.4.5"]);
    expect(await urnOf(service)).toMatch(/VirtualService::web-director1-192\.168\.4\.5-tcp-80$/);
    expect(nodes?.directors["director1"]?.services["tcp 192.168.4.5:80"]).toBe(service);
    expect(nodes?.directors["director1"]?.vips["192.168.4.5"]).toBeDefined();
    expect(Object.keys(nodes?.realServers["web2"] ?? {})).toEqual(["drKernelTuning", "vips"]);
  });
});

describe("the safe order", () => {
  test("tuning, VIP on every real server, rules, VIP of the director", async () => {
    const all = await made();
    expect(before(all, "web-web1-192.168.4.5")).toEqual(["web-web1"]);
    expect(before(all, "web-director1-192.168.4.5-tcp-80")).toEqual([
      "web-web1",
      "web-web1-192.168.4.5",
      "web-web2",
      "web-web2-192.168.4.5",
    ]);
    expect(all.get("web-director1-192.168.4.5")?.dependsOn).toEqual(["web-director1-192.168.4.5-tcp-80"]);
  });

  test("the path of one VIP does not wait for that of another", async () => {
    const all = await made({ vips: ["192.168.4.5", "192.168.4.6"], ports: [80, 443] });
    expect(before(all, "web-director1-192.168.4.6").filter((name) => name.includes("4.5"))).toEqual([]);
    expect(all.get("web-director1-192.168.4.6")?.dependsOn).toEqual([
      "web-director1-192.168.4.6-tcp-443",
      "web-director1-192.168.4.6-tcp-80",
    ]);
  });

  test('with granularity "server", a real server is ready before its rule, and all rules are there before the VIP', async () => {
    const all = await made({ granularity: "server" });
    const rule = "web-director1-192.168.4.5-tcp-80-web1";
    expect(all.get(rule)).toMatchObject({
      type: "RealServer",
      dependsOn: ["web-web1", "web-web1-192.168.4.5"],
      inputs: { host: "director1", address: "192.168.4.100", weight: 2, forwarding: "direct", drain: { timeout: 60 } },
    });
    expect(all.get("web-director1-192.168.4.5")?.dependsOn).toEqual([
      "web-director1-192.168.4.5-tcp-80",
      rule,
      "web-director1-192.168.4.5-tcp-80-web2",
    ]);
    const { inputs } = all.get("web-director1-192.168.4.5-tcp-80") ?? {};
    expect(Object.keys(inputs ?? {}).sort()).toEqual(["address", "boot", "host", "protocol", "scheduler"]);
  });
});

describe("names", () => {
  const rows: [what: string, args: Partial<DrClusterArgs>, added: string[]][] = [
    [
      "a real server",
      { realServers: { web0: { address: "192.168.4.50" }, ...web.realServers } },
      ["web-web0", "web-web0-192.168.4.5"],
    ],
    ["a port", { ports: [443, 80] }, ["web-director1-192.168.4.5-tcp-443"]],
    [
      "a port of another protocol",
      { ports: [{ port: 80, protocol: "udp" }, 80] },
      ["web-director1-192.168.4.5-udp-80"],
    ],
    [
      "a VIP, of IPv6",
      { vips: ["2001:DB8:0::5", "192.168.4.5"] },
      ["web-director1-2001-db8--5", "web-director1-2001-db8--5-tcp-80", "web-web1-2001-db8--5", "web-web2-2001-db8--5"],
    ],
    [
      "a standby director",
      { directors: { director1: {}, director2: {} }, device: "eth0" },
      ["web-director2-192.168.4.5-tcp-80"],
    ],
  ];

  test.each(rows)("stay when %s is added", async (_, args, added) => {
    const was = await names({});
    expect(await names(args)).toEqual([...was, ...added].sort());
  });
});

describe("defaults and what overrides them", () => {
  test("a port can differ from the others", async () => {
    const ports = [80, { port: 53, protocol: "udp", onePacket: true, scheduler: "rr" } as const];
    const all = await made({ ports, persistenceTimeout: 300 });
    expect(all.get("web-director1-192.168.4.5-tcp-80")?.inputs).toMatchObject({
      scheduler: "wrr",
      persistenceTimeout: 300,
    });
    expect(all.get("web-director1-192.168.4.5-udp-53")?.inputs).toMatchObject({ scheduler: "rr", onePacket: true });
  });

  test("a VIP moves to another director by what the directors hold", async () => {
    const directors = { director1: { vips: [] }, director2: { vips: ["192.168.4.5"] } };
    expect(await names({ directors, device: "eth0" })).toEqual(
      expect.arrayContaining(["web-director2-192.168.4.5", "web-director1-192.168.4.5-tcp-80"]),
    );
  });

  test("an IPv6 VIP has the IPv6 addresses of the servers, and needs no ARP settings", async () => {
    const realServers = { web1: { address: "192.168.4.100", address6: "2001:db8::100", weight: 0 } };
    const all = await made({ vips: ["2001:db8::5"], realServers });
    expect([...all.values()].map(({ type }) => type)).not.toContain("DrKernelTuning");
    expect(all.get("web-director1-2001-db8--5-tcp-80")?.inputs).toMatchObject({
      address: "[2001:db8::5]:80",
      realServers: { "2001:db8::100": { weight: 0 } },
    });
  });

  test("transform has the last word, for a kind or for a child", async () => {
    const asked: string[] = [];
    const all = await made({
      transform: {
        virtualService: { rulesLoader: "rhel", scheduler: "sh" },
        vipAlias: (args, opts, name) => {
          asked.push(name);
          if (args.role === "realServer") return undefined;
          return { args: { ...args, label: "eth0:0" }, opts: { ...opts, protect: true } };
        },
        drKernelTuning: (args) => ({ args: { ...args, devices: ["eth0"] } }),
      },
    });
    expect(asked).toEqual(["web-web1-192.168.4.5", "web-web2-192.168.4.5", "web-director1-192.168.4.5"]);
    expect(all.get("web-director1-192.168.4.5-tcp-80")?.inputs).toMatchObject({ rulesLoader: "rhel", scheduler: "sh" });
    expect(all.get("web-director1-192.168.4.5")?.inputs).toMatchObject({ label: "eth0:0", device: "eth0" });
    expect(all.get("web-web1-192.168.4.5")?.inputs).toMatchObject({ label: "lo:c0a80405" });
    expect(all.get("web-web2")?.inputs).toMatchObject({ host: "web2", devices: ["eth0"] });
  });

  test("a host may be a connection, which is secret, and none of it is an input of the cluster", async () => {
    const host = { host: "10.0.0.9", privateKey: "a key" };
    const all = await made({ realServers: { web1: { address: "192.168.4.100", host } } });
    expect(all.get("web")?.inputs).toEqual({});
    expect(all.get("web-web1")?.inputs["host"]).toMatchObject({ value: host });
  });
});

describe("what cannot be is refused, and said how to say it", () => {
  const rows: [args: object, message: string][] = [
    [
      { directors: { director1: {} } },
      'director director1 needs a device, the NIC that gets the VIPs: device: "eth0", for it or for all',
    ],
    [{ directors: {} }, "needs a director"],
    [{ schedular: "rr" }, 'schedular: is not an argument: did you mean "scheduler"?'],
    [{ scheduler: "wwr" }, 'scheduler: "wwr" is not a known scheduler: did you mean "wrr"?'],
    [
      { directors: { director1: { nic: "eth0" } } },
      "directors.director1.nic: is not an argument; there are host, device, vips, internal",
    ],
    [
      { directors: { director1: null } },
      'directors.director1: must be settings: { device: "eth0" }, or {}, not null, as YAML reads an empty value',
    ],
    [
      { directors: { director1: { device: "eth0", internal: { device: "eth1" } } } },
      "directors.director1.internal.address: is missing: it must be an IP address",
    ],
    [{ realServers: undefined }, "realServers: is missing: it must be a map from name to settings: { web1: { address:"],
    [
      { realServers: { web1: { weight: 2 } } },
      'realServers.web1.address: is missing: it must be an address, such as "192.168.4.100"',
    ],
    [
      { realServers: { web1: { address: "192.168.4.100", weight: "2" } } },
      'realServers.web1.weight: must be a whole number from 0 to 65535, not "2"',
    ],
    [
      { realServers: { web1: { address: "192.168.4.100", host: { host: "10.0.0.1", password: 5 } } } },
      "realServers.web1.host.password: must be text, not a number",
    ],
    [{ vips: undefined }, 'vips: is missing: it must be a list: vips: ["192.168.4.5"]'],
    [{ vips: [] }, 'vips: must not be empty: vips: ["192.168.4.5"]'],
    [{ vips: "192.168.4.5" }, 'vips: must be a list: vips: ["192.168.4.5"], not "192.168.4.5"'],
    [{ vips: undefined, vip: "192.168.4.5" }, 'vip: is now called "vips", a list: vips: ["192.168.4.5"]'],
    [
      { vips: ["192.168.4.5:80"] },
      'vips.0: "192.168.4.5:80" is not a VIP: write an address alone, such as "192.168.4.5" or "2001:db8::5"',
    ],
    [
      { vips: [pulumi.output("192.168.4.5")] },
      "vips.0: must be plain, not an output: names of resources are made before any output is known",
    ],
    [{ vips: ["2001:db8::5", "2001:db8:0::5"] }, "has the VIP 2001:db8::5 twice"],
    [{ ports: [] }, "ports: must not be empty: ports: [80]"],
    [{ ports: 80 }, "ports: must be a list: ports: [80], not 80"],
    [{ ports: "80" }, 'ports: must be a list: ports: [80], not "80"'],
    [{ ports: ["80"] }, 'ports.0: must be a port: 80, or { port: 53, protocol: "udp" }, not "80"'],
    [{ ports: [70000] }, "ports.0: must be a whole number from 0 to 65535, not 70000"],
    [{ ports: [{ port: 80, protocol: "tpc" }] }, 'ports.0.protocol: must be one of "tcp", "udp", "sctp", not "tpc"'],
    [
      { directors: ["director1"] },
      'directors: must be a map from name to settings: { director1: { device: "eth0" } }, not a list',
    ],
    [
      { realServers: { web1: { address: "192.168.4.100", vipDevice: "lo", sharesNetwork: true } } },
      'realServers.web1.vipDevice: is now called "device"\n' +
        'DrCluster web: realServers.web1.sharesNetwork: is now called "sameSubnetAsVip"',
    ],
    [{ directors: { director1: { inside: {} } } }, 'directors.director1.inside: is now called "internal"'],
    [{ ports: [80, { port: 80 }] }, "has the service tcp 192.168.4.5:80 twice: a port and protocol can be listed once"],
    [
      { directors: { a: { vips: ["192.168.4.5"] }, b: { vips: ["192.168.4.5"] } }, device: "eth0" },
      "a and b have 192.168.4.5: both would answer ARP for it. List it in the vips of one of them",
    ],
    [
      { directors: { a: { vips: ["192.168.4.6"] } }, device: "eth0" },
      "director a has 192.168.4.6, which is not a VIP of the cluster: these are 192.168.4.5",
    ],
    [
      { realServers: { director1: { address: "192.168.4.2" } } },
      "director1 is a director and a real server: a cluster cannot prepare a host for both. Use VirtualService and VipAlias",
    ],
  ];

  test.each(rows)("%j", async (args, message) => {
    await expect(made(args as never)).rejects.toThrow(`DrCluster web: ${message}`);
  });
});

function vipOn(host: string) {
  return { host, role: "realServer", address: "192.168.4.5", device: "lo", label: "lo:c0a80405", boot: true };
}

function urnOf(service: VirtualService | undefined): Promise<string> {
  if (service === undefined) throw new Error("there is no such service");
  return valueOf(service.urn);
}
