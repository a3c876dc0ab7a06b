import { tunnelDevices } from "../../provider/kinds/tun-kernel-tuning/encapsulations";
import { tunnels } from "../../provider/kinds/tun-kernel-tuning/facts";
import type { Command } from "../../provider/step";
import { argsOf, CommandFailure, shellOf } from "./fake-host";
import { FakeKernel } from "./fake-kernel";

const UNITS = "/etc/systemd/system";
const SETTINGS6 = ["forwarding", "disable_ipv6", "accept_ra"];
/** Module → the device that comes with it. */
const DEVICE_OF: Readonly<Record<string, string>> = {
  ipip: "tunl0",
  ip_gre: "gre0",
  sit: "sit0",
  ip6_tunnel: "ip6tnl0",
};

/** A kernel with tunnel modules, and a systemd. Under contract: test/fakes/contracts/tunnel-host.ts. */
export class FakeTunnelHost extends FakeKernel {
  readonly up = new Set<string>();
  readonly ports = new Set<number>();
  systemd = true;

  override answer(command: Command): string | undefined {
    if (shellOf(command) !== shellOf(tunnels.command)) return super.answer(command);
    const devices = tunnelDevices().filter((device) => this.devices.includes(device));
    return [
      ...devices.map((device) => `device ${device} ${this.up.has(device) ? "0x81" : "0x80"}`),
      ...(this.systemd ? ["systemd"] : []),
      ...[...this.ports].map((port) => `port ${port} gue`),
    ]
      .map((line) => `${line}\n`)
      .join("");
  }

  override execute(command: Command): void {
    if ("sh" in command) {
      const [module = "", device = ""] = argsOf(command);
      if (command.sh.startsWith("module=$1")) this.#unload(module, device);
      else if (command.sh.startsWith("device=$1")) this.#set(module, "down");
      else if (!command.sh.startsWith("rmdir ")) super.execute(command);
      return;
    }
    const [program, verb, action] = command.run;
    const last = command.run.at(-1) ?? "";
    if (program === "modprobe") this.#load(last);
    else if (program === "ip" && verb === "link" && action === "set") this.#set(command.run[4] ?? "", last);
    else if (program === "ip" && verb === "fou") this.#fou(action ?? "", Number(command.run[4]));
    else if (program === "systemctl") this.#systemctl(command.run);
    else if (program === "rm") this.files.delete(last);
    else super.execute(command);
  }

  override state(): unknown {
    return { ...(super.state() as object), up: [...this.up], ports: [...this.ports], devices: [...this.devices] };
  }

  #load(module: string): void {
    const device = DEVICE_OF[module];
    if (device === undefined || this.devices.includes(device)) return;
    this.plug(device);
    // gre0 has settings of IPv6 once it is up, not before.
    if (module === "ip_gre") for (const name of SETTINGS6) this.sysctls.delete(`net.ipv6.conf.gre0.${name}`);
  }

  #unload(module: string, device: string): void {
    if (DEVICE_OF[module] !== device) throw new Error(`${device} is no device of the module ${module}`);
    this.unplug(device);
    this.up.delete(device);
  }

  #set(device: string, state: string): void {
    // To name the device of a module loads it.
    for (const [module, name] of Object.entries(DEVICE_OF)) if (name === device) this.#load(module);
    if (!this.devices.includes(device)) throw new CommandFailure(1, `Cannot find device "${device}"`);
    if (state === "down") {
      this.up.delete(device);
      return;
    }
    this.up.add(device);
    for (const name of SETTINGS6) {
      const key = (one: string) => `net.ipv6.conf.${one}.${name}`;
      if (!this.sysctls.has(key(device))) this.sysctls.set(key(device), this.sysctls.get(key("default")) ?? "");
    }
  }

  #fou(action: string, port: number): void {
    const isOpen = this.ports.has(port);
    if (action === "add" && isOpen) throw new CommandFailure(2, "RTNETLINK answers: Address already in use");
    if (action === "del" && !isOpen) throw new CommandFailure(2, "RTNETLINK answers: Invalid argument");
    if (action === "add") this.ports.add(port);
    else this.ports.delete(port);
  }

  #systemctl(words: readonly string[]): void {
    const unit = words.at(-1) ?? "";
    const wants = `${UNITS}/multi-user.target.wants/${unit}`;
    const isThere = this.files.has(`${UNITS}/${unit}`);
    if (words.includes("stop") && !isThere)
      throw new CommandFailure(5, `Failed to stop ${unit}: Unit ${unit} not loaded.`);
    if (words.includes("disable") && !isThere)
      throw new CommandFailure(1, `Failed to disable unit: Unit file ${unit} does not exist.`);
    if (words.includes("enable")) this.files.set(wants, "");
    if (words.includes("disable")) this.files.delete(wants);
  }
}
