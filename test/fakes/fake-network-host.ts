import { isDeepStrictEqual } from "node:util";
import { networkConfigFact, networkDialects } from "../../provider/dialects/network/choose";
import { OTHER_PROGRAMS } from "../../provider/dialects/network/ifupdown/ifupdown-files";
import type { SysctlSeen } from "../../provider/dialects/sysctl/restore";
import { originalState } from "../../provider/facts/files/original-state";
import { keepalivedAddresses } from "../../provider/facts/keepalived/addresses";
import { addresses, LINK_MARK } from "../../provider/facts/network/addresses";
import type { ActiveConfig } from "../../provider/facts/network/managers";
import { routes } from "../../provider/facts/network/routes";
import { bootSettings } from "../../provider/facts/sysctl/boot-settings";
import { swapSeparators, sysctlFiles, sysctlValues } from "../../provider/facts/sysctl/values";
import { keyOf } from "../../provider/host/session/fact-cache";
import type { VipSeen } from "../../provider/kinds/vip-alias/observation";
import type { NetworkManagerName } from "../../provider/model/network/manager-name";
import { DR_PATTERNS } from "../../provider/model/sysctl/dr-settings";
import type { Command } from "../../provider/step";
import { type FakeAddress, FakeAddresses } from "./fake-addresses";
import { CommandFailure, FakeHost, shellOf } from "./fake-host";

/** What a manager has in files and in /run for eth0. */
const managed: Partial<
  Record<string, { readonly active: ActiveConfig; readonly files: Readonly<Record<string, string>> }>
> = {
  networkd: { active: { networkFile: "/etc/systemd/network/10-eth0.network" }, files: {} },
  netplan: {
    active: { networkFile: "/run/systemd/network/10-netplan-eth0.network" },
    files: {
      "/etc/netplan/50-cloud-init.yaml": "network:\n  version: 2\n  ethernets:\n    eth0:\n      dhcp4: true\n",
    },
  },
  networkmanager: {
    active: { profile: "5f1c0d3e" },
    files: {
      "/etc/NetworkManager/system-connections/Wired connection 1.nmconnection":
        "[connection]\nuuid=5f1c0d3e\n\n[ipv4]\naddress1=192.168.4.2/24,192.168.4.1\nmethod=manual\n\n[ipv6]\nmethod=auto\n",
    },
  },
};

/** A host as far as addresses, network configuration and kernel settings go. Refuses what a kernel refuses. */
export class FakeNetworkHost extends FakeHost {
  readonly sysctls = new Map<string, string>();
  readonly marked = new Set<string>();
  /** Lines that other commands of the boot run: `runs /etc/rc.local 3 sysctl -w x=1`. */
  readonly bootCommands: string[] = [];
  /** What the fact about keepalived prints. */
  keepalived = "";
  /** Who answers when the network is asked for an address: its MAC. */
  readonly holders = new Map<string, string>();
  readonly presentPaths: ReadonlySet<string>;
  readonly activeConfigs: ReadonlyMap<string, ActiveConfig>;
  readonly #kernel = new FakeAddresses(["lo", "eth0", "eth1", "eth0.5"]);

  /** `both`: ifcfg and ifupdown. */
  constructor(manager: NetworkManagerName | "none" | "both") {
    super();
    const names = manager === "both" ? ["ifcfg", "ifupdown"] : [manager];
    const managers = networkDialects.filter(({ name }) => names.includes(name));
    this.presentPaths = new Set(
      managers.flatMap(({ detectedBy, probes = [] }) => [
        ...detectedBy.map(({ path }) => path),
        ...probes.filter((path) => !OTHER_PROGRAMS.some((one) => one === path)),
      ]),
    );
    const host = managed[manager];
    this.activeConfigs = new Map(host === undefined ? [] : [["eth0", host.active]]);
    for (const [path, text] of Object.entries(host?.files ?? {})) this.files.set(path, text);
    this.ip("addr add 127.0.0.1/8 dev lo");
    this.ip("addr add 192.168.4.2/24 brd + dev eth0");
    for (const device of ["all", ...this.devices]) {
      this.sysctls.set(`net.ipv4.conf.${device.replaceAll(".", "/")}.arp_ignore`, "0");
      this.sysctls.set(`net.ipv4.conf.${device.replaceAll(".", "/")}.arp_announce`, "0");
    }
    if (manager === "ifupdown" || manager === "both") {
      this.files.set(
        "/etc/network/interfaces",
        "auto eth0\niface eth0 inet dhcp\nsource /etc/network/interfaces.d/*\n",
      );
    }
    if (manager === "ifcfg" || manager === "both") {
      for (const device of ["lo", "eth0", "eth1"]) {
        this.files.set(`/etc/sysconfig/network-scripts/ifcfg-${device}`, `DEVICE=${device}\nONBOOT=yes\nPREFIX=24\n`);
      }
    }
  }

  get addresses(): readonly FakeAddress[] {
    return this.#kernel.list;
  }

  get devices(): Set<string> {
    return this.#kernel.devices;
  }

  get promotes(): Set<string> {
    return this.#kernel.promotes;
  }

  /** The routes in the words of ip(8). */
  get routes(): readonly string[] {
    return [...this.#kernel.routes.lines("ipv4"), ...this.#kernel.routes.lines("ipv6")];
  }

  /** As an operator would, by hand. Throws what ip(8) prints. */
  ip(line: string): void {
    this.#kernel.ip(line.split(" "));
  }

  /** By hand as well. */
  sysctl(...settings: readonly string[]): void {
    for (const setting of settings) {
      const [path = "", value = ""] = setting.split("=");
      if (!this.sysctls.has(swapSeparators(path))) {
        throw new CommandFailure(1, `sysctl: cannot stat /proc/sys/${path}: No such file or directory`);
      }
      this.sysctls.set(swapSeparators(path), value);
    }
  }

  answer(command: Command): string | undefined {
    const family = (["ipv4", "ipv6"] as const).find((one) => isDeepStrictEqual(command, routes(one).command));
    if (family !== undefined) return text(this.#kernel.routes.lines(family));
    const shell = shellOf(command);
    if (shell === shellOf(addresses.command)) return text(this.#addressLines());
    if (shell === shellOf(networkConfigFact.command)) return this.#networkConfig();
    if (shell === shellOf(keepalivedAddresses.command)) return this.keepalived;
    if (keyOf(command) === keyOf(bootSettings.command)) return this.bootCommands.map((line) => `${line}\n`).join("");
    if (shell === shellOf(sysctlValues().command)) {
      return text([...this.sysctls].map(([key, value]) => `/proc/sys/${swapSeparators(key)}:${value}`));
    }
    return undefined;
  }

  execute(command: Command): void {
    if ("sh" in command) {
      const [device = "", mark = ""] = command.args ?? [];
      const holder = command.sh.includes("is in use") ? this.holders.get(mark) : undefined;
      if (holder !== undefined)
        throw new CommandFailure(1, `${mark} is in use on the network of ${device}, by ${holder}`);
      if (mark !== LINK_MARK) return;
      if (!this.devices.has(device)) {
        this.marked.add(device);
        this.ip(`link add ${device} type dummy`);
      }
      this.ip(`link set dev ${device} up`);
      return;
    }
    const [program, ...words] = command.run;
    if (program === "sysctl") this.sysctl(...words.slice(1));
    else if (program === "systemctl") this.#systemctl(words);
    else if (program === "rm") this.files.delete(words.at(-1) ?? "");
    else if (words.includes("-batch")) this.#kernel.batch(command.stdin ?? "");
    else this.#kernel.ip(words);
    for (const device of this.marked) if (!this.devices.has(device)) this.marked.delete(device);
  }

  /** The facts of a VipAlias of a real server, and so those of a DrKernelTuning. */
  seen(): VipSeen & SysctlSeen {
    return this.readFacts({
      addresses,
      networkConfig: networkConfigFact,
      routes: routes("ipv4"),
      originalState,
      values: sysctlValues(...DR_PATTERNS),
      files: sysctlFiles,
      commands: bootSettings,
    });
  }

  #systemctl(words: readonly string[]): void {
    const unit = words.at(-1) ?? "";
    const isThere = this.files.has(`/etc/systemd/system/${unit}`);
    if (words.includes("stop") && !isThere)
      throw new CommandFailure(5, `Failed to stop ${unit}: Unit ${unit} not loaded.`);
    if (words.includes("disable") && !isThere)
      throw new CommandFailure(1, `Failed to disable unit: Unit file ${unit} does not exist.`);
    const wants = `/etc/systemd/system/multi-user.target.wants/${unit}`;
    if (words.includes("enable")) this.files.set(wants, "");
    if (words.includes("disable")) this.files.delete(wants);
  }

  #addressLines(): string[] {
    return [
      ...[...this.devices].map((device) => `device ${device}`),
      ...[...this.promotes].map((device) => `promotes ${device}`),
      ...[...this.#kernel.down].map((device) => `down ${device}`),
      ...[...this.marked].map((device) => `ours ${device}`),
      ...this.#kernel.lines(),
    ];
  }

  #networkConfig(): string {
    const active = [...this.activeConfigs].flatMap(([device, { networkFile, profile }]) => [
      ...(networkFile === undefined ? [] : [`active\t${device}\tNETWORK_FILE=${networkFile}`]),
      ...(profile === undefined ? [] : [`active\t${device}\tconnection-uuid=${profile}`]),
    ]);
    const files = [...this.files].sort().flatMap(([path, content]) => [
      `file\t${path}`,
      ...content
        .replace(/\n$/, "")
        .split("\n")
        .map((line, index) => `${index + 1}\t${path}\t${line}`),
    ]);
    return text([...[...this.presentPaths].map((path) => `present\t${path}`), ...active, ...files]);
  }
}

function text(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join("");
}
