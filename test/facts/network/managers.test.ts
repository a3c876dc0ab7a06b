import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readNetplan } from "../../../provider/dialects/network/netplan/netplan-yaml";
import type { Fact } from "../../../provider/facts/fact";
import { fileLines } from "../../../provider/facts/files/lines";
import { linesAt, networkConfig, parseNetworkConfig } from "../../../provider/facts/network/managers";
import { parseSysctlValues, swapSeparators, sysctlValues } from "../../../provider/facts/sysctl/values";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "facts-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function ask<T>({ command, parse }: Fact<T>, shell: string): T {
  if (!("sh" in command)) throw new Error("asked by a shell");
  return parse(
    execFileSync(shell, ["-c", command.sh, "sh", ...(command.args ?? [])], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    }),
  );
}

describe.each(["sh", "bash"])("asked by %s", (shell) => {
  test("lines of files: numbers, tabs and colons in them, an empty file, a masked one, and none", () => {
    writeFileSync(join(folder, "ifcfg-eth0:0"), "DEVICE=eth0:0\n\n\tIPADDR=1 \\n\n");
    writeFileSync(join(folder, "ifcfg-empty"), "");
    writeFileSync(join(folder, "ifcfg-open"), "no line end");
    writeFileSync(join(folder, "ifcfg-with blank"), "x\n");
    symlinkSync("/dev/null", join(folder, "ifcfg-masked"));
    symlinkSync("/nowhere", join(folder, "ifcfg-nowhere"));
    mkdirSync(join(folder, "ifcfg-folder"));
    const files = ask(fileLines(`${folder}/ifcfg-*`, `${folder}/none-*`), shell);
    expect(files.get(join(folder, "ifcfg-eth0:0"))).toEqual([
      { number: 1, text: "DEVICE=eth0:0" },
      { number: 2, text: "" },
      { number: 3, text: "\tIPADDR=1 \\n" },
    ]);
    expect(files.get(join(folder, "ifcfg-open"))).toEqual([{ number: 1, text: "no line end" }]);
    expect(files.get(join(folder, "ifcfg-empty"))).toEqual([]);
    expect(files.get(join(folder, "ifcfg-masked"))).toEqual([]);
    expect(files.get(join(folder, "ifcfg-with blank"))).toEqual([{ number: 1, text: "x" }]);
    expect(files.get(join(folder, "ifcfg-nowhere"))).toEqual([]);
    expect(ask(fileLines(`${folder}/none-*`), shell).size).toBe(0);
  });

  test("signs: a file, one of several places, a link to nowhere, and what is not there", () => {
    writeFileSync(join(folder, "ifup"), "");
    symlinkSync("/nowhere", join(folder, "S10network"));
    const signs = [`${folder}/ifup`, `${folder}/other/ifup ${folder}/if*`, `${folder}/S*network`, `${folder}/ifdown`];
    const seen = ask(networkConfig(signs, [`${folder}/ifup`]), shell);
    expect([...seen.presentPaths]).toEqual(signs.slice(0, 3));
    symlinkSync("/dev/null", join(folder, "a.service"));
    writeFileSync(join(folder, "b.service"), "[Unit]\n");
    const masks = [`masked:${folder}/a.service`, `masked:${folder}/x ${folder}/ifup`, `masked:${folder}/b.service`];
    expect([...ask(networkConfig(masks, []), shell).presentPaths]).toEqual(masks.slice(0, 2));
    expect(linesAt(seen, `${folder}/ifup`)).toEqual([]);
    expect(linesAt(seen, `${folder}/ifdown`)).toBeUndefined();
  });

  test("an interfaces file brings along what it reads, and what that reads, each once", () => {
    const write = (name: string, text: string) => {
      mkdirSync(join(folder, name, ".."), { recursive: true });
      writeFileSync(join(folder, name), text);
    };
    write(
      "interfaces",
      `# source ${folder}/no\nsource\t${folder}/a.d/*.cfg b.d/x\n  source-directory  c.d/\nsource nothing/* c.d/./one\n`,
    );
    write("a.d/1.cfg", `source ${folder}/interfaces\nsource 2.cfg`);
    write("a.d/2.cfg", "iface a inet manual\n");
    write("a.d/3.txt", "no\n");
    write("c.d/one", "up a\\tb\n");
    write("c.d/two words", "x\n");
    const seen = ask(networkConfig([], [`+${folder}/interfaces`, `${folder}/c.d/o*`]), shell);
    const paths = [...seen.files.keys()].map((path) => path.slice(folder.length));
    expect(paths).toEqual(["/interfaces", "/a.d/1.cfg", "/a.d/2.cfg", "/c.d/one", "/c.d/two words"]);
    expect(linesAt(seen, join(folder, "c.d/one"))).toEqual(["up a\\tb"]);
  });

  test("a profile has blanks in its name, and secrets that stay on the host", () => {
    const path = join(folder, "Wired connection 1.nmconnection");
    writeFileSync(path, "[802-1x]\npassword=geheim\n[ipv4]\naddress1=192.168.4.2/24\nPrivate-Key-Password = geheim\n");
    writeFileSync(join(folder, "wifi.yaml"), '    password: "geheim"\n    wpa-psk geheim\n    mapping: eth0\n');
    const seen = ask(networkConfig([], [`${folder}/*`]), shell);
    expect(linesAt(seen, path)).toEqual([
      "[802-1x]",
      "password=",
      "[ipv4]",
      "address1=192.168.4.2/24",
      "Private-Key-Password =",
    ]);
    expect(linesAt(seen, join(folder, "wifi.yaml"))).toEqual(["    password:", "    wpa-psk ", "    mapping: eth0"]);
  });

  test("secrets of YAML in flow style stay on the host, and what stands around them can still be read", () => {
    const path = join(folder, "flow.yaml");
    const secrets = ["geheim", 'ge\\"heim', "ge''heim", "ge:heim"];
    writeFileSync(
      path,
      [
        '{"wlan0": {"auth": {"password": "geheim", "identity": "me"}}, "eth0": {"dhcp4": true}}',
        'wlan0: {password: "ge\\"heim, }", ssid: x}',
        "wlan0: {client-key-password: 'ge''heim, }', psk: ge:heim, ssid: [x]}",
        '  "password": "geheim",',
        "  private-key: ge:heim, }",
        "",
      ].join("\n"),
    );
    const lines = linesAt(ask(networkConfig([], [`${folder}/*`]), shell), path);
    expect(lines).toEqual([
      '{"wlan0": {"auth": {"password":, "identity": "me"}}, "eth0": {"dhcp4": true}}',
      "wlan0: {password:, ssid: x}",
      "wlan0: {client-key-password:, psk:, ssid: [x]}",
      '  "password":,',
      "  private-key:",
    ]);
    for (const secret of secrets) expect(lines?.join("\n")).not.toContain(secret);
    expect(readNetplan(["network:", `  "wifis": ${lines?.[0] ?? ""}`]).definitions).toEqual([
      { section: "wifis", name: "wlan0", addresses: [] },
      { section: "wifis", name: "eth0", addresses: [] },
    ]);
  });

  test("kernel settings of this machine", () => {
    const values = ask(sysctlValues("net.ipv4.conf.*.arp_ignore", "net.ipv4.no_such_thing"), shell);
    expect(values.get("net.ipv4.conf.lo.arp_ignore")).toMatch(/^\d$/);
    expect([...values.keys()].every((key) => key.endsWith(".arp_ignore"))).toBe(true);
  });
});

test("who has an interface: networkd by a file, unless it was told to leave it alone; NetworkManager by a profile", () => {
  const { activeConfigs } = parseNetworkConfig(
    [
      "active\teth0\tADMIN_STATE=configured",
      "active\teth0\tNETWORK_FILE=/etc/systemd/network/10-eth0.network",
      "active\teth1\tADMIN_STATE=unmanaged",
      "active\teth1\tNETWORK_FILE=/etc/systemd/network/20-off.network",
      "active\teth2\tconnection-uuid=5f1c0d3e",
    ].join("\n"),
  );
  expect(activeConfigs).toEqual(
    new Map([
      ["eth0", { networkFile: "/etc/systemd/network/10-eth0.network" }],
      ["eth1", {}],
      ["eth2", { profile: "5f1c0d3e" }],
    ]),
  );
});

test("a setting has one key, however it is written", () => {
  expect(swapSeparators("net.ipv4.conf.eth0/5.arp_ignore")).toBe("net/ipv4/conf/eth0.5/arp_ignore");
  expect(swapSeparators("net/ipv4/conf/eth0.5/arp_ignore")).toBe("net.ipv4.conf.eth0/5.arp_ignore");
  expect(parseSysctlValues("/proc/sys/net/ipv4/conf/eth0.5/arp_ignore:1\n")).toEqual(
    new Map([["net.ipv4.conf.eth0/5.arp_ignore", "1"]]),
  );
  expect(() => parseSysctlValues("what?\n")).toThrow('cannot read "what?" as a kernel setting');
});
