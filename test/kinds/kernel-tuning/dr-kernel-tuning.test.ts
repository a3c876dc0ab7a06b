import { drKernelTuning } from "../../../provider/kinds/kernel-tuning/dr";
import { FakeNetworkHost } from "../../fakes/fake-network-host";
import { ALL_IGNORE, bring, commands, LEDGER, want } from "./tuning-operator";

test("the ledger is written first, because it records the original values; then one process sets all values", () => {
  const host = new FakeNetworkHost("none");
  expect(bring(host, want())).toEqual([
    `edit ${LEDGER}: claim ${ALL_IGNORE} = 1, net.ipv4.conf.all.arp_announce = 2, net.ipv4.conf.lo.arp_ignore = 1, ` +
      "net.ipv4.conf.lo.arp_announce = 2 for DrKernelTuning all lo",
    "sysctl -w net/ipv4/conf/all/arp_ignore=1 net/ipv4/conf/all/arp_announce=2 net/ipv4/conf/lo/arp_ignore=1 net/ipv4/conf/lo/arp_announce=2",
  ]);
  expect(bring(host, want())).toEqual([]);
});

test("the ledger records the reason, the owner and the original value of each setting", () => {
  const host = new FakeNetworkHost("none");
  bring(host, want());
  expect(host.files.get(LEDGER)).toContain(
    [
      "",
      "# answer ARP only for addresses of the NIC that received the request, never for a VIP on lo",
      "# owner: DrKernelTuning all lo",
      "# was: 0",
      "# set to: net.ipv4.conf.all.arp_ignore = 1",
      `${ALL_IGNORE} = 1`,
      "",
    ].join("\n"),
  );
});

test("a dot in a device's name is no separator, neither in the command nor in the ledger", () => {
  const host = new FakeNetworkHost("none");
  const steps = bring(host, want({ devices: ["eth0.5"] }));
  expect(steps.at(-1)).toContain(" net/ipv4/conf/eth0.5/arp_ignore=1 ");
  expect(host.files.get(LEDGER)).toContain("\nnet.ipv4.conf.eth0/5.arp_ignore = 1\n");
});

test("the observed state has each live value, so that a preview shows the drift", () => {
  const host = new FakeNetworkHost("none");
  bring(host, want());
  host.sysctl("net/ipv4/conf/all/arp_ignore=0");
  expect(drKernelTuning.observe(host.seen(), want())).toEqual({
    devices: [],
    settings: { ...want().settings, [ALL_IGNORE]: 0 },
    boot: true,
  });
  expect(commands(bring(host, want()))).toEqual(["sysctl -w net/ipv4/conf/all/arp_ignore=1"]);
  expect(host.files.get(LEDGER)).toContain("# was: 0");
});

test("the observed state does not depend on the stored one: a drifted value never becomes the desired one", () => {
  const host = new FakeNetworkHost("none");
  bring(host, want());
  host.sysctl("net/ipv4/conf/all/arp_ignore=0");
  const first = drKernelTuning.observe(host.seen(), want());
  expect(first && drKernelTuning.observe(host.seen(), first)).toEqual(first);
});

describe("input", () => {
  const refused = [
    {
      input: { devices: ["eth0:0"] },
      says: 'devices.0 names an alias; give the interface itself, such as "eth0", without the colon and what follows',
    },
    {
      input: { devices: ["lo"] },
      says: 'devices.0 must be a NIC, such as "eth0": "all" and "lo" are always set, and "default" would affect NICs that are not listed',
    },
    { input: { devices: "eth0" }, says: 'devices must be a list of NICs, such as ["eth0"]' },
    { input: { settings: { [ALL_IGNORE]: 3 } }, says: "settings is an output: it follows from devices" },
  ];

  test.each(refused)("$says", ({ input, says }) => {
    const read = drKernelTuning.schema.safeParse(input);
    expect(read.success ? [] : read.error.issues.map(({ path, message }) => `${path.join(".")} ${message}`)).toEqual([
      says,
    ]);
  });

  test("devices are sorted and unique, and canonical input does not change", () => {
    const tuning = want({ devices: ["eth1", "eth0", "eth1"] });
    expect(tuning.devices).toEqual(["eth0", "eth1"]);
    expect(want(tuning)).toEqual(tuning);
    expect(drKernelTuning.key(tuning)).toBe("all lo eth0 eth1");
  });

  test("a NIC that the host lacks is refused with a list of those it has", () => {
    expect(() => bring(new FakeNetworkHost("none"), want({ devices: ["eth7"] }))).toThrow(
      "this host has no setting net.ipv4.conf.eth7.arp_ignore: it has no device eth7, only lo, eth0, eth1, eth0.5",
    );
  });

  test("a preview has a line for each setting, with its reason", () => {
    expect(drKernelTuning.commands(want({ devices: ["eth0"] }))).toHaveLength(6);
    expect(drKernelTuning.commands(want()).join("\n")).toContain(`${ALL_IGNORE}=1  # answer ARP only for`);
  });
});
