import { ORIGINAL_STATE_FILE } from "../../../provider/facts/files/original-state";
import { addOwner, OWNERS_FILE } from "../../../provider/facts/files/owners";
import { fragmentPath, MAIN_FILE } from "../../../provider/facts/keepalived/paths";
import { vipAlias } from "../../../provider/kinds/vip-alias/kind";
import { vip } from "../../../provider/kinds/vip-alias/schema";
import { fragmentNameOf, fragmentText } from "../../../provider/kinds/vrrp-instance/fragment";
import { vrrpInstance } from "../../../provider/kinds/vrrp-instance/kind";
import { readFragment } from "../../../provider/kinds/vrrp-instance/read-fragment";
import { vrrpInstance as schema } from "../../../provider/kinds/vrrp-instance/schema";
import { CommandFailure, refusals } from "../../fakes/fake-host";
import { FakeVrrpHost } from "../../fakes/fake-vrrp-host";

const usual = { device: "eth0", virtualRouterId: 51, addresses: ["192.168.4.5"], priority: 254 };
const six = { device: "eth0", virtualRouterId: 51, addresses: ["2001:db8::5", "192.168.4.9"], priority: 100 };
const full = {
  ...usual,
  addresses: ["192.168.4.5", { address: "192.168.2.1/24", device: "eth1", label: "eth1:gw" }, "2001:db8::5"],
  advertInterval: 0.3,
  preempt: { delay: 60 },
  peers: ["192.168.4.3"],
  source: "192.168.4.2",
  track: { devices: ["eth1"], services: ["nginx"], hosts: ["192.168.2.100", "192.168.2.200"] },
};
const wanted = (args: object) => schema.parse(args);
const PATH = fragmentPath("vrrp-eth0-51");

let host: FakeVrrpHost;

beforeEach(() => {
  host = new FakeVrrpHost();
});

const up = (args: object) => host.pass(vrrpInstance, wanted(args));
const down = (args: object) => host.pass(vrrpInstance, undefined, wanted(args));
const seen = (args: object = usual) => host.observe(vrrpInstance, wanted(args));

test("the usual instance: backup state, no preemption, what a master that comes back needs, version 2", () => {
  expect(fragmentText(wanted(usual))).toBe(`# VrrpInstance 51 on eth0: kept by pulumi-lvs as a whole
vrrp_instance pulumi_lvs_eth0_51 {
    state BACKUP
    nopreempt
    interface eth0
    virtual_router_id 51
    priority 254
    advert_int 1
    higher_prio_send_advert true
    garp_lower_prio_repeat 2
    virtual_ipaddress {
        192.168.4.5/32 dev eth0
    }
}
`);
});

test("all of it: other addresses are not advertised, a fraction of a second is version 3, one host that answers is enough", () => {
  expect(fragmentText(wanted(full))).toBe(`# VrrpInstance 51 on eth0: kept by pulumi-lvs as a whole
vrrp_script pulumi_lvs_eth0_51_nginx.service {
    script "/usr/bin/systemctl is-active -q nginx.service"
    interval 1
    timeout 3
    fall 2
    rise 2
    user root
}
vrrp_script pulumi_lvs_eth0_51_hosts {
    script "/usr/bin/sh -c '(ping -q -c 1 -W 1 192.168.2.100 & ping -q -c 1 -W 1 192.168.2.200 & wait) 2>&1 | grep -q received,.0%'"
    interval 1
    timeout 3
    fall 2
    rise 2
    user root
}
vrrp_instance pulumi_lvs_eth0_51 {
    state BACKUP
    preempt_delay 60
    interface eth0
    virtual_router_id 51
    priority 254
    version 3
    advert_int 0.3
    higher_prio_send_advert true
    garp_lower_prio_repeat 2
    unicast_src_ip 192.168.4.2
    unicast_peer {
        192.168.4.3
    }
    track_interface {
        eth1
    }
    track_script {
        pulumi_lvs_eth0_51_nginx.service
        pulumi_lvs_eth0_51_hosts
    }
    virtual_ipaddress {
        192.168.4.5/32 dev eth0
    }
    virtual_ipaddress_excluded {
        192.168.2.1/24 dev eth1 label eth1:gw
        2001:db8::5/128 dev eth0 preferred_lft forever
    }
}
`);
});

test("an IPv6 instance is another one than the IPv4 one of the same number, and of version 3", () => {
  expect(fragmentNameOf(wanted(six))).toBe("vrrp-eth0-51-ipv6");
  expect(vrrpInstance.key(wanted(six))).toBe("51 on eth0, IPv6");
  expect(fragmentText(wanted(six))).toContain("    version 3\n    advert_int 1\n");
});

test.each([
  usual,
  full,
  six,
  { ...usual, source: "192.168.4.2" },
  { ...usual, track: { devices: ["eth1"] } },
  { ...usual, track: { services: ["rpcbind.socket", "script_1"] } },
  {
    ...usual,
    track: { services: ["nginx"], scripts: ["/usr/bin/curl -sf 'http://127.0.0.1/health'", "/usr/local/bin/well"] },
  },
])("what is written is what is read: %j", (args) => {
  const { live: _, boot: __, loaded: ___, ...written } = wanted(args);
  expect(readFragment(fragmentText(wanted(args)), wanted(args))).toEqual(written);
});

test.each([
  { name: "priority", from: "priority 254", to: "priority 9", is: { priority: 9 } },
  { name: "advertInterval", from: "advert_int 0.3", to: "advert_int 2", is: { advertInterval: 2 } },
  { name: "preempt", from: "preempt_delay 60", to: "nopreempt", is: { preempt: false } },
  { name: "peers", from: "        192.168.4.3\n", to: "        192.168.4.4\n", is: { peers: ["192.168.4.4"] } },
  {
    name: "source",
    from: "unicast_src_ip 192.168.4.2",
    to: "unicast_src_ip 192.168.4.9",
    is: { source: "192.168.4.9" },
  },
  {
    name: "track",
    from: "        eth1\n",
    to: "        eth2\n",
    is: { track: { ...wanted(full).track, devices: ["eth2"] } },
  },
  {
    name: "hosts",
    from: "-W 1 192.168.2.200",
    to: "-W 1 192.168.2.9",
    is: { track: { ...wanted(full).track, hosts: ["192.168.2.100", "192.168.2.9"] } },
  },
  {
    name: "addresses",
    from: "        2001:db8::5/128 dev eth0 preferred_lft forever\n",
    to: "",
    is: { addresses: wanted(full).addresses.slice(0, 2) },
  },
  {
    name: "what has no field",
    from: "garp_lower_prio_repeat 2",
    to: "garp_lower_prio_repeat 3",
    is: { file: "differs" },
  },
])("an edit by hand is seen in its field, and repaired: $name", ({ from, to, is }) => {
  host.ip("addr add 192.168.4.1/32 dev eth1");
  up(full);
  const text = host.files.get(PATH) ?? "";
  expect(text).toContain(from);
  host.files.set(PATH, text.replace(from, to));
  host.daemon.reload();
  expect(seen(full)).toMatchObject(is);
  up(full);
  expect(host.files.get(PATH)).toBe(text);
  expect(up(full)).toEqual([]);
});

test("a life: one file, one line in the main file, one start; the destroy leaves nothing, and a second pass does nothing", () => {
  const before = new Map(host.files);
  expect(up(usual).at(-1)).toContain("systemctl start");
  expect(seen()).toMatchObject({ ...wanted(usual), live: true, boot: true, loaded: true });
  expect(up(usual)).toEqual([]);
  up({ ...usual, priority: 9 });
  expect(host.daemon.did).toEqual(["start", "reload"]);
  down(usual);
  expect(host.files).toEqual(before);
  expect(host.daemon.did).toEqual(["start", "reload", "stop"]);
  expect(down(usual)).toEqual([]);
});

test("an edited first address changes neither its name nor what a destroy removes", () => {
  up(usual);
  host.files.set(PATH, (host.files.get(PATH) ?? "").replace("192.168.4.5/32", "2001:db8::7/128"));
  expect(seen()).toMatchObject({ device: "eth0", virtualRouterId: 51 });
  down(usual);
  expect(host.files.has(PATH)).toBe(false);
});

test("a VIP of a VipAlias becomes the instance's: its boot file and its record go, so that no boot brings it up", () => {
  const alias = vip.parse({ role: "director", address: "192.168.4.5/24", device: "eth0" });
  const before = new Map(host.files);
  host.pass(vipAlias, alias);
  expect(host.files.get(ORIGINAL_STATE_FILE)).toContain("VipAlias");
  host.pass(vrrpInstance, wanted(usual));
  expect(seen()).toMatchObject({ boot: true });
  expect([...host.files.keys()].filter((path) => path.startsWith("/etc/network/"))).toEqual([
    "/etc/network/interfaces",
  ]);
  expect(host.files.get(ORIGINAL_STATE_FILE)).not.toContain("VipAlias");
  expect(vrrpInstance.owns?.(wanted(usual))).toEqual([["VipAlias", vipAlias.key(alias)]]);
  host.files.set(
    "/etc/network/interfaces.d/pulumi-lvs-eth0-192-168-4-5",
    "auto eth0:0\niface eth0:0 inet static\n  address 192.168.4.5/32\n",
  );
  expect(seen()).toMatchObject({ boot: false });
  up(usual);
  down(usual);
  expect(host.files).toEqual(before);
});

test.each([
  { name: "no device", args: { ...usual, device: "eth9" }, by: (): void => undefined, why: "no device eth9" },
  {
    name: "no tracked device",
    args: { ...usual, track: { devices: ["eth9"] } },
    by: (): void => undefined,
    why: "no device eth9",
  },
  {
    name: "itself as a peer",
    args: { ...usual, peers: ["192.168.4.2"] },
    by: (): void => undefined,
    why: "peers has 192.168.4.2",
  },
  {
    name: "another host's source",
    args: { ...usual, source: "192.168.4.3" },
    by: (): void => undefined,
    why: "no address of this host",
  },
  {
    name: "no keepalived",
    args: usual,
    by: (): void => {
      host.daemon.version = undefined;
    },
    why: "keepalived is not installed",
  },
  {
    name: "an old checksum",
    args: { ...usual, advertInterval: 0.3, peers: ["192.168.4.3"] },
    by: (): void => {
      host.daemon.version = "1.3.5";
    },
    why: "keepalived 1.3.5 on this host sends version 3",
  },
  {
    name: "another instance with its number",
    args: usual,
    by: (): void => {
      host.files.set(MAIN_FILE, "global_defs {\n}\nvrrp_instance own {\n  interface eth0\n  virtual_router_id 51\n}\n");
      host.daemon.start();
    },
    why: "keepalived.conf, line 3, has the vrrp_instance own with virtual_router_id 51 on eth0",
  },
  {
    name: "an address that keepalived moves already",
    args: usual,
    by: (): void => {
      host.keepalived = "7\t/etc/keepalived/own.conf\t192.168.4.5/32\n";
    },
    why: "own.conf, line 7, gives 192.168.4.5 to keepalived already",
  },
  {
    name: "an address that the host brings up",
    args: usual,
    by: () =>
      host.files.set("/etc/network/interfaces", "auto eth0\niface eth0 inet static\n  address 192.168.4.5/24\n"),
    why: "brings 192.168.4.5 up at boot",
  },
])("refused with a reason, and nothing is touched: $name", ({ args, by, why }) => {
  by();
  const before = new Map(host.files);
  expect(() => up(args)).toThrow(why);
  expect(host.files).toEqual(before);
});

test("an instance of IPv6 beside a foreign one of IPv4 with its number is another one", () => {
  host.files.set(
    MAIN_FILE,
    "vrrp_instance own {\n  interface eth0\n  virtual_router_id 51\n  virtual_ipaddress { 192.168.4.77 }\n}\n",
  );
  host.daemon.start();
  up(six);
  expect(seen(six)).toMatchObject({ loaded: true });
});

test("whoever has the address up by other means waits for another host before anything is written, and nobody else does", () => {
  expect(up(usual).filter((step) => step.includes("arping"))).toEqual([]);
  host = new FakeVrrpHost();
  host.ip("addr add 192.168.4.5/32 dev eth0");
  expect(up(usual).findIndex((step) => step.includes("arping"))).toBe(0);
});

test("an address that a VipAlias of the host has by now is put back around the removal, and another one is not", () => {
  up(usual);
  host.ip("addr add 192.168.4.5/32 dev eth0");
  const owner = addOwner("VipAlias", "192.168.4.5 on eth0", "shop/prod/vip");
  host.files.set(OWNERS_FILE, owner.edit(undefined) ?? "");
  host.keepalived = `9\t${PATH}\t192.168.4.5/32\n`;
  const steps = down(usual);
  expect(steps[0]).toContain("ip addr add");
  expect(steps.filter((step) => step.includes("arping"))).toHaveLength(1);
  up(usual);
  host.files.delete(OWNERS_FILE);
  expect(down(usual).filter((step) => step.includes("ip addr add") || step.includes("arping"))).toEqual([]);
});

test("what keepalived refuses is not put in place", () => {
  host.daemon.refusal = () => "(pulumi_lvs_eth0_51) Unknown interface!";
  expect(() => up(usual)).toThrow(CommandFailure);
  expect(host.files.has(PATH)).toBe(false);
});

test("a change of the number with the same address deletes first, another address or family does not", () => {
  const conflicts = (news: object) => vrrpInstance.conflictsWith?.(wanted(usual), wanted(news));
  expect(conflicts({ ...usual, virtualRouterId: 52 })).toBe(true);
  expect(conflicts({ ...usual, virtualRouterId: 52, addresses: ["192.168.4.6"] })).toBe(false);
  expect(conflicts({ ...six, addresses: ["2001:db8::5"] })).toBe(false);
});

test("the address by which we reach the host is refused", () => {
  const problem = vrrpInstance.lockoutProblem?.(wanted(full), { address: "192.168.2.1", port: 22 });
  expect(problem).toMatchObject({ property: "addresses", reason: expect.stringContaining("has 192.168.2.1") });
  expect(vrrpInstance.lockoutProblem?.(wanted(full), { address: "192.168.4.2", port: 22 })).toBeUndefined();
});

test.each([
  [{ ...usual, addresses: [] }, "addresses: must not be empty: an instance without an address moves nothing"],
  [{ ...usual, addresses: "192.168.4.5" }, 'addresses: must be a list of addresses, such as ["192.168.4.5"]'],
  [{ ...usual, addresses: ["192.168.4.5", "192.168.4.5/24"] }, "addresses.1.address: is there twice: 192.168.4.5"],
  [
    { ...usual, addresses: [{ address: "192.168.4.5", device: "lo" }] },
    "addresses.0.device: must be a NIC: an address on lo answers no client",
  ],
  [
    { ...usual, addresses: [{ address: "192.168.4.5", label: "eth1:0" }] },
    'addresses.0.label: must start with the device, "eth0:", got "eth1:0"',
  ],
  [
    { ...usual, addresses: [{ address: "2001:db8::5", label: "eth0:0" }] },
    "addresses.0.label: is for IPv4 only: the kernel keeps no label of an IPv6 address. Leave it out",
  ],
  [
    { ...usual, addresses: [{ address: "192.168.4.5", label: "eth0:01234567890" }] },
    'addresses.0.label: must have at most 15 characters, got 16 in "eth0:01234567890": the kernel has no room for more',
  ],
  [{ ...usual, priority: 255 }, "priority: must be a whole number from 1 to 254, not 255"],
  [{ ...usual, virtualRouterId: 0 }, "virtualRouterId: must be a whole number from 1 to 255, not 0"],
  [{ ...usual, advertInterval: 0 }, "advertInterval: must be whole seconds from 1 to 255, not 0"],
  [
    { ...usual, advertInterval: 40.5 },
    "advertInterval: must be 0.01 to 40 seconds, with at most two decimals, not 40.5",
  ],
  [
    { ...usual, advertInterval: 0.123 },
    "advertInterval: must be 0.01 to 40 seconds, with at most two decimals, not 0.123",
  ],
  [
    { ...usual, preempt: true },
    "preempt: must be false, or { delay: 60 }: the seconds that a host waits before it takes the addresses back, 1 to 1000",
  ],
  [{ ...usual, peers: ["2001:db8::3"] }, 'peers: must be IPv4 addresses, as the first of "addresses" is'],
  [{ ...usual, peers: [] }, "peers: must not be empty: leave it out"],
  [{ ...six, source: "192.168.4.2" }, 'source: must be an IPv6 address, as the first of "addresses" is'],
  [{ ...usual, track: { devices: ["eth0"] } }, "track.devices: has eth0, which is tracked in any case"],
  [{ ...usual, track: { services: ["a\\x2db"] } }, 'track.services.0: must be the name of a service, such as "nginx"'],
  [{ ...usual, track: { services: ["-x"] } }, 'track.services.0: must be the name of a service, such as "nginx"'],
  [{ ...usual, live: false }, "live: is an output: whether keepalived runs"],
])("bad input is refused with the property named: %j", (args, why) => {
  expect(refusals(vrrpInstance, args)).toEqual([why]);
});

test("a record in the words of a program has the same identity, lines and VIPs", () => {
  const { runtime } = vrrpInstance;
  for (const args of [
    usual,
    six,
    { ...full, addresses: ["192.168.4.5", { address: "192.168.2.1/24", device: "eth1" }] },
  ]) {
    const words = { ...wanted(args), ...args };
    expect([runtime.key(words), runtime.owns(words)]).toEqual([runtime.key(wanted(args)), runtime.owns(wanted(args))]);
    expect(runtime.commands(words)).toHaveLength(runtime.commands(wanted(args)).length);
  }
});

test("defaults, and one form for what means the same", () => {
  expect(wanted({ ...usual, track: {} })).toEqual({
    device: "eth0",
    virtualRouterId: 51,
    addresses: [{ address: "192.168.4.5/32", device: "eth0" }],
    priority: 254,
    advertInterval: 1,
    preempt: false,
    live: true,
    boot: true,
    loaded: true,
  });
  expect(wanted({ ...usual, preempt: {} }).preempt).toEqual({ delay: 60 });
  expect(wanted({ ...usual, track: { services: ["nginx.service"] } })).toEqual(
    wanted({ ...usual, track: { services: ["nginx"] } }),
  );
  expect(wanted({ ...usual, track: { services: ["rpcbind.socket"] } }).track).toEqual({ services: ["rpcbind.socket"] });
});
