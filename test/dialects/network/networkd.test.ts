import { networkd } from "../../../provider/dialects/network/networkd/networkd";
import type { ActiveConfig } from "../../../provider/facts/network/managers";
import { director, networkSeen, realServer, vip } from "./network-seen";

const OWN = "/etc/systemd/network";
const owners = { eth0: { networkFile: `${OWN}/10-eth0.network` } };
const seen = (by: Readonly<Record<string, ActiveConfig>> = owners) => networkSeen(["networkd"], {}, by);
const text = (input: typeof director, config = seen()) =>
  networkd.files(vip(input), config).map((file) => `${file.path}\n${file.text}`);

test("a director's VIP is a drop-in of the file that has its NIC", () => {
  expect(text(director)).toEqual([
    `${OWN}/10-eth0.network.d/pulumi-lvs-eth0-192.168.4.5.conf
# director VIP 192.168.4.5, by pulumi-lvs
[Address]
Address=192.168.4.5/32
Label=eth0:0
`,
  ]);
});

test("a file of /usr/lib or /run has its drop-ins in /etc", () => {
  const config = seen({ eth0: { networkFile: "/usr/lib/systemd/network/80-wired.network" } });
  expect(networkd.files(vip(director), config)[0]?.path).toBe(
    `${OWN}/80-wired.network.d/pulumi-lvs-eth0-192.168.4.5.conf`,
  );
});

test("IPv6 has no label, and no duplicate check", () => {
  expect(text({ ...director, address: "2001:db8::5" })).toEqual([
    `${OWN}/10-eth0.network.d/pulumi-lvs-eth0-2001-db8--5.conf
# director VIP 2001:db8::5, by pulumi-lvs
[Address]
Address=2001:db8::5/128
DuplicateAddressDetection=none
`,
  ]);
});

test("lo and a dummy get a file of their own, the dummy is made", () => {
  expect(text(realServer)).toEqual([
    `${OWN}/50-pulumi-lvs-lo.network\n# carries VIPs, by pulumi-lvs\n[Match]\nName=lo\n[Link]\nRequiredForOnline=no\n`,
    expect.stringContaining(`${OWN}/50-pulumi-lvs-lo.network.d/pulumi-lvs-lo-192.168.4.5.conf\n`) as string,
  ]);
  expect(text({ ...realServer, device: "dummy0" })[0]).toBe(
    `${OWN}/50-pulumi-lvs-dummy0.netdev\n# carries VIPs, by pulumi-lvs\n[NetDev]\nName=dummy0\nKind=dummy\n`,
  );
});

test("lo is the host's own: no second file for it, of which networkd would read one", () => {
  const config = seen({ lo: { networkFile: `${OWN}/05-lo.network` } });
  expect(networkd.files(vip(realServer), config).map(({ path }) => path)).toEqual([
    `${OWN}/05-lo.network.d/pulumi-lvs-lo-192.168.4.5.conf`,
  ]);
});

test("a NIC without a file has nothing to add to", () => {
  expect(networkd.blockedBy(vip(director), seen({}))).toBe(
    "systemd-networkd has no .network file for eth0, so there is nothing to add 192.168.4.5/32 to. Write one in " +
      '/etc/systemd/network and run "networkctl reload", or set "boot: false"',
  );
  expect(networkd.blockedBy(vip(director), seen())).toBeUndefined();
});

test("a file for several NICs would put the VIP on all of them", () => {
  const networkFile = "/etc/systemd/network/80-all.network";
  expect(networkd.blockedBy(vip(director), seen({ eth0: { networkFile }, eth1: { networkFile } }))).toBe(
    "/etc/systemd/network/80-all.network is for eth0, eth1: all of them would get 192.168.4.5/32. Give eth0 a .network file of its " +
      'own, or set "boot: false"',
  );
});

test.each([
  {
    files: { [`${OWN}/10-eth0.network`]: "[Match]\nName=eth0\n[Network] # x\n" },
    says:
      `systemd-networkd gives ${OWN}/10-eth0.network up, with its drop-ins, at ${OWN}/10-eth0.network, line 3: ` +
      '"[Network] # x" is no section. Mend that line, or set "boot: false"',
  },
  {
    files: { [`${OWN}/10-eth0.network.d/a.conf`]: "[Address\n" },
    says:
      `systemd-networkd gives ${OWN}/10-eth0.network up, with its drop-ins, at ${OWN}/10-eth0.network.d/a.conf, line 1: ` +
      '"[Address" is no section. Mend that line, or set "boot: false"',
  },
  {
    files: { [`${OWN}/10-eth0.network.d/z.conf`]: "[Network]\nAddress=\n" },
    says:
      `${OWN}/10-eth0.network.d/z.conf, line 2, has an empty Address=: newer versions of systemd take back what earlier files add, as ` +
      'pulumi-lvs-eth0-192.168.4.5.conf would. Rename that file so that it comes before "pulumi-lvs", or set "boot: false"',
  },
  { files: { [`${OWN}/10-eth0.network.d/a.conf`]: "[Network]\nAddress=\n" }, says: undefined },
])("lines of the host's own that would keep our drop-in from being read: $says", ({ files, says }) => {
  expect(networkd.blockedBy(vip(director), networkSeen(["networkd"], files, owners))).toBe(says);
});

describe("the next boot takes the first file by name that matches", () => {
  const applied = { [`${OWN}/10-eth0.network`]: "[Match]\nName=eth0\n" };
  const blocked = (files: Readonly<Record<string, string>>) =>
    networkd.blockedBy(vip(director), networkSeen(["networkd"], { ...applied, ...files }, owners));

  test.each([
    ["one of this name", `${OWN}/05-lan.network`, "[Match]\nName=eth0\n[Network]\nDHCP=yes\n"],
    ["a pattern among others", "/run/systemd/network/05-lan.network", "# mine\n[Match]\nName=wlan* eth[0-9]\n"],
    ["all but others", "/usr/lib/systemd/network/05-lan.network", "[Match]\nName=!wlan* lo\n"],
  ])("%s keeps ours from counting", (_, path, text) => {
    expect(blocked({ [path]: text })).toBe(
      `${path} names eth0 and comes before ${OWN}/10-eth0.network, which systemd-networkd has applied to it: at the next boot the ` +
        'other one counts. Run "networkctl reload" where that is meant, or remove it; or set "boot: false"',
    );
  });

  test.each([
    ["for another device", `${OWN}/05-lan.network`, "[Match]\nName=eth1 wlan*\n"],
    ["all but this one", `${OWN}/05-lan.network`, "[Match]\nName=!eth0\n"],
    ["that networkd has judged by more than the name", `${OWN}/05-lan.network`, "[Match]\nName=eth0\nHost=other\n"],
    ["without a match", `${OWN}/05-lan.network`, "[Network]\nDHCP=yes\n"],
    ["that networkd gives up", `${OWN}/05-lan.network`, "[Match]\nName=eth0\n[Network\n"],
    ["that comes later", `${OWN}/20-lan.network`, "[Match]\nName=eth0\n"],
    ["of a name that another folder hides", "/usr/lib/systemd/network/10-eth0.network", "[Match]\nName=eth0\n"],
  ])("one %s does no harm", (_, path, text) => {
    expect(blocked({ [path]: text })).toBeUndefined();
  });
});
