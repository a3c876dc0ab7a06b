import { addressesIn } from "../../../provider/dialects/network/networkmanager/keyfile";
import { networkManager } from "../../../provider/dialects/network/networkmanager/networkmanager";
import type { NetworkConfig } from "../../../provider/facts/network/managers";
import { describeStep } from "../../../provider/step";
import { director, networkSeen, realServer, vip } from "./network-seen";

const FOLDER = "/etc/NetworkManager/system-connections";
const WIRED = `${FOLDER}/Wired connection 1.nmconnection`;
const profile = `# as it was
[connection]
id=Wired connection 1
uuid=5f1c0d3e
type=ethernet

[ipv4]
dns=192.168.4.1;
address1=192.168.4.2/24,192.168.4.1
method=manual

[ipv6]
addr-gen-mode=eui64
method=auto
`;

function seen(files: Readonly<Record<string, string>>, uuid = "5f1c0d3e"): NetworkConfig {
  return networkSeen(["networkmanager"], files, { eth0: { profile: uuid } });
}

/** The profile after the VIP was written. */
function edited(text: string | undefined, input = director): string | undefined {
  const [file] = networkManager.files(vip(input), seen(text === undefined ? {} : { [WIRED]: text }));
  return file?.edit?.(text);
}

test("one more address in the NIC's profile, by its UUID; all other lines stay byte for byte, and taking it out restores them", () => {
  const after = edited(profile);
  expect(after).toBe(profile.replace("method=manual", "address2=192.168.4.5/32\nmethod=manual"));
  const config = seen({ [WIRED]: after ?? "" });
  const [file] = networkManager.files(vip(director), config);
  expect(file).toMatchObject({ path: WIRED });
  expect(file?.matches((after ?? "").split("\n"))).toBe(true);
  const steps = networkManager.removeFrom?.(vip(director), config) ?? [];
  expect(steps.map(describeStep)).toEqual([
    `edit ${WIRED}: remove 192.168.4.5/32`,
    expect.stringContaining("nmcli connection load") as string,
  ]);
  const [take] = steps;
  expect(take !== undefined && "file" in take && take.edit(after)).toBe(profile);
});

test("line ends of Windows mean nothing, and stay", () => {
  const text = profile.replaceAll("\n", "\r\n");
  const after = edited(text);
  expect(after).toBe(text.replace("method=manual", "address2=192.168.4.5/32\nmethod=manual"));
  const returned = (after ?? "").replace("5/32\n", "5/32\r\n");
  const config = seen({ [WIRED]: returned });
  const [file] = networkManager.files(vip(director), config);
  expect(file?.matches(returned.split("\n"))).toBe(true);
  const [take] = networkManager.removeFrom?.(vip(director), config) ?? [];
  expect(take !== undefined && "file" in take && take.edit(returned)).toBe(text);
  expect(addressesIn(text.split("\n"), "ipv4")).toEqual(["192.168.4.2/24"]);
});

test("no address yet: it is the first line of the section", () => {
  expect(edited(profile, { ...director, address: "2001:db8::5" })).toBe(
    profile.replace("[ipv6]\n", "[ipv6]\naddress1=2001:db8::5/128\n"),
  );
});

test("another prefix takes the place of the old one", () => {
  expect(edited(edited(profile), { ...director, address: "192.168.4.5/24" })).toBe(
    profile.replace("method=manual", "address2=192.168.4.5/24\nmethod=manual"),
  );
});

test("a profile that went away meanwhile is not made", () => {
  const [file] = networkManager.files(vip(director), seen({ [WIRED]: profile }));
  expect(file?.edit?.(undefined)).toBeUndefined();
});

test("addresses in every form that NetworkManager has written", () => {
  const lines = [
    "[ipv4]",
    "address=10.0.0.1/8",
    "addresses2=10.0.0.2;24;10.0.0.9;",
    "address3 = 10.0.0.3",
    "#address4=10.0.0.4/8",
  ];
  expect(addressesIn(lines, "ipv4")).toEqual(["10.0.0.1/8", "10.0.0.2/24", "10.0.0.3/24"]);
});

test.each([
  { method: "disabled", of: profile.replace("method=manual", "method=disabled") },
  { method: "nothing", of: profile.replace("method=manual\n", "") },
])("method=$method allows no addresses", ({ method, of }) => {
  expect(networkManager.blockedBy(vip(director), seen({ [WIRED]: of }))).toBe(
    `${WIRED} has method=${method} in its section ipv4, which allows no addresses: 192.168.4.5/32 would be missing after a boot. ` +
      'Set it to manual or auto with "nmcli connection modify", or set "boot: false"',
  );
});

test("a NIC whose profile is in memory alone", () => {
  expect(networkManager.blockedBy(vip(director), seen({}))).toContain(
    `NetworkManager has no profile for eth0 in ${FOLDER}`,
  );
});

const LO_UNIT = "/etc/systemd/system/pulumi-lvs-vip-lo-192.168.4.5.service";
const LO_WANTS = "/etc/systemd/system/multi-user.target.wants/pulumi-lvs-vip-lo-192.168.4.5.service";

test("lo has no profile, which NetworkManager would not give up without a loss: a unit of systemd adds the VIP", () => {
  const [file] = networkManager.files(vip(realServer), seen({}));
  expect(file).toMatchObject({
    path: LO_UNIT,
    text: `# realServer VIP 192.168.4.5, by pulumi-lvs
[Unit]
Description=VIP 192.168.4.5/32 on lo
DefaultDependencies=no
After=systemd-sysctl.service
Before=network-pre.target shutdown.target
Wants=network-pre.target
Conflicts=shutdown.target
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/sh -c "exec ip address replace 192.168.4.5/32 dev lo label lo:0"
[Install]
WantedBy=multi-user.target
`,
  });
  const text = file?.text ?? "";
  const isRight = (files: Readonly<Record<string, string>>) =>
    networkManager.files(vip(realServer), seen(files))[0]?.matches((files[LO_UNIT] ?? "").split("\n"));
  expect(isRight({ [LO_UNIT]: text, [LO_WANTS]: text })).toBe(true);
  expect(isRight({ [LO_UNIT]: text })).toBe(false);
  expect(isRight({ [LO_UNIT]: text.replace("/32", "/24"), [LO_WANTS]: text })).toBe(false);
  expect(networkManager.stepsAfterWrite?.(vip(realServer), seen({})).map(describeStep)).toEqual([
    "systemctl --quiet enable pulumi-lvs-vip-lo-192.168.4.5.service",
  ]);
  expect(networkManager.removeFrom?.(vip(realServer), seen({}))).toEqual([]);
  expect(networkManager.removeFrom?.(vip(realServer), seen({ [LO_UNIT]: text })).map(describeStep)).toEqual([
    "systemctl stop pulumi-lvs-vip-lo-192.168.4.5.service",
    "systemctl --quiet --no-reload disable pulumi-lvs-vip-lo-192.168.4.5.service",
    `edit ${LO_UNIT}: remove it`,
    "systemctl daemon-reload",
  ]);
});

test("no version of NetworkManager is too old for lo, and the label stays", () => {
  const old = { ...seen({}), presentPaths: new Set<string>() };
  expect(networkManager.blockedBy(vip(realServer), old)).toBeUndefined();
  expect(networkManager.keepsLabel?.(vip(realServer), old)).toBe(true);
  expect(networkManager.blockedBy(vip({ ...realServer, device: "tunl0" }), old)).toBe(
    'NetworkManager cannot configure tunl0. Use a dummy such as dummy0, or set "boot: false"',
  );
});

/** The profile that our version 0.1.0 wrote, or that an operator has: NetworkManager would remove all other addresses when it applies it. */
const LO_PROFILE = `# carries VIPs, by pulumi-lvs
[connection]
id=pulumi-lvs-lo
uuid=d6d8b1d3-0d3c-5c6f-8d3a-000000000000
type=loopback
interface-name=lo

[ipv4]
address1=127.0.0.1/8
method=manual

[ipv6]
address1=::1/128
method=manual
`;

test("where lo has a profile, all VIPs there are in it; the last one takes our own profile along", () => {
  const path = `${FOLDER}/pulumi-lvs-lo.nmconnection`;
  const input = { ...realServer, address: "2001:db8::5" };
  const [first] = networkManager.files(vip(realServer), seen({ [path]: LO_PROFILE }));
  const one = first?.edit?.(LO_PROFILE) ?? "";
  expect(first).toMatchObject({ path, mode: "0600" });
  expect(one).toBe(
    LO_PROFILE.replace("127.0.0.1/8", "127.0.0.1/8\naddress2=192.168.4.5/32").replace(
      /uuid=.*/,
      `uuid=${/uuid=(.*)/.exec(one)?.[1]}`,
    ),
  );
  expect(one).toMatch(/^uuid=[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/m);
  const [more] = networkManager.files(vip(input), seen({ [path]: one }));
  const two = more?.edit?.(one) ?? "";
  expect(two).toContain("address1=::1/128\naddress2=2001:db8::5/128\n");
  expect(more?.matches(two.split("\n"))).toBe(true);
  expect(more?.matches(two.replace("type=loopback", "type=ethernet").split("\n"))).toBe(false);
  const taken = (of: typeof director, text: string) => {
    const [step] = networkManager.removeFrom?.(vip(of), seen({ [path]: text })) ?? [];
    return step !== undefined && "file" in step ? step.edit(text) : "no step";
  };
  expect(taken(input, two)).toBe(one);
  expect(taken(realServer, one)).toBeUndefined();
  const operators = LO_PROFILE.replace(/^#.*\n/, "");
  const elsewhere = `${FOLDER}/lo.nmconnection`;
  expect(networkManager.files(vip(realServer), seen({ [elsewhere]: operators }))[0]?.edit?.(operators)).toBe(
    operators.replace("127.0.0.1/8", "127.0.0.1/8\naddress2=192.168.4.5/32"),
  );
});

test("a NIC of an ifcfg file, where the plugin for those is there: the alias file of network-scripts, with its label", () => {
  const scripts = "/etc/sysconfig/network-scripts";
  const config = seen({ [`${scripts}/ifcfg-eth0`]: "DEVICE=eth0\n" });
  const wanted = vip(director);
  expect(networkManager.files(wanted, config).map(({ path }) => path)).toEqual([`${scripts}/ifcfg-eth0:0`]);
  expect(networkManager.keepsLabel?.(wanted, config)).toBe(true);
  expect((networkManager.stepsAfterWrite?.(wanted, config) ?? []).map(describeStep)).toEqual([
    expect.stringContaining(`${scripts}/ifcfg-eth0`) as string,
  ]);
  const ten = { ...config, presentPaths: new Set<string>() };
  expect(networkManager.blockedBy(wanted, ten)).toContain("NetworkManager has no profile for eth0");
});
