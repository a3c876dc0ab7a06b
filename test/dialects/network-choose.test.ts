import { chooseNetwork, findNetwork } from "../../provider/dialects/network/choose";
import { networkSeen } from "./network-seen";

test.each(["ifcfg", "ifupdown"] as const)("a host with %s alone", (name) => {
  expect(chooseNetwork(networkSeen([name], {}), undefined).name).toBe(name);
});

test("none: what was looked for, and the ways out", () => {
  expect(() => chooseNetwork(networkSeen([], {}), undefined)).toThrow(
    [
      "no network manager that this package knows brings addresses up at boot on this host:",
      "  ifcfg: network-scripts are installed: no (looked for /etc/sysconfig/network-scripts/ifup-eth)",
      "  ifcfg: the network service starts at boot: no (looked for /etc/rc.d/rc3.d/S??network, /etc/rc3.d/S??network, " +
        "/etc/systemd/system/*.wants/network.service)",
      "  ifupdown: ifup is installed: no (looked for /usr/sbin/ifup, /sbin/ifup)",
      "  ifupdown: it has its configuration: no (looked for /etc/network/interfaces)",
      "  ifupdown: networking starts at boot: no (looked for /etc/systemd/system/*.wants/networking.service, " +
        "/etc/rcS.d/S??networking, /etc/rc2.d/S??networking)",
      'Say which it is with "network", one of "ifcfg", "ifupdown", or set "boot: false" and keep the address across a reboot by ' +
        "other means.",
    ].join("\n"),
  );
});

test("two: neither is guessed", () => {
  const both = networkSeen(["ifcfg", "ifupdown"], {});
  expect(() => chooseNetwork(both, undefined)).toThrow(
    "more than one network manager would bring addresses up at boot on this host:\n  ifcfg: network-scripts are installed: yes\n",
  );
  expect(findNetwork(both, undefined)).toBeUndefined();
});

test("half of one is none: network-scripts without the service bring nothing up", () => {
  const seen = networkSeen(["ifcfg"], {});
  const half = { ...seen, there: new Set([...seen.there].slice(0, 1)) };
  expect(() => chooseNetwork(half, undefined)).toThrow("no network manager that this package knows");
});

test("what the user names is taken, whatever is there", () => {
  expect(chooseNetwork(networkSeen([], {}), "ifcfg").name).toBe("ifcfg");
  expect(chooseNetwork(networkSeen(["ifcfg"], {}), "ifupdown").name).toBe("ifupdown");
});
