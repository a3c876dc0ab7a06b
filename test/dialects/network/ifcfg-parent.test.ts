import { ifcfg } from "../../../provider/dialects/network/ifcfg/ifcfg";
import { ifcfgRoutes } from "../../../provider/kinds/return-route/boot-ifcfg";
import { vipAlias } from "../../../provider/kinds/vip-alias/kind";
import { FakeNetworkHost } from "../../fakes/fake-network-host";
import { bring, want } from "../../kinds/vip-alias/vip-operator";
import { director, networkSeen, realServer, vip } from "./network-seen";

const SCRIPTS = "/etc/sysconfig/network-scripts";

describe("the parent of an alias", () => {
  test.each([
    ["is the file of its name", { "ifcfg-eth0": "PREFIX=24\n" }, true],
    ["is the file that names the interface", { "ifcfg-lan": 'DEVICE="eth0" # the front\n' }, true],
    ["is no alias", { "ifcfg-eth0:0": "DEVICE=eth0\n" }, false],
    ["is no range", { "ifcfg-eth0-range0": "DEVICE=eth0\n" }, false],
    ["is nothing that the scripts pass over", { "ifcfg-lan.bak": "DEVICE=eth0\n" }, false],
    ["is no other interface's", { "ifcfg-lan": "DEVICE=eth01\n" }, false],
  ])("%s", (_, files: Record<string, string>, is) => {
    const config = networkSeen(["ifcfg"], withPaths(files));
    expect(ifcfg.manages("eth0", config)).toBe(is);
    expect(ifcfg.blockedBy(vip(director), config) === undefined).toBe(is);
  });

  test.each(["ONBOOT=no", "ONBOOT='No'", 'ONBOOT=yes\nexport ONBOOT="no"'])("stays down with %j", (line) => {
    const config = networkSeen(["ifcfg"], withPaths({ "ifcfg-eth0": `DEVICE=eth0\n${line}\n` }));
    expect(ifcfg.blockedBy(vip(director), config)).toBe(
      `${SCRIPTS}/ifcfg-eth0 has ONBOOT=no, and network-scripts bring an alias up with its parent only. ` +
        'Set ONBOOT=yes there, or set "boot: false"',
    );
    expect(ifcfgRoutes.blockedBy(route, config)).toBe(
      `${SCRIPTS}/ifcfg-eth0 has ONBOOT=no, and routes come up with their interface. Set ONBOOT=yes there, or set "boot: false"`,
    );
  });

  test("has the VIP itself, and would bring it up without the label", () => {
    const config = networkSeen(["ifcfg"], withPaths({ "ifcfg-eth0": "IPADDR=192.168.4.2\nIPADDR1=192.168.4.5\n" }));
    expect(ifcfg.declares?.(vip(director), config)).toEqual([
      { path: `${SCRIPTS}/ifcfg-eth0`, line: 2, device: "eth0", label: "eth0", address: "192.168.4.5/24" },
    ]);
  });
});

describe.each([
  {
    device: "dummy0",
    beside: ["/etc/modules-load.d/pulumi-lvs-dummy0.conf", "/etc/modprobe.d/zz-pulumi-lvs-dummy0.conf"],
  },
  { device: "tunl0", beside: [] },
  { device: "gre0", beside: [] },
])("$device has a parent of ours", ({ device, beside }) => {
  const one = vip({ ...realServer, device });
  const files = ifcfg.files(one, networkSeen(["ifcfg"], {}));
  const seen = (which: typeof files) =>
    networkSeen(["ifcfg"], Object.fromEntries(which.map(({ path, text }) => [path, text])));

  test("without an address, and without the way to 169.254.0.0/16 that the scripts would add", () => {
    expect(files.map(({ path }) => path)).toEqual([
      `${SCRIPTS}/ifcfg-${device}:0`,
      `${SCRIPTS}/ifcfg-${device}`,
      ...beside,
    ]);
    expect(files[1]?.text).toBe(
      `# carries VIPs, by pulumi-lvs\nDEVICE=${device}\nBOOTPROTO=none\nONBOOT=yes\nNOZEROCONF=yes\nNM_CONTROLLED=no\n`,
    );
    expect(ifcfg.blockedBy(one, networkSeen(["ifcfg"], {}))).toBeUndefined();
    expect(ifcfg.blockedBy(one, seen(files))).toBeUndefined();
  });

  test("which goes with its last alias", () => {
    expect(ifcfg.unusedFiles(device, seen(files))).toEqual([]);
    expect(ifcfg.unusedFiles(device, seen(files.slice(1)))).toEqual([`${SCRIPTS}/ifcfg-${device}`, ...beside]);
  });

  test.each(["ifcfg-theirs", `ifcfg-${device}`])("unless there is somebody else's, %s", (name) => {
    const host = new FakeNetworkHost("ifcfg");
    const text = `# the tunnel, by hand\nDEVICE=${device}\nIPADDR=10.9.0.1\nPREFIX=32\n`;
    host.files.set(`${SCRIPTS}/${name}`, text);
    host.devices.add(device);
    const before = [...host.files];
    const goal = want({ ...realServer, device, boot: true });
    bring(host, goal);
    expect(bring(host, goal)).toEqual([]);
    expect(vipAlias.observe(host.seen(), goal)?.boot).toBe(true);
    expect([...host.files.keys()].filter((path) => path.startsWith(SCRIPTS))).toEqual([
      ...before.map(([path]) => path),
      `${SCRIPTS}/ifcfg-${device}:0`,
    ]);
    expect(host.files.get(`${SCRIPTS}/${name}`)).toBe(text);
    bring(host, undefined, goal);
    expect([...host.files]).toEqual(before);
  });
});

test("the module of dummies is told to bring one along, after systemd's file has told it to bring none", () => {
  const files = ifcfg.files(vip({ ...realServer, device: "dummy0" }), networkSeen(["ifcfg"], {}));
  const [, , load, options] = files.map(({ path, text }) => [path.split("/").at(-1) ?? "", text.split("\n")[1]]);
  expect(load).toEqual(["pulumi-lvs-dummy0.conf", "dummy"]);
  expect(options).toEqual(["zz-pulumi-lvs-dummy0.conf", "options dummy numdummies=1"]);
  expect((options?.[0] ?? "") > "systemd.conf").toBe(true);
});

test("a backup's gateway is nobody's", () => {
  const gateway = { "ifcfg-eth0": "DEVICE=eth0\n", "ifcfg-eth0.bak": "DEVICE=eth0\nGATEWAY=192.168.4.1\n" };
  expect(
    ifcfgRoutes.blockedBy({ ...route, id: "default" }, networkSeen(["ifcfg"], withPaths(gateway))),
  ).toBeUndefined();
});

const route = { id: "192.168.4.2", family: "ipv4", device: "eth0", routes: [], rules: [] } as const;

function withPaths(files: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([name, text]) => [`${SCRIPTS}/${name}`, text]));
}
