import { networkDialects } from "../../provider/dialects/network/choose";
import { parseOriginalState } from "../../provider/facts/files/original-state";
import { parseAddresses } from "../../provider/facts/network/addresses";
import { parseNetworkConfig } from "../../provider/facts/network/managers";
import { IFCFG_ROUTE_FILES } from "../../provider/kinds/return-route/boot-ifcfg";
import { parseRouting } from "../../provider/kinds/return-route/facts";
import type { RouteSeen } from "../../provider/kinds/return-route/observation";
import { describeStep, type Step } from "../../provider/step";
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
    const lines = this.lines();
    const isRoute = (path: string) =>
      IFCFG_ROUTE_FILES.some((one) => path.startsWith(one.split("*")[0] ?? "")) && !path.includes("ifcfg-");
    const signs = networkDialects
      .filter(({ name }) => name === this.#manager)
      .flatMap(({ detectedBy: all }) => all.map(({ path }) => path));
    return {
      routing: parseRouting(`${this.rules.join("\n")}\n--\n${this.routes.join("\n")}\n--\n`),
      addresses: parseAddresses([...this.devices.map((device) => `device ${device}`), ...this.addresses].join("\n")),
      networkConfig: {
        ...parseNetworkConfig(""),
        presentPaths: new Set(signs),
        files: new Map([...lines].filter(([path]) => !isRoute(path))),
      },
      routeFiles: new Map([...lines].filter(([path]) => isRoute(path))),
      originalState: parseOriginalState(this.files.get("/var/lib/pulumi-lvs/before")),
      sshPath: { ...(this.entry !== undefined && { address: this.entry }), managedBy: [] },
    };
  }

  override take(steps: readonly Step[]): string[] {
    this.run(steps, (words, step) => {
      if (words[0] === "ip" && "command" in step) this.batch(step.command.stdin ?? "");
      else if (words[0]?.startsWith("rmdir ") !== true) throw new Error(`the fake does not know ${words.join(" ")}`);
    });
    return steps.map(describeStep);
  }

  /** As `ip -batch` does. */
  batch(lines: string): void {
    for (const line of lines.trim().split("\n")) this.ip(line);
  }

  ip(line: string): void {
    const [object, verb, ...words] = line.split(" ");
    if (object === "rule") this.#rule(verb === "add", words);
    else this.#route(verb === "replace", words);
  }

  override state(): unknown {
    return { ...(super.state() as object), rules: [...this.rules].sort(), routes: [...this.routes].sort() };
  }

  #rule(add: boolean, words: readonly string[]): void {
    const rule = `${words.at(-1)}: ${words.slice(0, -2).join(" ")}`;
    if (add === this.rules.includes(rule))
      throw new Error(`RTNETLINK answers: ${add ? "File exists" : "No such file or directory"}`);
    this.rules = add ? [...this.rules, rule] : this.rules.filter((one) => one !== rule);
  }

  #route(replace: boolean, words: readonly string[]): void {
    const tableOf = (text: string) => /table (\d+)/.exec(text)?.[1];
    const route = words.join(" ");
    const same = this.routes.filter(
      (one) => one.split(" ")[0] === words[0] && tableOf(one) === tableOf(route) && !one.includes("metric"),
    );
    if (!replace && same.length === 0) throw new Error("RTNETLINK answers: No such process");
    this.routes = [...this.routes.filter((one) => !same.includes(one)), ...(replace ? [route] : [])];
  }
}
