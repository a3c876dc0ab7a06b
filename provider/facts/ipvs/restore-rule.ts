import { SCHEDULERS } from "../../model/ipvs/scheduler";
import { formatAddressAndPort } from "../../model/network/address";
import { ownValue } from "../../model/own-value";
import type { Names } from "./names";
import type { Option } from "./popt";
import { type HostAndPort, ipv4, readHostAndPort, readNumber } from "./restore-address";
import type { RestoreLine } from "./restore-effect";
import { commandProblem, valueProblem } from "./restore-options";
import { daemonTarget, type RuleTarget, TIMEOUTS } from "./rule-target";

/** ipvsadm prints an error and ends. */
export class Stop extends Error {}

const COMMANDS: Readonly<Record<string, "add" | "edit" | "delete">> = {
  "add-service": "add",
  "edit-service": "edit",
  "delete-service": "delete",
  "add-server": "add",
  "edit-server": "edit",
  "delete-server": "delete",
  "start-daemon": "add",
  "stop-daemon": "delete",
  set: "edit",
};

const PROTOCOLS: Readonly<Record<string, string>> = {
  "tcp-service": "tcp",
  "udp-service": "udp",
  "sctp-service": "sctp",
};

/** The options of one line, in the order in which ipvsadm acts on them: a server's port may come from the service before it. */
export class RestoreRule {
  readonly #command: string;
  readonly #role: string;
  readonly #names: Names;
  readonly #given = new Map<string, string | undefined>();
  #protocol: string | undefined;
  #mark: number | undefined;
  #six = false;
  #service: HostAndPort | undefined;
  #server: HostAndPort | undefined;
  #serverPort = 0;

  constructor({ name, value = "" }: Option, names: Names) {
    this.#command = name;
    this.#role = value;
    this.#names = names;
    const known = Object.hasOwn(COMMANDS, name) || ["clear", "list", "zero", "save"].includes(name);
    if (!known) throw new Stop(`--${name} does not belong into a rules file`);
    if (name.endsWith("-daemon") && value !== "master" && value !== "backup")
      throw new Stop(`--${name} needs master or backup`);
  }

  take({ name, value }: Option): void {
    const problem = valueProblem(name, value, this.#six);
    if (problem !== undefined) throw new Stop(problem);
    if (name === "sort") return;
    if (name === "ipv6") {
      if (this.#mark === undefined) throw new Stop("-6 used before -f");
      this.#six = true;
      return;
    }
    const same = groupOf(name);
    if (this.#given.has(same)) throw new Stop(`multiple '${same}' options specified`);
    this.#given.set(same, value ?? name);
    if (same === "service-address") this.#takeService(name, value ?? "");
    if (name === "real-server") this.#takeServer(value ?? "");
    if (name === "netmask" && !this.#six && ipv4(value ?? "") === undefined)
      throw new Stop("illegal virtual server persistent mask specified");
  }

  finish(others: readonly string[]): RestoreLine {
    const left = this.#command === "set" ? this.#timeouts(others) : others;
    if (left.length > 0) throw new Stop(`unexpected argument ${left[0]}`);
    const problem = commandProblem(
      this.#command,
      this.#given,
      this.#protocol ?? (this.#mark === undefined ? undefined : "fwmark"),
    );
    if (problem !== undefined) throw new Stop(problem);
    if (this.#command === "clear") return { does: "clear" };
    const does = ownValue(COMMANDS, this.#command);
    if (does === undefined) return { does: "nothing" };
    if (this.#command === "set") return { does, target: { service: TIMEOUTS } };
    if (this.#command.endsWith("-daemon")) return { does, target: { service: daemonTarget(this.#role) } };
    const targets = this.#targets();
    const [target] = targets;
    if (target === undefined) throw new Stop("the 'service-address' option is missing");
    const scheduler = this.#given.get("scheduler") ?? SCHEDULERS[0];
    if (this.#command !== "delete-service" && !SCHEDULERS.some((name) => name === scheduler))
      return { does: "unsure", problem: `the scheduler "${scheduler}" is not known`, targets };
    if (targets.length > 1) return { does: "unsure", problem: "a name in it has several addresses", targets };
    return { does, target };
  }

  #timeouts(others: readonly string[]): readonly string[] {
    const values = others.slice(0, 3);
    if (values.length < 3) throw new Stop("--set option requires 3 timeout values");
    const odd = values.find((value) => readNumber(value, 0, 2678400) === undefined);
    if (odd !== undefined) throw new Stop(`invalid timeout value \`${odd}' specified`);
    return others.slice(3);
  }

  #takeService(name: string, value: string): void {
    this.#protocol = ownValue(PROTOCOLS, name);
    if (this.#protocol === undefined) {
      this.#mark = Number(value);
      return;
    }
    const read = readHostAndPort(value, this.#protocol, this.#names);
    if (read === undefined) throw new Stop(`"${value}" is no address of a service that the host knows`);
    this.#service = read;
    this.#six = read.family === "ipv6";
  }

  #takeServer(value: string): void {
    const protocol = this.#mark === undefined ? this.#protocol : "tcp";
    const read = readHostAndPort(value, protocol, this.#names);
    if (read === undefined) throw new Stop(`"${value}" is no address of a server that the host knows`);
    this.#server = read;
    // Of a service that comes later on the line, the port is not known yet.
    this.#serverPort = read.port ?? this.#service?.port ?? 0;
  }

  #targets(): readonly RuleTarget[] {
    const services = this.#services();
    const server = this.#server;
    if (!this.#command.endsWith("-server") || server === undefined) {
      this.#refuseService();
      return services.map((service) => ({ service }));
    }
    if (this.#command !== "delete-server") this.#refuseServer(server);
    const port = this.#portOf();
    return services.flatMap((service) =>
      server.addresses.map((address) => ({ service, server: formatAddressAndPort(address, port) })),
    );
  }

  #services(): readonly string[] {
    if (this.#mark !== undefined) return [`fwmark ${this.#mark}${this.#six ? " ipv6" : ""}`];
    const { addresses = [], port = 0 } = this.#service ?? {};
    return addresses.map((address) => `${this.#protocol} ${formatAddressAndPort(address, port)}`);
  }

  /** Only masquerading has a port of its own, but behind a mark. */
  #portOf(): number {
    if (this.#command === "delete-server" || this.#mark !== undefined) return this.#serverPort;
    return this.#given.get("forwarding-method") === "masquerading" ? this.#serverPort : (this.#service?.port ?? 0);
  }

  #refuseService(): void {
    if (this.#command === "delete-service" || this.#mark !== undefined) return;
    if ((this.#service?.port ?? 0) === 0 && !this.#given.has("persistent"))
      throw new Stop("Zero port specified for non-persistent service");
  }

  #refuseServer({ family }: HostAndPort): void {
    const service = this.#six ? "ipv6" : "ipv4";
    if (family !== service && this.#given.get("forwarding-method") !== "ipip")
      throw new Stop("Different address family is allowed only for tunneling servers");
  }
}

/** Options that count as one for ipvsadm. */
function groupOf(name: string): string {
  if (Object.hasOwn(PROTOCOLS, name) || name === "fwmark-service") return "service-address";
  if (name === "masquerading" || name === "ipip" || name === "gatewaying") return "forwarding-method";
  return name;
}
