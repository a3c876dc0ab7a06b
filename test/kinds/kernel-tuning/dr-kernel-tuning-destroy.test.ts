import fc from "fast-check";
import { drKernelTuning } from "../../../provider/kinds/kernel-tuning/dr";
import { FakeNetworkHost } from "../../fakes/fake-network-host";
import { ALL_IGNORE, bring, edit, LEDGER, want } from "./tuning-operator";

describe("a destroy", () => {
  test("puts back what was, 0 included, and leaves no file", () => {
    const host = new FakeNetworkHost("none");
    host.sysctl("net/ipv4/conf/all/arp_announce=1");
    const before = new Map(host.sysctls);
    bring(host, want({ devices: ["eth0"] }));
    bring(host, undefined, want({ devices: ["eth0"] }));
    expect(host.sysctls).toEqual(before);
    expect(host.files.size).toBe(0);
  });

  test("leaves a value that was ours before we came", () => {
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

  test("leaves a value that another file sets as well", () => {
    const host = new FakeNetworkHost("none");
    host.files.set("/etc/sysctl.d/50-keepalived.conf", `${ALL_IGNORE}=1\n`);
    bring(host, want());
    bring(host, undefined, want());
    expect(host.sysctls.get(ALL_IGNORE)).toBe("1");
    expect(host.sysctls.get("net.ipv4.conf.all.arp_announce")).toBe("0");
  });

  test("puts back what was where another file says just that", () => {
    const host = new FakeNetworkHost("none");
    host.files.set("/etc/sysctl.d/50-default.conf", `${ALL_IGNORE} = 0\n`);
    bring(host, want());
    bring(host, undefined, want());
    expect(host.sysctls.get(ALL_IGNORE)).toBe("0");
  });

  test("leaves what another owner needs, and the last one puts it back", () => {
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

  test("never lets a real server answer for a VIP that is still up: the settings stay, and the file says why", () => {
    const host = new FakeNetworkHost("none");
    bring(host, want());
    host.ip("addr add 192.168.4.5/32 dev lo label lo:0");
    bring(host, undefined, want());
    expect(host.sysctls.get(ALL_IGNORE)).toBe("1");
    expect(host.files.get(LEDGER)).toContain(
      `# was: 0\n# set to: ${ALL_IGNORE} = 1\n# kept: 192.168.4.5 on lo must not be answered for, and is still up\n${ALL_IGNORE} = 1\n`,
    );
    expect(bring(host, undefined, want())).toEqual([]);
    bring(host, want());
    expect(host.files.get(LEDGER)).not.toContain("# kept:");
    host.ip("addr del 192.168.4.5/32 dev lo");
    bring(host, undefined, want());
    expect(host.sysctls.get(ALL_IGNORE)).toBe("0");
  });

  test("puts back what was where somebody edited our line and left the live value", () => {
    const host = new FakeNetworkHost("none");
    const before = new Map(host.sysctls);
    bring(host, want());
    edit(host, `${ALL_IGNORE} = 1`, `${ALL_IGNORE} = 0`);
    bring(host, undefined, want());
    expect(host.sysctls).toEqual(before);
  });

  test("keeps at boot what it keeps live, whatever somebody made of our line", () => {
    const host = new FakeNetworkHost("none");
    bring(host, want());
    edit(host, `${ALL_IGNORE} = 1`, `${ALL_IGNORE} = 0`);
    host.ip("addr add 192.168.4.5/32 dev lo label lo:0");
    bring(host, undefined, want());
    expect(host.files.get(LEDGER)).toContain(`\n${ALL_IGNORE} = 1\n`);
  });

  test("of what is gone already is already done", () => {
    expect(bring(new FakeNetworkHost("none"), undefined, want())).toEqual([]);
  });
});

test("any number of owners come and go in any order: the host ends as it was", () => {
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
