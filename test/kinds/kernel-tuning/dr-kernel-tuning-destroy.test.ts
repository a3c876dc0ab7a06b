import fc from "fast-check";
import { drKernelTuning } from "../../../provider/kinds/kernel-tuning/dr";
import type { Tuning } from "../../../provider/model/sysctl/setting";
import { FakeNetworkHost } from "../../fakes/fake-network-host";
import { ALL_IGNORE, bring, edit, LEDGER, want } from "./tuning-operator";

describe("a destroy", () => {
  test("restores original values, 0 included, and leaves no file", () => {
    const host = new FakeNetworkHost("none");
    host.sysctl("net/ipv4/conf/all/arp_announce=1");
    const before = new Map(host.sysctls);
    bring(host, want({ devices: ["eth0"] }));
    bring(host, undefined, want({ devices: ["eth0"] }));
    expect(host.sysctls).toEqual(before);
    expect(host.files.size).toBe(0);
  });

  test("leaves a value that was as desired before us", () => {
    const host = new FakeNetworkHost("none");
    host.sysctl("net/ipv4/conf/all/arp_ignore=1");
    bring(host, want());
    bring(host, undefined, want());
    expect(host.sysctls.get(ALL_IGNORE)).toBe("1");
  });

  test("leaves a value that somebody changed since", () => {
    const host = new FakeNetworkHost("none");
    bring(host, want());
    host.sysctl("net/ipv4/conf/all/arp_ignore=2");
    bring(host, undefined, want());
    expect(host.sysctls.get(ALL_IGNORE)).toBe("2");
    expect(host.files.size).toBe(0);
  });

  test("leaves a value that another file sets too", () => {
    const host = new FakeNetworkHost("none");
    host.files.set("/etc/sysctl.d/50-keepalived.conf", `${ALL_IGNORE}=1\n`);
    bring(host, want());
    bring(host, undefined, want());
    expect(host.sysctls.get(ALL_IGNORE)).toBe("1");
    expect(host.sysctls.get("net.ipv4.conf.all.arp_announce")).toBe("0");
  });

  test("restores the original value where another file sets exactly that", () => {
    const host = new FakeNetworkHost("none");
    host.files.set("/etc/sysctl.d/50-default.conf", `${ALL_IGNORE} = 0\n`);
    bring(host, want());
    bring(host, undefined, want());
    expect(host.sysctls.get(ALL_IGNORE)).toBe("0");
  });

  test("leaves what another owner needs; the last one restores it", () => {
    const host = new FakeNetworkHost("none");
    const before = new Map(host.sysctls);
    const [one, two] = [want(), want({ devices: ["eth0"] })];
    bring(host, one);
    bring(host, two);
    bring(host, undefined, one);
    expect(host.sysctls.get(ALL_IGNORE)).toBe("1");
    expect(bring(host, two)).toEqual([]);
    bring(host, undefined, two);
    expect(host.sysctls).toEqual(before);
    expect(host.files.size).toBe(0);
  });

  test("keeps ARP settings while a VIP is up that must not be answered for, and records why", () => {
    const host = new FakeNetworkHost("none");
    bring(host, want());
    host.ip("addr add 192.168.4.5/32 dev lo label lo:0");
    bring(host, undefined, want());
    expect(host.sysctls.get(ALL_IGNORE)).toBe("1");
    expect(host.files.get(LEDGER)).toContain(
      `# was: 0\n# set to: ${ALL_IGNORE} = 1\n# kept: 192.168.4.5 on lo is still up, and this host must not answer ARP for it\n${ALL_IGNORE} = 1\n`,
    );
    expect(bring(host, undefined, want())).toEqual([]);
    bring(host, want());
    expect(host.files.get(LEDGER)).not.toContain("# kept:");
    host.ip("addr del 192.168.4.5/32 dev lo");
    bring(host, undefined, want());
    expect(host.sysctls.get(ALL_IGNORE)).toBe("0");
  });

  test("restores the original value where somebody edited our line and left the live value", () => {
    const host = new FakeNetworkHost("none");
    const before = new Map(host.sysctls);
    bring(host, want());
    edit(host, `${ALL_IGNORE} = 1`, `${ALL_IGNORE} = 0`);
    bring(host, undefined, want());
    expect(host.sysctls).toEqual(before);
  });

  test("persists what it keeps live, even where somebody edited our line", () => {
    const host = new FakeNetworkHost("none");
    bring(host, want());
    edit(host, `${ALL_IGNORE} = 1`, `${ALL_IGNORE} = 0`);
    host.ip("addr add 192.168.4.5/32 dev lo label lo:0");
    bring(host, undefined, want());
    expect(host.files.get(LEDGER)).toContain(`\n${ALL_IGNORE} = 1\n`);
  });

  test("in the same batch as a create that needs the same settings leaves it the original values", () => {
    const host = new FakeNetworkHost("none");
    const before = new Map(host.sysctls);
    const [goes, comes] = [want(), want({ devices: ["eth0"] })];
    bring(host, goes);
    const seen = host.seen();
    const stepsOf = (to: Tuning | undefined, of: Tuning) =>
      drKernelTuning
        .plan(to, drKernelTuning.observe(seen, of))
        .flatMap((change) => drKernelTuning.render(change, seen));
    host.take([...stepsOf(undefined, goes), ...stepsOf(comes, comes)]);
    bring(host, comes);
    expect(host.sysctls.get(ALL_IGNORE)).toBe("1");
    bring(host, undefined, comes);
    expect(host.sysctls).toEqual(before);
  });

  test("of what is absent does nothing", () => {
    expect(bring(new FakeNetworkHost("none"), undefined, want())).toEqual([]);
  });
});

test("owners that come and go in any order leave the host as it was", () => {
  const owners = fc.uniqueArray(fc.record({ devices: fc.subarray(["eth0", "eth1", "eth0.5"]), boot: fc.boolean() }), {
    selector: ({ devices }) => devices.join(),
    minLength: 1,
  });
  fc.assert(
    fc.property(
      owners.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))),
      ([come, go]) => {
        const host = new FakeNetworkHost("none");
        const before = new Map(host.sysctls);
        for (const input of come) {
          bring(host, want(input));
          expect(drKernelTuning.observe(host.seen(), want(input))).toEqual(want(input));
          expect(bring(host, want(input))).toEqual([]);
        }
        for (const input of go) bring(host, undefined, want(input));
        expect(host.sysctls).toEqual(before);
        expect(host.files.size).toBe(0);
      },
    ),
    { numRuns: 50 },
  );
});
