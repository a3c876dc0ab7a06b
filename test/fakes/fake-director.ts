import { rulesFacts } from "../../provider/dialects/ipvs/boot-rules";
import type { Fact } from "../../provider/facts/fact";
import { ORIGINAL_STATE_FILE, originalState } from "../../provider/facts/files/original-state";
import { owners } from "../../provider/facts/files/owners";
import { ruleTarget, splitRule } from "../../provider/facts/ipvs/rule-target";
import { ipvsTable } from "../../provider/facts/ipvs/table";
import { keepalivedConfig } from "../../provider/facts/keepalived/config";
import { keepalivedDaemon } from "../../provider/facts/keepalived/daemon";
import { oursThere, whereOurs } from "../../provider/facts/keepalived/fragments";
import { fragmentPath, KEEPALIVED_DROP_IN } from "../../provider/facts/keepalived/paths";
import type { ServiceSeen } from "../../provider/kinds/virtual-service/observe";
import { SCHEDULERS } from "../../provider/model/ipvs/scheduler";
import { parseServiceKey } from "../../provider/model/ipvs/service-key";
import { familyOf, formatAddressAndPort, parseAddressAndPort } from "../../provider/model/network/address";
import { type Command, describeCommand } from "../../provider/step";
import { executeChecks, FakeCheckers } from "./fake-checkers";
import { CommandFailure, FakeHost, shellOf } from "./fake-host";
import { FakeKeepalived } from "./fake-keepalived";
import { FakeLoader, type LoaderLayout } from "./fake-loader";

/** A director as far as VirtualService and RealServer can see it: a kernel table with the kernel's rules, and a loader. */
export class FakeDirector extends FakeHost {
  /** Connections that are open, or being opened, by `service -> server`. */
  readonly active = new Map<string, number>();
  readonly loader: FakeLoader;
  readonly keepalived: FakeKeepalived;
  readonly checkers: FakeCheckers;
  readonly #rules = new Map<string, readonly string[]>();

  constructor(layout: LoaderLayout) {
    super();
    this.loader = new FakeLoader(layout, this.files);
    this.keepalived = new FakeKeepalived(this.files);
    this.checkers = new FakeCheckers({ rules: this.#rules, apply: (rule) => this.applyRule(rule) });
  }

  /** As an operator would, by hand. Fails as ipvsadm does. */
  ipvsadm(line: string): void {
    this.applyRule(splitRule(line));
  }

  override applyRule(rule: readonly string[]): void {
    const [operation = "", ...words] = rule;
    const isServer = operation === operation.toLowerCase();
    const target = ruleTarget([isServer ? "-a" : "-A", ...words].join(" "));
    if (target === undefined) throw new Error(`the fake cannot tell which service "${rule.join(" ")}" names`);
    if (!isServer) this.#applyService(operation, words, target.service);
    else if (target.server !== undefined) this.#applyServer(operation, words, target.service, target.server);
  }

  answer(command: Command): string | undefined {
    if (shellOf(command) === shellOf(ipvsTable.command)) return this.#print();
    if (shellOf(command) === shellOf(oursThere.command)) {
      const fragments = [...this.keepalived.fragments().keys()].map(fragmentPath);
      const kept = [...this.checkers.kept.keys()];
      return [...fragments, ...kept]
        .map(
          (path) => `${path}
`,
        )
        .join("");
    }
    for (const fact of [keepalivedDaemon, keepalivedConfig] as readonly Fact<unknown>[])
      if (shellOf(command) === shellOf(whereOurs(fact).command))
        return this.#hasOurs() ? `ours\n${this.keepalived.answer(fact.command)}` : "";
    return this.keepalived.answer(command) ?? this.loader.answer(command);
  }

  execute(command: Command): void {
    const isOurs = executeChecks(command, this) || this.keepalived.execute(command) || this.loader.execute(command);
    if (!isOurs) throw new Error(`the fake does not know ${describeCommand(command)}`);
    const services = [...this.keepalived.loaded].filter(([name]) => !name.startsWith("vrrp-"));
    this.checkers.read(services.map(([, text]) => text));
  }

  seen(): ServiceSeen {
    return this.readFacts({ ipvs: ipvsTable, ...rulesFacts, record: originalState, owners, oursThere });
  }

  /** All that may be different after a destroy, and must not be. */
  state(): unknown {
    const { unitEnabled, links } = this.loader;
    const { activeState, enabled } = this.keepalived;
    const keepalived = { activeState, enabled, loaded: [...this.keepalived.loaded.keys()] };
    return { files: [...this.files].sort(), unitEnabled, links, keepalived, rules: [...this.#rules].sort() };
  }

  #hasOurs(): boolean {
    const isRecorded = /^\["keepalived",/m.test(this.files.get(ORIGINAL_STATE_FILE) ?? "");
    const { loaded } = this.keepalived;
    return isRecorded || loaded.size + this.keepalived.fragments().size > 0 || this.files.has(KEEPALIVED_DROP_IN);
  }

  #applyService(operation: string, words: readonly string[], key: string): void {
    const exists = this.#rules.has(key);
    const problem =
      operation === "-D" ? undefined : (optionProblem(words, key) ?? (knowsModules(words) ? undefined : NO_MODULE));
    if (problem !== undefined) throw problem;
    if (operation === "-A" && exists) throw new CommandFailure(255, "Service already exists");
    if (operation !== "-A" && !exists) throw new CommandFailure(255, "No such service");
    if (operation === "-D") this.#deleteService(key);
    else this.#rules.set(key, ["-A", ...words]);
  }

  #applyServer(operation: string, words: readonly string[], service: string, given: string): void {
    const { address, port = 0 } = parseAddressAndPort(given);
    const { family, port: servicePort } = parseServiceKey(service);
    // ipvsadm itself compares the families, before it asks the kernel.
    if (operation !== "-d" && familyOf(address) !== family && !words.includes("-i"))
      throw new CommandFailure(2, "Different address family is allowed only for tunneling servers");
    if (!this.#rules.has(service)) throw new CommandFailure(255, "Service not defined");
    const key = `${service} -> ${given}`;
    const exists = this.#rules.has(key);
    if (operation !== "-a" && !exists) throw new CommandFailure(255, "No such destination");
    if (operation === "-d") {
      this.#rules.delete(key);
      return;
    }
    if (operation === "-a" && exists) throw new CommandFailure(255, "Destination already exists");
    if (Number(after(words, "-y") ?? 0) > Number(after(words, "-x") ?? 0))
      throw new CommandFailure(255, "Numerical result out of range");
    if (MULTICAST.test(address))
      throw new CommandFailure(255, "Invalid operation.  Possibly wrong module version, address not unicast, ...");
    // Only masquerading has a port of its own.
    const stored = formatAddressAndPort(address, words.includes("-m") ? port : servicePort);
    this.#rules.set(`${service} -> ${stored}`, [
      "-a",
      ...words.map((word, at) => (words[at - 1] === "-r" ? stored : word)),
    ]);
  }

  #deleteService(key: string): void {
    for (const each of [...this.#rules.keys()])
      if (each === key || each.startsWith(`${key} -> `)) this.#rules.delete(each);
  }

  /** Both listings, as ipvsadm 1.31 prints them. */
  #print(): string {
    const sorted = [...this.#rules].sort(([a], [b]) => (a < b ? -1 : 1));
    const saved = sorted.map(([, words]) => printSaved(words));
    const listed = sorted.map(([key, words]) => this.#printListed(key, words));
    return `${[...saved, "--", HEADING, ...listed].join("\n")}\n`;
  }

  #printListed(key: string, words: readonly string[]): string {
    if (words[0] === "-a")
      return `  -> ${after(words, "-r") ?? ""}  ${after(words, "-x") ?? "0"} ${after(words, "-y") ?? "0"} ${this.active.get(key) ?? 0} 0         `;
    const [protocol = "", name = "", family] = key.split(" ");
    return `${LISTED[protocol] ?? "FWM"}  ${name}${family === "ipv6" ? " IPv6" : ""} ${after(words, "-s") ?? "wlc"}`;
  }
}

const MULTICAST = /^(?:22[4-9]|23\d)\.|^ff/;
const NO_MODULE = new CommandFailure(255, "Scheduler or persistence engine not found");

function knowsModules(words: readonly string[]): boolean {
  const scheduler = after(words, "-s") ?? "wlc";
  return SCHEDULERS.some((name) => name === scheduler) && (after(words, "--pe") ?? "sip") === "sip";
}

/** What ipvsadm refuses without asking the kernel. */
function optionProblem(words: readonly string[], key: string): CommandFailure | undefined {
  const { protocol, port } = parseServiceKey(key);
  if (protocol !== "fwmark" && port === 0 && !words.includes("-p"))
    return new CommandFailure(2, "Zero port specified for non-persistent service");
  if (words.includes("-o") && protocol !== "udp" && protocol !== "fwmark")
    return new CommandFailure(2, "One-Packet Scheduling is only for UDP virtual services");
  return undefined;
}

const LISTED: Readonly<Record<string, string>> = { tcp: "TCP", udp: "UDP", sctp: "SCTP" };

const HEADING = `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port            Uthreshold Lthreshold ActiveConn InActConn 
  -> RemoteAddress:Port`;

/** `--save` leaves thresholds out, names ipip, and prints a service's options in an order of its own. */
function printSaved(words: readonly string[]): string {
  const at = (option: string) => (words.includes(option) ? [option, after(words, option) ?? ""] : []);
  if (words[0] === "-A") {
    const name = words.slice(1, words.indexOf("-s"));
    const flag = (option: string) => (words.includes(option) ? [option] : []);
    return ["-A", ...name, ...at("-s"), ...at("-p"), ...at("-M"), ...at("--pe"), ...flag("-o"), ...at("-b")].join(" ");
  }
  const kept = words.filter((word, index) => ![word, words[index - 1]].some((one) => one === "-x" || one === "-y"));
  return (kept.includes("-i") && !kept.includes("--tun-type") ? [...kept, "--tun-type", "ipip"] : kept).join(" ");
}

function after(words: readonly string[], option: string): string | undefined {
  const at = words.indexOf(option);
  return at < 0 ? undefined : words[at + 1];
}
