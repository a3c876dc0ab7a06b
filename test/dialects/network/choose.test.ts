import { chooseDialect, findDialect, networkConfigFact } from "../../../provider/dialects/network/choose";
import { isPersisted, persist } from "../../../provider/kinds/vip-alias/boot-config";
import { director, networkSeen, vip } from "./network-seen";

const all = ["netplan", "networkd", "ifcfg", "ifupdown", "networkmanager"] as const;

test.each(all)("a host with %s alone", (name) => {
  expect(chooseDialect(networkSeen([name], {}), "eth0", undefined).name).toBe(name);
});

test("none: what was looked for, and the ways out", () => {
  const say = () => chooseDialect(networkSeen([], {}), "eth0", undefined);
  expect(say).toThrow("this host has no network manager that this package knows:\n  netplan: ");
  for (const line of [
    "  netplan: it has its configuration: no (looked for /etc/netplan/*.yaml)",
    "  networkd: systemd-networkd starts at boot: no (looked for /etc/systemd/system/*.wants/systemd-networkd.service)",
    "  ifcfg: network-scripts are installed: no (looked for /etc/sysconfig/network-scripts/ifup-eth)",
    "  ifcfg: the network service starts at boot: no (looked for /etc/rc.d/rc3.d/S??network, /etc/rc3.d/S??network, " +
      "/etc/systemd/system/*.wants/network.service)",
    "  ifupdown: ifup is installed: no (looked for /usr/sbin/ifup, /sbin/ifup)",
    "  ifupdown: it has its configuration: no (looked for /etc/network/interfaces)",
    "  networkmanager: NetworkManager is installed: no (looked for /usr/sbin/NetworkManager, /usr/bin/NetworkManager)",
    'Set "networkManager" to one of "netplan", "networkd", "ifcfg", "ifupdown", "networkmanager", or set "boot: false" and ' +
      "keep the address across a reboot by other means.",
  ]) {
    expect(say).toThrow(line);
  }
});

test("two, and none of them says that it has the NIC: neither is guessed", () => {
  const both = networkSeen(["ifcfg", "ifupdown"], {});
  expect(() => chooseDialect(both, "eth0", undefined)).toThrow(
    "this host has more than one network manager, and none or several of them have eth0:\n  netplan:",
  );
  expect(findDialect(both, "eth0", undefined)).toBeUndefined();
});

const uuid = "5f1c0d3e";
const files = {
  "/etc/network/interfaces": "iface lo inet loopback\niface eth1 inet static\n",
  "/etc/network/interfaces.d/pulumi-lvs-eth2-192-168-4-5": "iface eth2 inet6 manual\n",
  "/etc/sysconfig/network-scripts/ifcfg-eth2": "DEVICE=eth2\n",
  "/etc/NetworkManager/system-connections/Wired connection 1.nmconnection": `[connection]\nuuid=${uuid}\n`,
  "/etc/netplan/50-cloud-init.yaml": "network:\n  ethernets:\n    eth4:\n      dhcp4: true\n",
};
const owners = {
  eth0: { networkFile: "/etc/systemd/network/10-eth0.network" },
  eth3: { profile: uuid },
  eth4: { networkFile: "/run/systemd/network/10-netplan-eth4.network" },
  // An interface that NetworkManager has found up, and shows as a profile of its own making.
  lo: { profile: "20c7504c" },
};

test.each([
  { device: "eth0", has: "networkd" },
  { device: "eth1", has: "ifupdown" },
  { device: "eth2", has: "ifcfg" },
  { device: "eth3", has: "networkmanager" },
  { device: "eth4", has: "netplan" },
  { device: "lo", has: "ifupdown" },
  { device: "dummy0", has: "netplan" },
  { device: "eth5", has: undefined },
])("five managers on one host: $device is in the hands of $has", ({ device, has }) => {
  expect(findDialect(networkSeen(all, files, owners), device, undefined)?.name).toBe(has);
});

test("CentOS 7: NetworkManager and the network service read the same file, and the file is what counts", () => {
  const seen = networkSeen(
    ["ifcfg", "networkmanager"],
    { "/etc/sysconfig/network-scripts/ifcfg-eth0": "DEVICE=eth0\n" },
    { eth0: { profile: uuid } },
  );
  expect(findDialect(seen, "eth0", undefined)?.name).toBe("ifcfg");
  expect(findDialect(seen, "dummy0", undefined)?.name).toBe("ifcfg");
});

test("half of one is none: network-scripts without the service bring nothing up", () => {
  const seen = networkSeen(["ifcfg"], {});
  const half = { ...seen, presentPaths: new Set([...seen.presentPaths].slice(0, 1)) };
  expect(() => chooseDialect(half, "eth0", undefined)).toThrow(
    "this host has no network manager that this package knows",
  );
});

test("what the user names is taken, whatever is there", () => {
  expect(chooseDialect(networkSeen([], {}), "eth0", "ifcfg").name).toBe("ifcfg");
  expect(chooseDialect(networkSeen(["ifcfg"], {}), "eth0", "ifupdown").name).toBe("ifupdown");
});

test("a mask leaves the links that start a unit, and the unit does not start", () => {
  const seen = networkSeen(["networkd", "ifupdown"], { "/etc/network/interfaces": "iface eth0 inet manual\n" });
  const mask = "masked:/etc/systemd/system/networking.service /run/systemd/system/networking.service";
  const masked = { ...seen, presentPaths: new Set([...seen.presentPaths, mask]) };
  expect(networkConfigFact.command).toMatchObject({ args: expect.arrayContaining([mask]) as string[] });
  expect(findDialect(seen, "eth0", undefined)?.name).toBe("ifupdown");
  expect(findDialect(masked, "eth0", undefined)?.name).toBe("networkd");
  const goal = vip({ ...director, networkManager: "ifupdown" });
  expect(() => persist(goal, masked)).toThrow("networking.service is masked, so ifupdown brings nothing up at boot");
  expect(isPersisted(goal, masked, "ifupdown")).toBe(false);
});
