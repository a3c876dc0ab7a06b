import fc from "fast-check";
import { FakeTunnelHost } from "../../fakes/fake-tunnel-host";
import { bring, commands, want } from "./tun-operator";

const LEDGER = "/etc/sysctl.d/99-zz-pulumi-lvs.conf";

describe("a destroy", () => {
  test("leaves a tunnel that existed, in its original state", () => {
    const host = new FakeTunnelHost();
    host.plug("tunl0");
    host.sysctl("net/ipv4/conf/tunl0/rp_filter=1");
    const before = host.state();
    bring(host, want());
    expect(commands(bring(host, undefined, want())).at(-1)).toMatch(
      /^sh -c 'device=\$1\n[^]*\nip link set dev "\$device" down' sh tunl0$/,
    );
    expect(host.state()).toEqual(before);
  });

  test("leaves a device up that was up", () => {
    const host = new FakeTunnelHost();
    host.plug("tunl0");
    host.up.add("tunl0");
    const before = host.state();
    bring(host, want());
    bring(host, undefined, want());
    expect(host.state()).toEqual(before);
  });

  test("leaves a device that another tunnel uses; the last one removes it", () => {
    const host = new FakeTunnelHost();
    const before = host.state();
    const [ipip, gue] = [want(), want({ type: "gue", port: 6080 })];
    bring(host, ipip);
    bring(host, gue);
    bring(host, undefined, ipip);
    expect(host.up).toEqual(new Set(["tunl0"]));
    expect(bring(host, gue)).toEqual([]);
    bring(host, undefined, gue);
    expect(host.state()).toEqual(before);
  });

  test("leaves a device with an address", () => {
    const host = new FakeTunnelHost();
    bring(host, want());
    host.addresses = ["4: tunl0    inet 192.168.4.5/32 scope global tunl0"];
    bring(host, undefined, want());
    expect(host.up).toEqual(new Set(["tunl0"]));
    host.addresses = [];
    bring(host, want());
    bring(host, undefined, want());
    expect(host.devices).not.toContain("tunl0");
  });
});

test("IPv6 disabled on the device is drift; where it was disabled for new devices, a destroy restores that", () => {
  const host = new FakeTunnelHost();
  host.sysctl("net/ipv6/conf/default/disable_ipv6=1");
  const before = host.state();
  const goal = want({ encapsulates: "6in6" });
  bring(host, goal);
  expect(host.sysctls.get("net.ipv6.conf.ip6tnl0.disable_ipv6")).toBe("0");
  host.sysctl("net/ipv6/conf/ip6tnl0/disable_ipv6=1");
  expect(commands(bring(host, goal)).at(-1)).toBe("sysctl -w net/ipv6/conf/ip6tnl0/disable_ipv6=0");
  bring(host, undefined, goal);
  expect(host.state()).toEqual(before);
});

test("sit0 is removed although the kernel has assigned addresses to it", () => {
  const host = new FakeTunnelHost();
  bring(host, want({ encapsulates: "6in4" }));
  host.addresses = ["4: sit0    inet6 ::192.168.4.100/96 scope global", "4: sit0    inet6 ::127.0.0.1/96 scope host"];
  bring(host, undefined, want({ encapsulates: "6in4" }));
  expect(host.devices).not.toContain("sit0");
});

test("without sameSubnetAsVip the ARP settings are restored in place, unless the host would answer for a VIP", () => {
  const host = new FakeTunnelHost();
  bring(host, want({ sameSubnetAsVip: true }));
  host.addresses = ["4: tunl0    inet 192.168.4.5/32 scope global tunl0"];
  bring(host, want());
  expect(host.sysctls.get("net.ipv4.conf.all.arp_ignore")).toBe("1");
  expect(host.files.get(LEDGER)).toContain(
    "# kept: 192.168.4.5 on tunl0 is still up, and this host must not answer ARP for it\n",
  );
  host.addresses = [];
  bring(host, want({ sameSubnetAsVip: true }));
  bring(host, want());
  expect(host.sysctls.get("net.ipv4.conf.all.arp_ignore")).toBe("0");
  expect(bring(host, want())).toEqual([]);
});

test("tunnels that come and go in any order leave the host as it was", () => {
  const all = [
    {},
    { sameSubnetAsVip: true, type: "gre" },
    { type: "gue", port: 6080 },
    { type: "gue", port: 6081, boot: false },
    { encapsulates: "6in4" },
    { encapsulates: "6in6", boot: false },
    { type: "gre", encapsulates: "6in4" },
  ];
  const tunnels = fc.subarray(all, { minLength: 1 });
  fc.assert(
    fc.property(
      tunnels.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))),
      ([come, go]) => {
        const host = new FakeTunnelHost();
        const before = host.state();
        for (const input of come) {
          bring(host, want(input));
          expect(bring(host, want(input))).toEqual([]);
        }
        for (const input of go) bring(host, undefined, want(input));
        expect(host.state()).toEqual(before);
      },
    ),
    { numRuns: 50 },
  );
});
