import { networkConfigFact, networkDialects } from "../../provider/dialects/network/choose";
import { matchesPath } from "../../provider/facts/files/glob";
import { fileLines } from "../../provider/facts/files/lines";
import { originalState } from "../../provider/facts/files/original-state";
import { addresses, parseAddresses } from "../../provider/facts/network/addresses";
import { sshPath } from "../../provider/facts/network/ssh-path";
import { IFCFG_ROUTE_FILES } from "../../provider/kinds/return-route/boot-ifcfg";
import { routing } from "../../provider/kinds/return-route/facts";
import type { RouteSeen } from "../../provider/kinds/return-route/observation";
import { isSameSubnet } from "../../provider/model/network/subnet";
import type { Command } from "../../provider/step";
import { CommandFailure, shellOf } from "./fake-host";
import { FakeKernel } from "./fake-kernel";

const SCRIPTS = "/etc/sysconfig/network-scripts";

/** A host as far as routes and rules go. Refuses what a kernel refuses. */
export class FakeRouter extends FakeKernel {
  rules = ["0: from all lookup local", "32766: from all lookup main", "32767: from all lookup default"];
  routes = ["192.168.2.0/24 dev eth1 proto kernel scope link src 192.168.2.100"];
  /** Where our session enters. */
  entry: string | undefined = "10.99.0.21";
  readonly #manager: "ifupdown" | "ifcfg";

  constructor(manager: "ifupdown" | "ifcfg" = "ifupdown") {
    super(["lo", "eth0", "eth1"]);
    this.#manager = manager;
    this.addresses = [
      "2: eth0    inet 192.168.4.100/24 scope global eth0",
      "3: eth1    inet 192.168.2.100/24 scope global eth1",
    ];
    if (manager === "ifcfg") {
      for (const device of ["eth0", "eth1"]) this.files.set(`${SCRIPTS}/ifcfg-${device}`, `DEVICE=${device}\n`);
    } else {
      const stanzas = ["eth0", "eth1"].map((device) => `iface ${device} inet static\n`).join("");
      this.files.set("/etc/network/interfaces", `${stanzas}source /etc/network/interfaces.d/*\n`);
    }
  }

  look(): RouteSeen {
    return this.readFacts({
      routing: routing("ipv4"),
      addresses,
      networkConfig: networkConfigFact,
      routeFiles: fileLines(...IFCFG_ROUTE_FILES),
      originalState,
      sshPath,
    });
  }

  override answer(command: Command): string | undefined {
    const shell = shellOf(command);
    if (shell === shellOf(routing("ipv4").command)) {
      return `${this.rules.join("\n")}\n--\n${this.routes.join("\n")}\n--\n`;
    }
    if (shell === shellOf(sshPath.command)) return this.entry === undefined ? "" : `address ${this.entry}\n`;
    if (shell === shellOf(networkConfigFact.command)) return this.#networkConfig();
    return super.answer(command);
  }

  override execute(command: Command): void {
    if ("sh" in command) {
      // Only the directory of the file of original states is removed by shell text.
      if (command.sh.startsWith("rmdir ")) return;
      throw new Error(`the fake does not know ${command.sh}`);
    }
    const [program, ...words] = command.run;
    if (program !== "ip") super.execute(command);
    else if (words.includes("-batch")) this.batch(command.stdin ?? "", words.includes("-force"));
    else this.ip(words.join(" "));
  }

  /** As `ip -batch -` does: it stops at the first line that fails, unless it is forced. */
  batch(lines: string, force = false): void {
    const failures: string[] = [];
    for (const [index, line] of lines.trim().split("\n").entries()) {
      const failure = this.#failure(line);
      if (failure !== undefined) failures.push(`${failure}\nCommand failed -:${index + 1}`);
      if (failure !== undefined && !force) break;
    }
    if (failures.length > 0) throw new CommandFailure(1, failures.join("\n"));
  }

  /** As an operator would, by hand. Throws what ip(8) prints. */
  ip(line: string): void {
    const [object, verb, ...words] = line.split(" ");
    if (object === "rule") this.#rule(verb === "add", words);
    else if (object === "route") this.#route(verb === "replace", words);
    else if (object === "addr" && verb === "del") this.#deleteAddress(words[0] ?? "", words[2] ?? "");
    else if (object === "link" && verb === "del") this.#deleteLink(words.at(-1) ?? "");
    else throw new Error(`the fake does not know ip ${line}`);
  }

  override state(): unknown {
    return { ...(super.state() as object), rules: [...this.rules].sort(), routes: [...this.routes].sort() };
  }

  #failure(line: string): string | undefined {
    try {
      this.ip(line);
      return undefined;
    } catch (error) {
      if (error instanceof CommandFailure) return error.message;
      throw error;
    }
  }

  #rule(add: boolean, words: readonly string[]): void {
    const rule = `${words.at(-1)}: ${words.slice(0, -2).join(" ")}`;
    if (add === this.rules.includes(rule))
      throw new CommandFailure(2, `RTNETLINK answers: ${add ? "File exists" : "No such file or directory"}`);
    const priority = (one: string) => Number.parseInt(one, 10);
    const all = add ? [...this.rules, rule] : this.rules.filter((one) => one !== rule);
    this.rules = all.toSorted((a, b) => priority(a) - priority(b));
  }

  #route(replace: boolean, words: readonly string[]): void {
    const route = words.join(" ");
    const device = deviceOf(route) ?? "";
    if (!this.devices.includes(device)) throw new CommandFailure(1, `Cannot find device "${device}"`);
    const same = this.routes.filter(
      (one) => one.split(" ")[0] === words[0] && tableOf(one) === tableOf(route) && !one.includes("metric"),
    );
    if (!replace && same.length === 0) throw new CommandFailure(2, "RTNETLINK answers: No such process");
    const [, gateway] = /\bvia (\S+)/.exec(route) ?? [];
    if (replace && gateway !== undefined && !this.#isOnLink(gateway, device)) {
      throw new CommandFailure(2, "Error: Nexthop has invalid gateway.");
    }
    this.routes = [...this.routes.filter((one) => !same.includes(one)), ...(replace ? [route] : [])];
  }

  #isOnLink(gateway: string, device: string): boolean {
    return parseAddresses(this.addresses.join("\n")).addresses.some(
      (one) => one.device === device && one.label !== undefined && isSameSubnet(one.ip, gateway, one.prefix),
    );
  }

  /** An interface without an address has no routes, in no table. */
  #deleteAddress(address: string, device: string): void {
    const isOf = (line: string) => line.includes(`: ${device} `);
    if (!this.addresses.some((line) => isOf(line) && line.includes(` inet ${address} `))) {
      throw new CommandFailure(2, "RTNETLINK answers: Cannot assign requested address");
    }
    this.addresses = this.addresses.filter((line) => !isOf(line) || !line.includes(` inet ${address} `));
    if (!this.addresses.some(isOf)) this.routes = this.routes.filter((route) => deviceOf(route) !== device);
  }

  #deleteLink(device: string): void {
    if (!this.devices.includes(device)) throw new CommandFailure(1, `Cannot find device "${device}"`);
    this.unplug(device);
    this.addresses = this.addresses.filter((line) => !line.includes(`: ${device} `));
    this.routes = this.routes.filter((route) => deviceOf(route) !== device);
  }

  #networkConfig(): string {
    const indicators = networkDialects
      .filter(({ name }) => name === this.#manager)
      .flatMap(({ detectedBy }) => detectedBy.map(({ path }) => `present\t${path}`));
    const files = [...this.lines()]
      .filter(([path]) => !IFCFG_ROUTE_FILES.some((pattern) => matchesPath(pattern, path) === true))
      .flatMap(([path, lines]) => [`file\t${path}`, ...lines.map(({ number, text }) => `${number}\t${path}\t${text}`)]);
    return [...indicators, ...files].map((line) => `${line}\n`).join("");
  }
}

function tableOf(route: string): string | undefined {
  return /table (\d+)/.exec(route)?.[1];
}

function deviceOf(route: string): string | undefined {
  return /\bdev (\S+)/.exec(route)?.[1];
}
