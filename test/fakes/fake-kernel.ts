import type { SysctlSeen } from "../../provider/dialects/sysctl/restore";
import type { Files } from "../../provider/facts/files/lines";
import { addresses, parseAddresses } from "../../provider/facts/network/addresses";
import { bootSettings } from "../../provider/facts/sysctl/boot-settings";
import { swapSeparators, sysctlValues } from "../../provider/facts/sysctl/values";
import { keyOf } from "../../provider/host/session/fact-cache";
import { advertisedBy } from "../../provider/kinds/kernel-tuning/nat-facts";
import { type Command, describeCommand, type Step } from "../../provider/step";
import { argsOf, CommandFailure, FakeHost, shellOf } from "./fake-host";

/** A host as far as kernel settings go: the kernel's table with its side effects, and the files beside it. */
export class FakeKernel extends FakeHost {
  readonly sysctls = new Map<string, string>();
  readonly devices: string[] = [];
  addresses: string[] = [];
  /** Lines that other commands of the boot run: `runs /etc/rc.local 3 sysctl -w x=1`. */
  readonly bootCommands: string[] = [];
  /** NICs with an IPv6 default route from a router advertisement. */
  readonly advertised: string[] = [];

  constructor(devices: readonly string[] = ["lo", "eth0", "eth1"]) {
    super();
    this.sysctls.set("net.ipv4.ip_forward", "0");
    for (const device of ["all", "default"]) this.#conf(device);
    for (const device of devices) this.plug(device);
  }

  answer(command: Command): string | undefined {
    if (shellOf(command) === shellOf(sysctlValues().command)) return this.#print(argsOf(command));
    if (keyOf(command) === keyOf(bootSettings.command)) {
      return this.bootCommands.map((line) => `${line}\n`).join("");
    }
    if (shellOf(command) === shellOf(advertisedBy.command)) {
      return this.advertised
        .map((device) => `default via fe80::1 dev ${device} proto ra metric 1024 pref medium\n`)
        .join("");
    }
    if (shellOf(command) !== shellOf(addresses.command)) return undefined;
    return [...this.devices.map((device) => `device ${device}`), ...this.addresses].map((line) => `${line}\n`).join("");
  }

  execute(command: Command): void {
    const [program, ...words] = "run" in command ? command.run : [];
    if (program === "sysctl") this.sysctl(...words.slice(1));
    else if (program === "true") return;
    else if (program === "ip" && words.slice(0, 2).join(" ") === "link add") this.plug(words[2] ?? "");
    else if (program === "ip" && words.slice(0, 2).join(" ") === "link del") this.unplug(words[2] ?? "");
    else throw new Error(`the fake does not know ${describeCommand(command)}`);
  }

  /** A device appears, with the settings of `default`. */
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

  /** After a boot every device has the values of the files, or else those of `default`. */
  reboot(): void {
    const lines = [...(this.files.get("/etc/sysctl.d/99-zz-pulumi-lvs.conf") ?? "").matchAll(/^(net\S+) = (\S+)$/gm)];
    for (const device of ["all", "default", ...this.devices]) this.#conf(device);
    this.sysctls.set("net.ipv4.ip_forward", "0");
    for (const [, key = "", value = ""] of lines) {
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

  /** As `sysctl -w` does: a word that fails does not stop the others. */
  sysctl(...words: readonly string[]): void {
    const problems = words.flatMap((word) => this.#set(word));
    if (problems.length > 0) throw new CommandFailure(1, problems.map((text) => `sysctl: ${text}`).join("\n"));
  }

  /** Takes the steps; a command other than sysctl goes to `other`. */
  run(steps: readonly Step[], other: (words: readonly string[], step: Step) => void = refuse): void {
    for (const step of steps) {
      if ("file" in step) this.applyStep(step);
      else if ("command" in step && "run" in step.command && step.command.run[0] === "sysctl") this.applyStep(step);
      else other(wordsOf(step), step);
    }
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

  /** Whether the kernel takes this value. */
  protected accepts(_key: string, value: string): boolean {
    return /^-?\d+(?:[ \t]\d+)*$/.test(value);
  }

  #print(patterns: readonly string[]): string {
    return patterns
      .map((pattern) => new RegExp(`^${pattern.replaceAll(".", "\\.").replaceAll("*", "[^/]*")}$`))
      .flatMap((pattern) => [...this.sysctls].filter(([key]) => pattern.test(swapSeparators(key))).sort())
      .map(([key, value]) => `/proc/sys/${swapSeparators(key)}:${value}\n`)
      .join("");
  }

  #set(word: string): readonly string[] {
    const [path = "", value = ""] = word.split("=");
    const key = swapSeparators(path);
    const old = this.sysctls.get(key);
    if (old === undefined) return [`cannot stat /proc/sys/${path}: No such file or directory`];
    if (!this.accepts(key, value)) return [`setting key "${key}": Invalid argument`];
    this.sysctls.set(key, value);
    if (key === "net.ipv4.ip_forward" && old !== value) this.#forward(value);
    if (key === "net.ipv6.conf.all.forwarding" && old !== value) this.#forwardAll("ipv6", value);
    return [];
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
