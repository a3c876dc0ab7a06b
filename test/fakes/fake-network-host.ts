import { isIP } from "node:net";
import { networkDialects } from "../../provider/dialects/network/choose";
import type { SysctlSeen } from "../../provider/dialects/sysctl/restore";
import type { Files } from "../../provider/facts/files/lines";
import { parseAddresses } from "../../provider/facts/network/addresses";
import type { ActiveConfig } from "../../provider/facts/network/managers";
import { parseSysctlValues, swapSeparators } from "../../provider/facts/sysctl/values";
import type { VipSeen } from "../../provider/kinds/vip-alias/observation";
import type { NetworkManagerName } from "../../provider/model/network/manager-name";
import { describeStep, type Step } from "../../provider/step";

/** The files and notes of a host whose eth0 is in the hands of a manager. */
const managed: Partial<
  Record<string, { readonly owner: ActiveConfig; readonly files: Readonly<Record<string, string>> }>
> = {
  networkd: { owner: { networkFile: "/etc/systemd/network/10-eth0.network" }, files: {} },
  netplan: {
    owner: { networkFile: "/run/systemd/network/10-netplan-eth0.network" },
    files: {
      "/etc/netplan/50-cloud-init.yaml": "network:\n  version: 2\n  ethernets:\n    eth0:\n      dhcp4: true\n",
    },
  },
  networkmanager: {
    owner: { profile: "5f1c0d3e" },
    files: {
      "/etc/NetworkManager/system-connections/Wired connection 1.nmconnection":
        "[connection]\nuuid=5f1c0d3e\n\n[ipv4]\naddress1=192.168.4.2/24,192.168.4.1\nmethod=manual\n\n[ipv6]\nmethod=auto\n",
    },
  },
};

interface Held {
  readonly device: string;
  readonly local: string;
  readonly label: string;
  readonly flags: string;
}

/** A host as far as addresses, network configuration and kernel settings go. Refuses what a kernel refuses. */
export class FakeNetworkHost {
  readonly files = new Map<string, string>();
  readonly sysctls = new Map<string, string>();
  readonly devices = new Set(["lo", "eth0", "eth1", "eth0.5"]);
  readonly marked = new Set<string>();
  readonly promotes = new Set<string>();
  readonly signs: Set<string>;
  addresses: Held[] = [];

  readonly owners: ReadonlyMap<string, ActiveConfig>;

  /** `both`: ifcfg and ifupdown. */
  constructor(manager: NetworkManagerName | "none" | "both") {
    const names = manager === "both" ? ["ifcfg", "ifupdown"] : [manager];
    const managers = networkDialects.filter(({ name }) => names.includes(name));
    this.signs = new Set(
      managers.flatMap(({ detectedBy: signs, probes: hints = [] }) => [...signs.map(({ path }) => path), ...hints]),
    );
    const host = managed[manager];
    this.owners = new Map(host === undefined ? [] : [["eth0", host.owner]]);
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

  /** As an operator would, by hand. Throws what the kernel says. */
  ip(line: string): void {
    const [object, verb, ...words] = line.split(" ");
    if (object === "link" && verb === "del") {
      this.#unlink(words[1] ?? "");
      return;
    }
    const [local = ""] = words;
    const after = (word: string) => (words.includes(word) ? words[words.indexOf(word) + 1] : undefined);
    const device = after("dev") ?? "";
    if (!this.devices.has(device)) throw new Error(`Cannot find device "${device}"`);
    const held = this.addresses.find((one) => one.device === device && one.local === local);
    if (verb === "add") {
      if (held) throw new Error("RTNETLINK answers: File exists");
      const secondary = this.#sameSubnet(device, local).length > 0;
      this.addresses.push({ device, local, label: after("label") ?? device, flags: secondary ? "secondary " : "" });
      return;
    }
    if (!held) throw new Error("RTNETLINK answers: Cannot assign requested address");
    const along = held.flags === "" && !this.promotes.has(device) ? this.#sameSubnet(device, local) : [held];
    this.addresses = this.addresses.filter((one) => !along.includes(one) && one !== held);
  }

  /** By hand as well. */
  sysctl(...settings: readonly string[]): void {
    for (const setting of settings) {
      const [path = "", value = ""] = setting.split("=");
      if (!this.sysctls.has(swapSeparators(path)))
        throw new Error(`cannot stat /proc/sys/${path}: No such file or directory`);
      this.sysctls.set(swapSeparators(path), value);
    }
  }

  run(steps: readonly Step[]): string[] {
    for (const step of steps) this.#take(step);
    return steps.map(describeStep);
  }

  seen(): VipSeen & SysctlSeen {
    const lines = [
      ...[...this.devices].map((device) => `device ${device}`),
      ...[...this.promotes].map((device) => `promotes ${device}`),
      ...[...this.marked].map((device) => `ours ${device}`),
      ...this.addresses.map((one, index) => `${index + 1}: ${addressLine(one)}`),
    ];
    const files = this.#files();
    return {
      addresses: parseAddresses(lines.join("\n")),
      networkConfig: { presentPaths: this.signs, files, activeConfigs: this.owners },
      values: parseSysctlValues(
        [...this.sysctls].map(([key, value]) => `/proc/sys/${swapSeparators(key)}:${value}\n`).join(""),
      ),
      files,
    };
  }

  #files(): Files {
    const numbered = (text: string) =>
      text
        .replace(/\n$/, "")
        .split("\n")
        .map((line, index) => ({ number: index + 1, text: line }));
    return new Map([...this.files].sort().map(([path, text]) => [path, numbered(text)]));
  }

  #take(step: Step): void {
    if ("rule" in step) throw new Error("not a director");
    if ("file" in step) {
      const text = step.edit(this.files.get(step.file));
      if (text === undefined) this.files.delete(step.file);
      else this.files.set(step.file, text);
      return;
    }
    const { command } = step;
    if ("sh" in command) {
      const [device = "", mark] = command.args ?? [];
      if (mark === "pulumi-lvs" && !this.devices.has(device)) this.marked.add(device);
      if (mark === "pulumi-lvs") this.devices.add(device);
      return;
    }
    const [program, ...words] = command.run;
    if (program === "sysctl") this.sysctl(...words.slice(1));
    else if (words[0] === "-batch") for (const line of (command.stdin ?? "").trim().split("\n")) this.ip(line);
    else this.ip(words.join(" "));
  }

  #unlink(device: string): void {
    if (!this.devices.delete(device)) throw new Error(`Cannot find device "${device}"`);
    this.marked.delete(device);
    this.addresses = this.addresses.filter((one) => one.device !== device);
  }

  #sameSubnet(device: string, local: string): Held[] {
    const [ip = "", prefix = "32"] = local.split("/");
    if (isIP(ip) !== 4 || prefix === "32") return [];
    const net = (address: string) =>
      address
        .split("/")[0]
        ?.split(".")
        .slice(0, Number(prefix) / 8)
        .join(".");
    return this.addresses.filter(
      (one) => one.device === device && one.local.endsWith(`/${prefix}`) && net(one.local) === net(ip),
    );
  }
}

function addressLine({ device, local, label, flags }: Held): string {
  const back = "\\       valid_lft forever preferred_lft forever";
  if (local.includes(":")) return `${device}    inet6 ${local} scope global nodad ${back}`;
  return `${device}    inet ${local} scope global ${flags}${label}${back}`;
}
