import fc from "fast-check";
import { virtualService } from "../../../provider/kinds/virtual-service/kind";
import type { VirtualService, WantedVirtualService } from "../../../provider/model/ipvs/virtual-service";
import { describeStep } from "../../../provider/step";
import { FakeDirector } from "../../fakes/fake-director";
import { table } from "../ipvs-arbitrary";
import { wanted } from "../ipvs-operator";

const service = (fields: object = {}) =>
  wanted<WantedVirtualService>(virtualService, { protocol: "tcp", address: "192.0.2.10:80", boot: false, ...fields });
const plain = service();
const two = service({ realServers: { "10.0.0.11": { weight: 2 }, "10.0.0.12": { forwarding: "masquerade" } } });

const cases: {
  name: string;
  why: string;
  want: WantedVirtualService | undefined;
  have: VirtualService | undefined;
  steps: string[];
}[] = [
  { name: "equal", why: "a converged host is left alone", want: two, have: two, steps: [] },
  {
    name: "new",
    why: "wlc is the default",
    want: plain,
    have: undefined,
    steps: ["ipvsadm -A -t 192.0.2.10:80 -s wlc"],
  },
  {
    name: "new with servers",
    why: "a server needs its service",
    want: two,
    have: undefined,
    steps: [
      "ipvsadm -A -t 192.0.2.10:80 -s wlc",
      "ipvsadm -a -t 192.0.2.10:80 -r 10.0.0.11:80 -g -w 2",
      "ipvsadm -a -t 192.0.2.10:80 -r 10.0.0.12:80 -m -w 1",
    ],
  },
  {
    name: "another scheduler",
    why: 'all settings are repeated: "ipvsadm -E" would drop the persistence',
    want: service({ scheduler: "wrr", persistenceTimeout: 600, netmask: "255.255.255.0" }),
    have: service({ scheduler: "rr", persistenceTimeout: 600, netmask: "255.255.255.0" }),
    steps: ["ipvsadm -E -t 192.0.2.10:80 -s wrr -p 600 -M 255.255.255.0"],
  },
  {
    name: "no persistence any more",
    why: "an omitted setting is reset",
    want: plain,
    have: service({ persistenceTimeout: 600 }),
    steps: ["ipvsadm -E -t 192.0.2.10:80 -s wlc"],
  },
  {
    name: "everything at once",
    why: "-6 stands ahead of -M, which it would reset",
    want: service({
      protocol: "fwmark",
      address: undefined,
      fwmark: 8,
      family: "ipv6",
      scheduler: "sh",
      schedulerFlags: ["flag-2", "sh-fallback"],
      persistenceTimeout: 360,
      netmask: "64",
      persistenceEngine: "sip",
      onePacket: true,
    }),
    have: undefined,
    steps: ["ipvsadm -A -f 8 -6 -s sh -p 360 -M 64 --pe sip -o -b sh-fallback,sh-port"],
  },
  {
    name: "one server of many",
    why: "the others are not touched",
    want: service({ realServers: { "10.0.0.11": { weight: 2 }, "10.0.0.13": {} } }),
    have: two,
    steps: ["ipvsadm -a -t 192.0.2.10:80 -r 10.0.0.13:80 -g -w 1", "ipvsadm -d -t 192.0.2.10:80 -r 10.0.0.12:80"],
  },
  {
    name: "no servers",
    why: "an empty map means none, not: not looked at",
    want: service({ realServers: {} }),
    have: two,
    steps: ["ipvsadm -d -t 192.0.2.10:80 -r 10.0.0.11:80", "ipvsadm -d -t 192.0.2.10:80 -r 10.0.0.12:80"],
  },
  { name: "no map any more", why: "the service no longer manages its servers", want: plain, have: two, steps: [] },
  {
    name: "not wanted any more",
    why: "the kernel deletes the servers of a service with it",
    want: undefined,
    have: two,
    steps: ["ipvsadm -D -t 192.0.2.10:80"],
  },
  {
    name: "gone already",
    why: "deleting what is not there is already done",
    want: undefined,
    have: undefined,
    steps: [],
  },
];

test.each(cases)("$name: $why", ({ want, have, steps }) => {
  const seen = new FakeDirector("debian").seen();
  const planned = virtualService.plan(want, have).flatMap((change) => virtualService.render(change, seen));
  expect(planned.map(describeStep)).toEqual(steps);
});

test("a map that is removed is a change of the state, without a step", () => {
  expect(virtualService.plan(plain, two)).toEqual([{ op: "release servers" }]);
});

test("a preview shows every rule", () => {
  expect(virtualService.commands(two)).toEqual([
    "-A -t 192.0.2.10:80 -s wlc",
    "-a -t 192.0.2.10:80 -r 10.0.0.11:80 -g -w 2",
    "-a -t 192.0.2.10:80 -r 10.0.0.12:80 -m -w 1",
  ]);
});

test.each([
  [plain, "tcp 192.0.2.10:80"],
  [service({ address: "[2001:DB8:0::1]:80" }), "tcp [2001:db8::1]:80"],
  [service({ protocol: "fwmark", address: undefined, fwmark: 7 }), "fwmark 7"],
  [service({ protocol: "fwmark", address: undefined, fwmark: 7, family: "ipv6" }), "fwmark 7 ipv6"],
])("a key is who it is on its host %#", (want, key) => {
  expect(virtualService.key(want)).toBe(key);
});

test("any service is observed as desired, a second pass does nothing, and a delete restores the host", () => {
  fc.assert(
    fc.property(table, fc.constantFrom("debian" as const, "rhel" as const), fc.boolean(), (services, layout, boot) => {
      const host = new FakeDirector(layout);
      const before = host.state();
      const wants = services.map((written) => wanted<WantedVirtualService>(virtualService, { ...written, boot }));
      for (const want of wants) host.pass(virtualService, want);
      for (const want of wants) {
        const { drain: _, exclusive: __, allowUnknownScheduler: ___, ...record } = want;
        expect(host.observe(virtualService, want)).toEqual(record);
        expect(host.pass(virtualService, want)).toEqual([]);
      }
      for (const want of wants) host.pass(virtualService, undefined, want);
      expect(host.state()).toEqual(before);
    }),
  );
});

describe("servers of others", () => {
  const stranger = "-a -t 192.0.2.10:80 -r 10.0.0.99:80 -g -w 1";
  const hostWith = (want: WantedVirtualService) => {
    const host = new FakeDirector("debian");
    host.pass(virtualService, want);
    host.ipvsadm(stranger);
    return host;
  };

  test("an exclusive service shows them, and removes them", () => {
    const host = hostWith(two);
    expect(host.observe(virtualService, two)?.realServers).toHaveProperty(["10.0.0.99:80"]);
    expect(host.pass(virtualService, two)).toEqual(["ipvsadm -d -t 192.0.2.10:80 -r 10.0.0.99:80"]);
  });

  test.each([
    ["exclusive: false", service({ exclusive: false, realServers: { "10.0.0.11": {} } })],
    ["no map", plain],
  ])("%s leaves them alone", (_name, want) => {
    const host = hostWith(want);
    expect(host.pass(virtualService, want)).toEqual([]);
    expect(() => host.pass(virtualService, undefined, want)).toThrow(
      "tcp 192.0.2.10:80 still has real servers that this resource does not manage: 10.0.0.99:80. The kernel would delete them with the service. " +
        'Delete them first; Pulumi does that for RealServer resources whose service is the VirtualService\'s "key".',
    );
  });

  test("a server that an earlier run added is removed from a service that is not exclusive, too", () => {
    const before = service({ exclusive: false, realServers: { "10.0.0.11": {}, "10.0.0.12": {} } });
    const now = service({ exclusive: false, realServers: { "10.0.0.11": {} } });
    expect(hostWith(before).pass(virtualService, now, now, before)).toEqual([
      "ipvsadm -d -t 192.0.2.10:80 -r 10.0.0.12:80",
    ]);
  });
});

describe("boot", () => {
  const booted = { ...two, boot: true };

  test("one block has the service and then its servers", () => {
    const host = new FakeDirector("rhel");
    host.pass(virtualService, booted);
    expect(
      host.files.get("/etc/sysconfig/ipvsadm"),
    ).toBe(`# pulumi-lvs begin: these lines are kept by pulumi-lvs, the others are left alone (new file)
-A -t 192.0.2.10:80 -s wlc
-a -t 192.0.2.10:80 -r 10.0.0.11:80 -g -w 2
-a -t 192.0.2.10:80 -r 10.0.0.12:80 -m -w 1
# pulumi-lvs end
`);
  });

  test("a removed server loses its line", () => {
    const host = new FakeDirector("rhel");
    host.pass(virtualService, booted);
    const one = service({ boot: true, realServers: { "10.0.0.11": { weight: 2 } } });
    host.pass(virtualService, one, one, booted);
    expect(host.files.get("/etc/sysconfig/ipvsadm")).not.toContain("10.0.0.12");
    expect(host.pass(virtualService, one, one, booted)).toEqual([]);
  });

  test("lines for the same service that an operator wrote are taken over, others stay", () => {
    const host = new FakeDirector("debian");
    const others = "# mine\n-A -u 192.0.2.10:53 -s rr\n-a -u 192.0.2.10:53 -r 10.0.0.53:53 -m -w 1\n";
    host.files.set("/etc/ipvsadm.rules", `${others}--add-service --tcp-service=192.0.2.10:80 -s rr\n`);
    host.pass(virtualService, booted);
    expect(
      host.files.get("/etc/ipvsadm.rules"),
    ).toBe(`${others}# pulumi-lvs begin: these lines are kept by pulumi-lvs, the others are left alone
-A -t 192.0.2.10:80 -s wlc
-a -t 192.0.2.10:80 -r 10.0.0.11:80 -g -w 2
-a -t 192.0.2.10:80 -r 10.0.0.12:80 -m -w 1
# pulumi-lvs end
`);
    host.pass(virtualService, undefined, booted);
    expect(host.files.get("/etc/ipvsadm.rules")).toBe(others);
  });
});

describe("drain", () => {
  const draining = { ...two, drain: { timeout: 60, pollInterval: 1 } };

  test("a server that leaves the map is emptied first, after what is new has come", () => {
    const host = new FakeDirector("debian");
    host.pass(virtualService, two);
    host.active.set("tcp 192.0.2.10:80 -> 10.0.0.12:80", 4);
    host.active.set("tcp 192.0.2.10:80 -> 10.0.0.11:80", 50);
    const now = service({ realServers: { "10.0.0.11": { weight: 2 }, "10.0.0.13": {} }, drain: {} });
    const have = host.observe(virtualService, now, two);
    const way = have && virtualService.drain?.(now, have, now);
    expect(host.pass(virtualService, way?.interim)).toEqual([
      "ipvsadm -e -t 192.0.2.10:80 -r 10.0.0.12:80 -m -w 0",
      "ipvsadm -a -t 192.0.2.10:80 -r 10.0.0.13:80 -g -w 1",
    ]);
    expect(way?.remaining(host.seen())).toBe(4);
    expect(host.pass(virtualService, now)).toEqual(["ipvsadm -d -t 192.0.2.10:80 -r 10.0.0.12:80"]);
  });

  test("a service that goes is emptied as a whole", () => {
    const host = new FakeDirector("debian");
    host.pass(virtualService, two);
    host.active.set("tcp 192.0.2.10:80 -> 10.0.0.12:80", 4).set("tcp 192.0.2.10:80 -> 10.0.0.11:80", 50);
    const way = virtualService.drain?.(undefined, two, draining);
    expect(host.pass(virtualService, way?.interim)).toEqual([
      "ipvsadm -e -t 192.0.2.10:80 -r 10.0.0.11:80 -g -w 0",
      "ipvsadm -e -t 192.0.2.10:80 -r 10.0.0.12:80 -m -w 0",
    ]);
    expect(way?.remaining(host.seen())).toBe(54);
  });

  test("nothing ends by itself where the VIP has gone first; a mark may be on any address", () => {
    expect(virtualService.drain?.(undefined, two, draining)?.canEnd?.command).toMatchObject({ args: ["192.0.2.10"] });
    const { address: _, ...rest } = two;
    const marked = { ...rest, protocol: "fwmark", fwmark: 7, family: "ipv4" } as const;
    expect(virtualService.drain?.(undefined, marked, { ...marked, drain: draining.drain })).toMatchObject({
      timeout: 60,
    });
    expect(virtualService.drain?.(undefined, marked, { ...marked, drain: draining.drain })?.canEnd).toBeUndefined();
  });

  test.each([
    ["nothing goes", two, two, draining],
    ["no drain is declared", undefined, two, two],
    ["its servers are not looked at", plain, two, plain],
    ["it has none", undefined, plain, plain],
    ["timeout is 0", undefined, two, { ...two, drain: { timeout: 0, pollInterval: 1 } }],
  ])("nothing is waited for when %s", (_name, want, have, settings) => {
    expect(virtualService.drain?.(want, have, settings)).toBeUndefined();
  });
});

describe("our own way in", () => {
  const reachedAt = { address: "192.0.2.10", port: 22 };
  const reason = (address: string) =>
    `"${address}" would take over SSH to this host, which is reached at 192.0.2.10 port 22: the director would send new sessions to the real servers. Use another address or port for the service`;

  test.each([
    ["the same port", { address: "192.0.2.10:22" }],
    ["every port", { address: "192.0.2.10:0", persistenceTimeout: 60 }],
  ])("a service on %s is refused", (_name, fields) => {
    const want = service(fields);
    expect(virtualService.lockoutProblem?.(want, reachedAt)).toEqual({
      property: "address",
      reason: reason(fields.address),
    });
  });

  test.each([
    ["another port", { address: "192.0.2.10:222" }],
    ["another address", { address: "192.0.2.11:22" }],
    ["udp", { protocol: "udp", address: "192.0.2.10:22" }],
    ["a mark", { protocol: "fwmark", address: undefined, fwmark: 22 }],
  ])("a service on %s is not", (_name, fields) => {
    expect(virtualService.lockoutProblem?.(service(fields), reachedAt)).toBeUndefined();
  });

  test("IPv6, in any spelling", () => {
    const want = service({ address: "[2001:db8::10]:22" });
    expect(virtualService.lockoutProblem?.(want, { address: "2001:DB8:0::10", port: 22 })).toMatchObject({
      property: "address",
    });
    expect(virtualService.lockoutProblem?.(plain, { address: "::ffff:192.0.2.10", port: 80 })).toMatchObject({
      property: "address",
    });
    expect(virtualService.lockoutProblem?.(plain, { address: "director1.example", port: 80 })).toBeUndefined();
  });
});
