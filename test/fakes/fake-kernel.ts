import type { SysctlSeen } from "../../provider/dialects/sysctl/restore";
import type { Files } from "../../provider/facts/files/lines";
import { parseAddresses } from "../../provider/facts/network/addresses";
import { swapSeparators } from "../../provider/facts/sysctl/values";
import type { FileStep, Step } from "../../provider/step";

/** A host as far as kernel settings go: a table, with what the kernel changes along, and the files beside it. */
export class FakeKernel {
  readonly files = new Map<string, string>();
  readonly sysctls = new Map<string, string>();
  readonly devices: string[] = [];
  addresses: string[] = [];

  constructor(devices: readonly string[] = ["lo", "eth0", "eth1"]) {
    this.sysctls.set("net.ipv4.ip_forward", "0");
    for (const device of ["all", "default"]) this.#conf(device);
    for (const device of devices) this.plug(device);
  }

  /** A device comes, with the settings of `default`. */
  plug(device: string): void {
    if (this.devices.includes(device)) return;
    this.devices.push(device);
    this.#conf(device);
    for (const name of Object.keys(DEFAULTS)) {
      this.sysctls.set(`net.ipv4.conf.${device}.${name}`, this.sysctls.get(`net.ipv4.conf.default.${name}`) ?? "");
    }
    for (const name of ["forwarding", "disable_ipv6"]) {
      this.sysctls.set(`net.ipv6.conf.${device}.${name}`, this.sysctls.get(`net.ipv6.conf.default.${name}`) ?? "");
    }
  }

  /** After a boot every device has what the files say, or else what `default` says. */
  reboot(): void {
    const said = [...(this.files.get("/etc/sysctl.d/99-zz-pulumi-lvs.conf") ?? "").matchAll(/^(net\S+) = (\S+)$/gm)];
    for (const device of ["all", "default", ...this.devices]) this.#conf(device);
    this.sysctls.set("net.ipv4.ip_forward", "0");
    for (const [, key = "", value = ""] of said) {
      const [, name] = /^net\.ipv4\.conf\.default\.(\w+)$/.exec(key) ?? [];
      const devices = name === undefined ? [] : this.devices.map((device) => `net.ipv4.conf.${device}.${name}`);
      for (const one of [key, ...devices]) this.sysctl(`${one.replaceAll(".", "/")}=${value}`);
    }
  }

  unplug(device: string): void {
    this.devices.splice(this.devices.indexOf(device), 1);
    for (const key of [...this.sysctls.keys()])
      if (new RegExp(`^net\\.ipv[46]\\.conf\\.${device}\\.`).test(key)) this.sysctls.delete(key);
  }

  /** As `sysctl -w` does. */
  sysctl(word: string): void {
    const [path = "", value = ""] = word.split("=");
    const key = swapSeparators(path);
    if (!this.sysctls.has(key)) throw new Error(`cannot stat /proc/sys/${path}`);
    const before = this.sysctls.get(key);
    this.sysctls.set(key, value);
    if (key === "net.ipv4.ip_forward" && before !== value) this.#forward(value);
    if (key === "net.ipv6.conf.all.forwarding" && before !== value) this.#forwardAll("ipv6", value);
  }

  /** Takes the steps; what is no file and no setting goes to `other`. */
  run(steps: readonly Step[], other: (words: readonly string[], step: Step) => void = refuse): void {
    for (const step of steps) {
      if ("file" in step) this.write(step);
      else if ("command" in step && "run" in step.command && step.command.run[0] === "sysctl") {
        for (const word of step.command.run.slice(2)) this.sysctl(word);
      } else other(wordsOf(step), step);
    }
  }

  write({ file, edit }: FileStep): void {
    const text = edit(this.files.get(file));
    if (text === undefined) this.files.delete(file);
    else this.files.set(file, text);
  }

  seen(): SysctlSeen {
    const lines = [...this.devices.map((device) => `device ${device}`), ...this.addresses];
    return { values: new Map(this.sysctls), files: this.lines(), addresses: parseAddresses(lines.join("\n")) };
  }

  lines(): Files {
    return new Map(
      [...this.files].map(([path, text]) => [
        path,
        text
          .replace(/\n$/, "")
          .split("\n")
          .map((line, index) => ({ number: index + 1, text: line })),
      ]),
    );
  }

  /** All that may differ after a destroy, and must not. */
  state(): unknown {
    return { files: [...this.files].sort(), sysctls: [...this.sysctls].sort() };
  }

  #conf(device: string): void {
    for (const [name, value] of Object.entries(DEFAULTS)) this.sysctls.set(`net.ipv4.conf.${device}.${name}`, value);
    for (const name of ["forwarding", "disable_ipv6"]) this.sysctls.set(`net.ipv6.conf.${device}.${name}`, "0");
    this.sysctls.set(`net.ipv6.conf.${device}.accept_ra`, "1");
  }

  /** inet_forward_change() of the kernel. */
  #forward(value: string): void {
    this.#forwardAll("ipv4", value);
    this.sysctls.set("net.ipv4.conf.all.accept_redirects", value === "1" ? "0" : "1");
  }

  #forwardAll(family: "ipv4" | "ipv6", value: string): void {
    for (const key of this.sysctls.keys()) {
      if (key.startsWith(`net.${family}.`) && key.endsWith(".forwarding")) this.sysctls.set(key, value);
    }
  }
}

const DEFAULTS: Readonly<Record<string, string>> = {
  send_redirects: "1",
  accept_redirects: "1",
  rp_filter: "0",
  forwarding: "0",
  arp_ignore: "0",
  arp_announce: "0",
};

function wordsOf(step: Step): readonly string[] {
  if ("rule" in step) return ["ipvsadm", ...step.rule];
  if ("file" in step) return [];
  return "run" in step.command ? step.command.run : [step.command.sh, ...(step.command.args ?? [])];
}

function refuse(words: readonly string[]): never {
  throw new Error(`the fake does not know ${words.join(" ")}`);
}
