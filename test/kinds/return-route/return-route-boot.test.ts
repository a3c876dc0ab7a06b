import { returnRoute } from "../../../provider/kinds/return-route/kind";
import { FakeRouter } from "../../fakes/fake-router";
import { bring, gateway, planned, want, withoutNetwork } from "./return-route-operator";

const OWN = "/etc/network/interfaces.d/pulumi-lvs-route-192-168-2-100";
const SCRIPTS = "/etc/sysconfig/network-scripts";

describe("at boot", () => {
  test("ifupdown: a further stanza for the interface, with commands", () => {
    const host = new FakeRouter();
    bring(host, want());
    expect(host.files.get(OWN)).toBe(
      [
        "# return route of 192.168.2.100, by pulumi-lvs",
        "iface eth1 inet manual",
        "    up ip route replace 192.168.2.0/24 dev eth1 src 192.168.2.100 table 20612 || true",
        "    up ip route replace default via 192.168.2.2 dev eth1 table 20612 || true",
        "    up ip rule del from 192.168.2.100 lookup 20612 priority 20000 2>/dev/null || true",
        "    up ip rule add from 192.168.2.100 lookup 20612 priority 20000 || true",
        "    down ip rule del from 192.168.2.100 lookup 20612 priority 20000 || true",
        "",
      ].join("\n"),
    );
  });

  test("ifcfg: lines among the operator's own, which are left alone", () => {
    const host = new FakeRouter("ifcfg");
    host.files.set(`${SCRIPTS}/route-eth1`, "10.8.0.0/16 via 192.168.2.1 dev eth1");
    const before = host.state();
    bring(host, want());
    expect(host.files.get(`${SCRIPTS}/route-eth1`)).toBe(
      [
        "10.8.0.0/16 via 192.168.2.1 dev eth1",
        "# pulumi-lvs begin 192.168.2.100 (no newline before)",
        "192.168.2.0/24 dev eth1 src 192.168.2.100 table 20612",
        "default via 192.168.2.2 dev eth1 table 20612",
        "# pulumi-lvs end 192.168.2.100",
        "",
      ].join("\n"),
    );
    expect(host.files.get(`${SCRIPTS}/rule-eth1`)).toContain("\nfrom 192.168.2.100 lookup 20612 priority 20000\n");
    bring(host, want({ table: 9 }), undefined, withoutNetwork(want()));
    expect(host.files.get(`${SCRIPTS}/rule-eth1`)).not.toContain("20612");
    bring(host, undefined, want({ table: 9 }));
    expect(host.state()).toEqual(before);
  });

  test.each([
    ["a gateway that changed", `${SCRIPTS}/route-eth1`, "192.168.2.2", "192.168.2.3"],
    ["a rule that somebody edited", `${SCRIPTS}/rule-eth1`, "20000", "20001"],
    ["a copy of our lines", `${SCRIPTS}/route-eth1`, /([^]*)/, "$1$1"],
  ])("ifcfg: %s is wrong in one of two files, and one pass makes both right", (_what, path, from, to) => {
    const host = new FakeRouter("ifcfg");
    host.files.set(`${SCRIPTS}/route-eth1`, "10.8.0.0/16 via 192.168.2.1 dev eth1\n");
    const before = host.state();
    bring(host, want());
    const right = host.state();
    host.files.set(path, (host.files.get(path) ?? "").replace(from, to));
    // A line of somebody else's is kept, though it stands in the copy as well.
    const steps = planned(host, want());
    expect(steps.map((step) => ("file" in step ? step.file : step))).toEqual([path]);
    host.take(steps);
    expect(planned(host, want())).toEqual([]);
    if (typeof from === "string") expect(host.state()).toEqual(right);
    bring(host, undefined, want());
    if (typeof from === "string") expect(host.state()).toEqual(before);
    else expect(host.files.get(path)).toBe("10.8.0.0/16 via 192.168.2.1 dev eth1\n".repeat(2));
  });

  test("lines that another manager would bring up as well go in the same pass", () => {
    const host = new FakeRouter("ifcfg");
    bring(host, want());
    const right = host.state();
    host.files.set(OWN, "iface eth1 inet manual\n");
    expect(returnRoute.observe(host.look(), want())?.boot).toBe(false);
    expect(host.take(planned(host, want()))).toEqual([`edit ${OWN}: remove it`]);
    expect(host.state()).toEqual(right);
  });

  test("false: nothing of it, and none of what was there", () => {
    const host = new FakeRouter();
    bring(host, want());
    bring(host, want({ boot: false }));
    expect(host.files.has(OWN)).toBe(false);
    expect(returnRoute.observe(host.look(), want({ boot: false }))).toEqual(want({ boot: false }));
  });

  test.each([
    [
      "ifupdown does not read our directory",
      new FakeRouter(),
      "/etc/network/interfaces",
      "iface eth1 inet static\n",
      want(),
      '/etc/network/interfaces does not read /etc/network/interfaces.d: add the line "source /etc/network/interfaces.d/*" to it, or set "boot: false"',
    ],
    [
      "ifupdown does not know the interface",
      new FakeRouter(),
      "/etc/network/interfaces",
      "source /etc/network/interfaces.d/*\n",
      want(),
      '/etc/network/interfaces does not bring eth1 up: give it a stanza, or set "boot: false"',
    ],
    [
      "another default gateway of ifupdown",
      new FakeRouter(),
      "/etc/network/interfaces",
      "iface eth1 inet static\n  gateway 192.168.2.1\nsource /etc/network/interfaces.d/*\n",
      gateway(),
      '/etc/network/interfaces, line 2, has a default gateway of its own ("gateway 192.168.2.1"), and the second one would fail at boot. Remove that line, use mode "policy", or set "boot: false"',
    ],
    [
      "routes in the other form of network-scripts",
      new FakeRouter("ifcfg"),
      `${SCRIPTS}/route-eth1`,
      "ADDRESS0=10.8.0.0\n",
      want(),
      `${SCRIPTS}/route-eth1 defines routes as ADDRESS0=, and a file can use only one of the two formats. Rewrite them as "NETWORK via GATEWAY dev DEVICE", or set "boot: false"`,
    ],
    [
      "another default gateway of network-scripts",
      new FakeRouter("ifcfg"),
      `${SCRIPTS}/ifcfg-eth0`,
      "DEVICE=eth0\nGATEWAY=192.168.4.1\n",
      gateway(),
      `${SCRIPTS}/ifcfg-eth0, line 2, has a default gateway of its own ("GATEWAY=192.168.4.1"), and the second one would fail at boot. Remove that line, use mode "policy", or set "boot: false"`,
    ],
  ])("refused: %s", (_what, host, path, text, goal, says) => {
    host.files.set(path, text);
    const before = host.state();
    expect(() => bring(host, goal)).toThrow(says);
    expect(host.state()).toEqual(before);
  });
});
