import fc from "fast-check";
import { realServer } from "../../../provider/kinds/real-server/kind";
import { serviceSelector } from "../../../provider/kinds/real-server/rules";
import type { WantedRealServer } from "../../../provider/model/ipvs/real-server";
import { describeStep } from "../../../provider/step";
import { FakeDirector } from "../../fakes/fake-director";
import { keyOf, table } from "../ipvs-arbitrary";
import { wanted } from "../ipvs-operator";

const SERVICE = "-A -t 192.0.2.10:80 -s wlc";
const server = (fields: object = {}) =>
  wanted<WantedRealServer>(realServer, { service: "tcp 192.0.2.10:80", address: "10.0.0.11", ...fields });
const web1 = server({ weight: 100, boot: false });

/** A service that the operator has, now and at boot. */
function byHand(host: FakeDirector, rule: string): void {
  host.ipvsadm(rule);
  host.files.set("/etc/ipvsadm.rules", `${host.files.get("/etc/ipvsadm.rules") ?? ""}${rule}\n`);
}

const cases = [
  { name: "equal", why: "a converged host is left alone", want: web1, have: web1, steps: [] },
  {
    name: "new",
    why: "what is not there is added",
    want: web1,
    have: undefined,
    steps: ["ipvsadm -a -t 192.0.2.10:80 -r 10.0.0.11:80 -g -w 100"],
  },
  {
    name: "drained",
    why: "weight 0 is a value, not an absence",
    want: { ...web1, weight: 0 },
    have: web1,
    steps: ["ipvsadm -e -t 192.0.2.10:80 -r 10.0.0.11:80 -g -w 0"],
  },
  {
    name: "another weight on NAT",
    why: 'the method is repeated: "ipvsadm -e" without one would make it direct routing',
    want: server({ address: "10.0.0.11:8080", forwarding: "masquerade", weight: 5, boot: false }),
    have: server({ address: "10.0.0.11:8080", forwarding: "masquerade", weight: 4, boot: false }),
    steps: ["ipvsadm -e -t 192.0.2.10:80 -r 10.0.0.11:8080 -m -w 5"],
  },
  {
    name: "another threshold",
    why: "thresholds are repeated: omitted ones become 0",
    want: { ...web1, upperThreshold: 200, lowerThreshold: 150 },
    have: { ...web1, upperThreshold: 200, lowerThreshold: 100 },
    steps: ["ipvsadm -e -t 192.0.2.10:80 -r 10.0.0.11:80 -g -w 100 -x 200 -y 150"],
  },
  {
    name: "no threshold any more",
    why: "0 is what ipvsadm takes for granted",
    want: web1,
    have: { ...web1, upperThreshold: 200, lowerThreshold: 100 },
    steps: ["ipvsadm -e -t 192.0.2.10:80 -r 10.0.0.11:80 -g -w 100"],
  },
  {
    name: "ipip",
    why: "the default type is omitted: ipvsadm before 1.31 does not know the option",
    want: server({ forwarding: "tunnel", boot: false }),
    have: undefined,
    steps: ["ipvsadm -a -t 192.0.2.10:80 -r 10.0.0.11:80 -i -w 1"],
  },
  {
    name: "another tunnel",
    why: "type, port and checksum belong together",
    want: server({ forwarding: "tunnel", tunnel: { type: "gue", port: 6080, checksum: "remcsum" }, boot: false }),
    have: server({ forwarding: "tunnel", tunnel: { type: "gre" }, boot: false }),
    steps: ["ipvsadm -e -t 192.0.2.10:80 -r 10.0.0.11:80 -i -w 1 --tun-type gue --tun-port 6080 --tun-remcsum"],
  },
  {
    name: "a mark of IPv6",
    why: "-6 stands between the mark and the server",
    want: server({ service: "fwmark 8 ipv6", address: "2001:DB8::0:2", forwarding: "masquerade", boot: false }),
    have: undefined,
    steps: ["ipvsadm -a -f 8 -6 -r '[2001:db8::2]:0' -m -w 1"],
  },
  {
    name: "not wanted any more",
    why: "a delete names the server and nothing else",
    want: undefined,
    have: web1,
    steps: ["ipvsadm -d -t 192.0.2.10:80 -r 10.0.0.11:80"],
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
  const planned = realServer.plan(want, have).flatMap((change) => realServer.render(change, seen));
  expect(planned.map(describeStep)).toEqual(steps);
});

test("a preview shows the rule", () => {
  expect(realServer.commands(web1)).toEqual(["-a -t 192.0.2.10:80 -r 10.0.0.11:80 -g -w 100"]);
  expect(realServer.key(web1)).toBe("tcp 192.0.2.10:80 -> 10.0.0.11:80");
});

test("any server is observed as desired, and a second pass does nothing", () => {
  fc.assert(
    fc.property(table, fc.boolean(), (services, boot) => {
      const host = new FakeDirector("debian");
      for (const { realServers, ...service } of services) {
        const key = keyOf({ ...service, realServers });
        byHand(host, ["-A", ...serviceSelector(key), "-s", "rr", "-p", "300"].join(" "));
        for (const [address, fields] of Object.entries(realServers)) {
          const want = wanted<WantedRealServer>(realServer, { service: key, address, ...fields, boot });
          expect(host.pass(realServer, want)).not.toEqual([]);
          const { drain: _drain, ...record } = want;
          expect(host.observe(realServer, want)).toEqual(record);
          expect(host.pass(realServer, want)).toEqual([]);
        }
      }
    }),
  );
});

test("an existing rule is adopted and brought in line", () => {
  const host = new FakeDirector("debian");
  host.ipvsadm(SERVICE);
  host.ipvsadm("-a -t 192.0.2.10:80 -r 10.0.0.11:80 -m -w 7");
  expect(host.pass(realServer, web1)).toEqual(["ipvsadm -e -t 192.0.2.10:80 -r 10.0.0.11:80 -g -w 100"]);
});

describe("boot", () => {
  const want = server({ weight: 100 });
  const rule = "ipvsadm -a -t 192.0.2.10:80 -r 10.0.0.11:80 -g -w 100";
  const keep = "edit /etc/ipvsadm.rules: keep tcp 192.0.2.10:80 -> 10.0.0.11:80";
  const record = "edit /etc/modules-load.d/pulumi-lvs.conf: load ip_vs early, and record the original loader";
  const auto = 'edit /etc/default/ipvsadm: AUTO="true"';

  test("steps: the rule, the record of the original loader, the file, the loader", () => {
    const host = new FakeDirector("debian");
    byHand(host, SERVICE);
    expect(host.pass(realServer, want)).toEqual([rule, record, keep, auto]);
    expect(host.observe(realServer, want)).toMatchObject({ boot: true });
  });

  test("false leaves the host's files alone", () => {
    const host = new FakeDirector("none");
    host.ipvsadm(SERVICE);
    expect(host.pass(realServer, web1)).toEqual([rule]);
  });

  test("no longer wanted, only our line goes", () => {
    const host = new FakeDirector("debian");
    byHand(host, SERVICE);
    host.pass(realServer, want);
    host.pass(realServer, server({ address: "10.0.0.12" }));
    expect(host.pass(realServer, web1)).toEqual(["edit /etc/ipvsadm.rules: remove tcp 192.0.2.10:80 -> 10.0.0.11:80"]);
    expect(host.files.get("/etc/ipvsadm.rules")).toContain("10.0.0.12:80");
  });

  test("a line that somebody edited is drift, although the kernel is right", () => {
    const host = new FakeDirector("debian");
    byHand(host, SERVICE);
    host.pass(realServer, want);
    host.files.set("/etc/ipvsadm.rules", (host.files.get("/etc/ipvsadm.rules") ?? "").replace("-w 100", "-w 1"));
    expect(host.observe(realServer, want)).toMatchObject({ weight: 100, boot: false });
    expect(host.pass(realServer, want)).toEqual([keep]);
    expect(host.pass(realServer, want)).toEqual([]);
  });

  test("drift of the kernel alone is not drift of the file", () => {
    const host = new FakeDirector("debian");
    byHand(host, SERVICE);
    host.pass(realServer, want);
    host.ipvsadm("-e -t 192.0.2.10:80 -r 10.0.0.11:80 -g -w 1");
    expect(host.observe(realServer, want)).toMatchObject({ weight: 1, boot: true });
  });

  test("a rule that somebody deleted leaves no line behind", () => {
    const host = new FakeDirector("debian");
    const { files } = host;
    byHand(host, SERVICE);
    const before = [...files];
    host.pass(realServer, want);
    host.ipvsadm("-D -t 192.0.2.10:80");
    host.pass(realServer, undefined, want);
    expect([...files]).toEqual(before);
  });

  test("a service that is somebody else's may come without the file", () => {
    const host = new FakeDirector("debian");
    host.ipvsadm(SERVICE);
    expect(host.pass(realServer, want)).toEqual([rule, record, keep, auto]);
    expect(host.observe(realServer, want)).toMatchObject({ boot: true });
  });

  test("the unit of Debian 13 empties the table after an error, so that such a server is refused", () => {
    const host = new FakeDirector("debian unit");
    host.ipvsadm(SERVICE);
    expect(() => host.pass(realServer, want)).toThrow(
      '/etc/ipvsadm.rules ("-a -t 192.0.2.10:80 -r 10.0.0.11:80 -g -w 100"): its service is not there. As the last line it fails the load, and the unit then empties the table.',
    );
  });
});

describe("drain", () => {
  test("a delete takes new connections away first, and waits for those that are there", () => {
    const host = new FakeDirector("debian");
    host.ipvsadm(SERVICE);
    const nat = server({ forwarding: "masquerade", weight: 100, upperThreshold: 9, boot: false, drain: {} });
    host.pass(realServer, nat);
    host.active.set("tcp 192.0.2.10:80 -> 10.0.0.11:80", 3);
    const have = host.observe(realServer, nat);
    const way = have && realServer.drain?.(undefined, have, nat);
    expect(host.pass(realServer, way?.interim)).toEqual(["ipvsadm -e -t 192.0.2.10:80 -r 10.0.0.11:80 -m -w 0 -x 9"]);
    expect(way?.remaining(host.seen())).toBe(3);
    expect(way).toMatchObject({ timeout: 60, pollInterval: 1, canEnd: { command: { args: ["192.0.2.10"] } } });
  });

  test.each([
    { name: "no drain", why: "no drain is declared", want: undefined, settings: web1 },
    { name: "timeout 0", why: "it is wished at once", want: undefined, settings: server({ drain: { timeout: 0 } }) },
    { name: "a change", why: "the server stays", want: web1, settings: server({ drain: {} }) },
  ])("$name: $why, so nothing is waited for", ({ want, settings }) => {
    expect(realServer.drain?.(want, web1, settings)).toBeUndefined();
  });
});

test("a rule of ours that cannot be read is an error, one of others is not", () => {
  const host = new FakeDirector("debian");
  host.ipvsadm(SERVICE);
  host.ipvsadm("-a -t 192.0.2.10:80 -r 10.0.0.12:80 -g -w 1 --tun-type vxlan");
  expect(host.pass(realServer, web1)).toHaveLength(1);
  expect(() => host.observe(realServer, server({ address: "10.0.0.12" }))).toThrow(
    'cannot read "-a -t 192.0.2.10:80 -r 10.0.0.12:80 -g -w 1 --tun-type vxlan", from ipvsadm --save: the tunnel type "vxlan" is unknown',
  );
});
