import { parseOriginalState } from "../../provider/facts/files/original-state";
import { parseTunnels } from "../../provider/kinds/tun-kernel-tuning/facts";
import type { TunSeen } from "../../provider/kinds/tun-kernel-tuning/render";
import { describeStep, type Step } from "../../provider/step";
import { FakeKernel } from "./fake-kernel";

const BEFORE = "/var/lib/pulumi-lvs/before";
const UNITS = "/etc/systemd/system";
const NAMES6 = ["forwarding", "disable_ipv6", "accept_ra"];
const BRINGS: Readonly<Record<string, string>> = {
  ipip: "tunl0",
  ip_gre: "gre0",
  sit: "sit0",
  ip6_tunnel: "ip6tnl0",
};

/** A kernel with tunnel modules, and a systemd. */
export class FakeTunnelHost extends FakeKernel {
  readonly up = new Set<string>();
  readonly ports = new Set<number>();
  systemd = true;

  override seen(): TunSeen {
    const lines = [
      ...this.devices.map((device) => `device ${device} ${this.up.has(device) ? "0x81" : "0x80"}`),
      ...(this.systemd ? ["systemd"] : []),
      ...[...this.ports].map((port) => `port ${port} gue`),
    ];
    return {
      ...super.seen(),
      tunnels: parseTunnels(lines.join("\n")),
      bootFiles: new Map([...this.lines()].filter(([path]) => path.includes("/pulumi-lvs-tun-"))),
      before: parseOriginalState(this.files.get(BEFORE)),
    };
  }

  override take(steps: readonly Step[]): string[] {
    this.run(steps, (words) => this.#command(words));
    return steps.map(describeStep);
  }

  override state(): unknown {
    return { ...(super.state() as object), up: [...this.up], ports: [...this.ports], devices: [...this.devices] };
  }

  #command([program = "", ...words]: readonly string[]): void {
    const last = words.at(-1) ?? "";
    if (program === "modprobe") {
      if (BRINGS[last] !== undefined && !this.devices.includes(BRINGS[last])) {
        this.plug(BRINGS[last]);
        // As measured: it has settings of IPv6 from when it is up.
        if (last === "ip_gre") for (const name of NAMES6) this.sysctls.delete(`net.ipv6.conf.gre0.${name}`);
      }
    } else if (program === "ip" && words[0] === "link") {
      if (last === "up") this.#up(words[3] ?? "");
      else this.up.delete(words[3] ?? "");
    } else if (program === "ip" && words[0] === "fou") {
      if (words[1] === "add") this.ports.add(Number(words[3]));
      else this.ports.delete(Number(words[3]));
    } else if (program === "systemctl") this.#systemctl(words);
    else if (program.startsWith("module=$1")) {
      this.unplug(words[1] ?? "");
      this.up.delete(words[1] ?? "");
    } else if (!program.startsWith("rmdir ")) throw new Error(`the fake does not know ${program} ${words.join(" ")}`);
  }

  #up(device: string): void {
    this.up.add(device);
    for (const name of NAMES6) {
      const key = (one: string) => `net.ipv6.conf.${one}.${name}`;
      if (!this.sysctls.has(key(device))) this.sysctls.set(key(device), this.sysctls.get(key("default")) ?? "");
    }
  }

  #systemctl(words: readonly string[]): void {
    const wants = `${UNITS}/multi-user.target.wants/${words.at(-1) ?? ""}`;
    if (words.includes("enable")) this.files.set(wants, "");
    if (words.includes("disable")) this.files.delete(wants);
  }
}
