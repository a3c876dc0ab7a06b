import fc from "fast-check";
import { ipvsSettings } from "../../provider/kinds/ipvs-settings/kind";
import { drKernelTuning } from "../../provider/kinds/kernel-tuning/dr";
import { natKernelTuning } from "../../provider/kinds/kernel-tuning/nat";
import type { Kind } from "../../provider/kinds/kind";
import { tunKernelTuning } from "../../provider/kinds/tun-kernel-tuning/kind";
import type { FakeHost } from "../fakes/fake-host";
import { FakeIpvsKernel } from "../fakes/fake-ipvs-kernel";
import { FakeKernel } from "../fakes/fake-kernel";
import { FakeNetworkHost } from "../fakes/fake-network-host";
import { FakeTunnelHost } from "../fakes/fake-tunnel-host";

interface StatefulHost extends FakeHost {
  readonly state: () => unknown;
}

class TuningHost extends FakeNetworkHost {
  state(): unknown {
    return [new Map(this.sysctls), new Map(this.files)];
  }
}

function loadedDirector(): FakeIpvsKernel {
  const host = new FakeIpvsKernel();
  host.load();
  return host;
}

/** What two stacks may both need of one host, with some records that go together. */
function row<Want extends object, Have extends object, Seen, Change>(
  kind: Kind<Want, Have, Seen, Change>,
  start: () => StatefulHost,
  inputs: readonly object[],
) {
  const wants = inputs.map((input) => kind.schema.parse(input));
  /** Two passes: a host without a module takes two. */
  const bring = (host: StatefulHost, resource: string, desired: Want | undefined, subject: Want): readonly string[] => {
    const owned = kind.ownedBy?.(resource) ?? kind;
    return [...host.pass(owned, desired, subject), ...host.pass(owned, desired, subject)];
  };
  return {
    kind: kind.name,
    start,
    count: wants.length,
    up: (host: StatefulHost, resource: string, index: number) => {
      const want = wants[index % wants.length] as Want;
      return bring(host, resource, want, want);
    },
    down: (host: StatefulHost, resource: string, index: number) =>
      bring(host, resource, undefined, wants[index % wants.length] as Want),
  };
}

const rows = [
  row(drKernelTuning, () => new TuningHost("none"), [{}, { boot: false }]),
  row(natKernelTuning, () => new FakeKernel(), [{ devices: ["eth0"] }, { devices: ["eth0"], boot: false }]),
  row(tunKernelTuning, () => new FakeTunnelHost(), [
    { type: "gue", port: 6080 },
    { type: "gue", port: 6080, boot: false },
  ]),
  row(ipvsSettings, loadedDirector, [
    { timeouts: { tcp: 300 }, conntrack: true },
    { timeouts: { udp: 20 }, connTabBits: 16 },
    { timeouts: { tcp: 300, tcpFin: 40 }, boot: false },
    { conntrack: true, boot: false },
    { connTabBits: 16 },
  ]),
];

const STACKS = ["shop/prod/web", "shop/test/web", "billing/prod/web"] as const;

test.each(rows)(
  "$kind: of several stacks each has what it needs, and the last one restores what was before",
  (table) => {
    const life = fc.array(fc.record({ stack: fc.nat(STACKS.length - 1), record: fc.nat(table.count - 1) }), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(life, (moves) => {
        const host = table.start();
        const before = host.state();
        const there = new Map<string, number>();
        /** The same again does nothing, whoever came or went in the meantime. */
        const look = () => {
          for (const [stack, record] of there) expect([stack, ...table.up(host, stack, record)]).toEqual([stack]);
        };
        for (const { stack, record } of moves) {
          const name = STACKS[stack] ?? "";
          const known = there.get(name);
          if (known === undefined) table.up(host, name, record);
          else table.down(host, name, known);
          if (known === undefined) there.set(name, record);
          else there.delete(name);
          look();
        }
        for (const [stack, record] of [...there]) {
          table.down(host, stack, record);
          there.delete(stack);
          look();
        }
        expect(host.state()).toEqual(before);
      }),
      { numRuns: 60 },
    );
  },
);

test("a lost state adopts: the same resource made again is the same owner", () => {
  for (const table of rows) {
    const host = table.start();
    const before = host.state();
    table.up(host, "shop/prod/web", 0);
    expect(table.up(host, "shop/prod/web", 0)).toEqual([]);
    table.down(host, "shop/prod/web", 0);
    expect(host.state()).toEqual(before);
  }
});

test("two stacks that need another value of IpvsSettings are told so, by the name of the other", () => {
  const host = loadedDirector();
  const of = (stack: string) => ipvsSettings.ownedBy?.(stack) ?? ipvsSettings;
  const want = (input: object) => ipvsSettings.schema.parse(input);
  host.pass(of("shop/prod/web"), want({ timeouts: { tcp: 300 }, connTabBits: 16 }));
  expect(() => host.pass(of("shop/test/web"), want({ timeouts: { tcp: 900 } }))).toThrow(
    "timeouts.tcp cannot be 900: IpvsSettings of shop/prod/web needs 300 on this host. Give both the same value",
  );
  expect(() => host.pass(of("shop/test/web"), want({ connTabBits: 20 }))).toThrow("connTabBits cannot be 20");
});

test("two stacks that name different loaders for the timeouts of one host are told so", () => {
  const host = new FakeIpvsKernel("own unit");
  host.load();
  const before = host.state();
  const of = (stack: string) => ipvsSettings.ownedBy?.(stack) ?? ipvsSettings;
  const want = (input: object) => ipvsSettings.schema.parse({ timeouts: { tcp: 300 }, ...input });
  const [one, other] = [want({ rulesLoader: "debian" }), want({ rulesLoader: "rhel" })];
  host.pass(of("shop/prod/web"), one);
  expect(() => host.pass(of("shop/test/web"), other)).toThrow(
    "rulesLoader cannot be rhel: IpvsSettings of shop/prod/web needs debian on this host. Give both the same value",
  );
  // Who names none, or needs nothing at boot, has them where the other one does.
  const both = host.state();
  for (const more of [{ boot: false }, { timeouts: { tcp: 300 } }]) {
    const theirs = want(more);
    host.pass(of("shop/test/web"), theirs, theirs);
    expect(host.pass(of("shop/test/web"), theirs, theirs)).toEqual([]);
    expect(host.pass(of("shop/prod/web"), one, one)).toEqual([]);
    for (const _pass of [1, 2]) host.pass(of("shop/test/web"), undefined, theirs);
    expect(host.state()).toEqual(both);
  }
  for (const _pass of [1, 2]) host.pass(of("shop/prod/web"), undefined, one);
  expect(host.state()).toEqual(before);
});
