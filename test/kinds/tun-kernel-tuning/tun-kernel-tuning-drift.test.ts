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

describe("the same in other words is no drift, and stays", () => {
  const MODULES = "/etc/modules-load.d/pulumi-lvs-tun-gue-6080.conf";
  const spellings: readonly (readonly [string, string, (text: string) => string])[] = [
    ["a comment at the end of the unit", UNIT, (text) => `${text}# see ticket 12\n`],
    ["blanks around the unit's equals signs", UNIT, (text) => text.replaceAll(/^(\w+)=/gm, "$1 = ")],
    ["blanks at the ends of the unit's lines", UNIT, (text) => text.replaceAll("\n", "  \n")],
    ["carriage returns in the unit", UNIT, (text) => text.replaceAll("\n", "\r\n")],
    ["another comment above the modules", MODULES, (text) => `; tunnels\n${text}`],
    ["blanks around a module", MODULES, (text) => text.replace(/^fou$/m, "  fou  ")],
    ["another module of the operator's", MODULES, (text) => `${text}dummy\n`],
  ];

  test.each(spellings)("%s", (_what, path, respelled) => {
    const host = new FakeTunnelHost();
    const goal = want({ type: "gue", port: 6080 });
    bring(host, goal);
    const text = respelled(host.files.get(path) ?? "");
    expect(text).not.toBe(host.files.get(path));
    host.files.set(path, text);
    expect(bring(host, goal)).toEqual([]);
    expect(host.files.get(path)).toBe(text);
  });
});
