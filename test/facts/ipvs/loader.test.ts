import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ipvsLoader } from "../../../provider/facts/ipvs/loader";

const fixture = (name: string) => readFileSync(join(__dirname, "..", "fixtures", "ipvs-loader", name), "utf8");

test.each([
  {
    name: "debian-12.txt",
    why: "the init script is started at boot, although AUTO is false",
    loader: {
      seen: ["/etc/init.d/ipvsadm", "/etc/default/ipvsadm"],
      installed: true,
      initScript: true,
      defaults: true,
      links: "enabled",
      unit: false,
      unitEnabled: false,
    },
  },
  {
    name: "rhel-7-layout.txt",
    why: "the unit is there and not enabled",
    loader: {
      seen: ["/usr/lib/systemd/system/ipvsadm.service"],
      installed: true,
      initScript: false,
      defaults: false,
      links: "absent",
      unit: true,
      unitEnabled: false,
    },
  },
])("$name: $why", ({ name, loader }) => {
  expect(ipvsLoader.parse(fixture(name))).toEqual(loader);
});

test("a host without anything", () => {
  expect(ipvsLoader.parse("")).toEqual({
    seen: [],
    installed: false,
    initScript: false,
    defaults: false,
    links: "absent",
    unit: false,
    unitEnabled: false,
  });
});

test("our drop-in comes back line by line", () => {
  const output =
    "installed\nseen /usr/lib/systemd/system/ipvsadm.service\nunit\nenabled\ndrop-in [Service]\ndrop-in ExecStop=\n";
  expect(ipvsLoader.parse(output)).toMatchObject({ unit: true, unitEnabled: true, dropIn: "[Service]\nExecStop=\n" });
});

test("stop links alone mean: not at boot", () => {
  expect(ipvsLoader.parse("links disabled\n").links).toBe("disabled");
  expect(ipvsLoader.parse("links enabled\nlinks disabled\n").links).toBe("enabled");
});
