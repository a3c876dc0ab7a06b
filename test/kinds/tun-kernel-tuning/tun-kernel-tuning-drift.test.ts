import { tunKernelTuning } from "../../../provider/kinds/tun-kernel-tuning/kind";
import { FakeTunnelHost } from "../../fakes/fake-tunnel-host";
import { bring, want } from "./tun-operator";

const UNIT = "/etc/systemd/system/pulumi-lvs-tun-gue-6080.service";

describe("drift", () => {
  const drifts: readonly (readonly [string, (host: FakeTunnelHost) => unknown, object])[] = [
    ["the device is down", (host) => host.up.delete("tunl0"), { live: false }],
    ["the port is closed", (host) => host.ports.delete(6080), { live: false }],
    ["the unit is gone", (host) => host.files.delete(UNIT), { boot: false }],
    ["the unit has another text", (host) => host.files.set(UNIT, "[Unit]\n"), { boot: false }],
    [
      "the unit is not enabled",
      (host) => host.files.delete("/etc/systemd/system/multi-user.target.wants/pulumi-lvs-tun-gue-6080.service"),
      { boot: false },
    ],
    [
      "the modules are not loaded at boot",
      (host) => host.files.delete("/etc/modules-load.d/pulumi-lvs-tun-gue-6080.conf"),
      { boot: false },
    ],
    [
      "the setting has another value",
      (host) => host.sysctl("net/ipv4/conf/tunl0/rp_filter=1"),
      { settings: { "net.ipv4.conf.tunl0.rp_filter": 1 } },
    ],
    [
      "the setting is 0",
      (host) => host.sysctl("net/ipv4/conf/tunl0/rp_filter=0"),
      { settings: { "net.ipv4.conf.tunl0.rp_filter": 0 } },
    ],
  ];

  test.each(drifts)("%s", (_what, drift, found) => {
    const host = new FakeTunnelHost();
    const goal = want({ type: "gue", port: 6080 });
    bring(host, goal);
    drift(host);
    expect(host.observe(tunKernelTuning, goal)).toMatchObject(found);
    bring(host, goal);
    expect(host.observe(tunKernelTuning, goal)).toMatchObject({
      live: true,
      boot: true,
      settings: goal.settings,
    });
    expect(bring(host, goal)).toEqual([]);
  });
});
