import { isDeepStrictEqual } from "node:util";
import { splitRule } from "../../provider/facts/ipvs/rule-target";
import { MAIN_FILE } from "../../provider/facts/keepalived/paths";
import { deletionArgs, serverArgs } from "../../provider/kinds/real-server/rules";
import { ABANDON } from "../../provider/kinds/virtual-service/checks/abandon";
import { GUARD } from "../../provider/kinds/virtual-service/checks/guard";
import { keepRules, stopKeeping } from "../../provider/kinds/virtual-service/checks/keep-rules";
import { type Fragment, parseFragment } from "../../provider/kinds/virtual-service/checks/parse-fragment";
import { AS_READ } from "../../provider/kinds/virtual-service/checks/servers";
import { serviceArgs } from "../../provider/kinds/virtual-service/rules";
import type { Server } from "../../provider/model/ipvs/real-server";
import { serviceKey } from "../../provider/model/ipvs/service-key";
import { type Command, type CommandStep, PUT_BACK } from "../../provider/step";
import { argsOf, CommandFailure, shellOf } from "./fake-host";
import type { FakeKeepalived } from "./fake-keepalived";

type Rules = ReadonlyMap<string, readonly string[]>;

/** What keepalived does to a table, as 2.2.7 does it: it takes what is there, looks at the kernel never, and moves weights when a check changes its mind. */
export class FakeCheckers {
  /** Servers that do not answer. */
  readonly dead = new Set<string>();
  /** Rules that are added again and again, by the file that says so. */
  readonly kept = new Map<string, readonly string[]>();
  readonly #table: { readonly rules: Rules; readonly apply: (rule: readonly string[]) => void };
  readonly #told = new Map<string, Fragment>();
  /** Those that it has put out. */
  readonly #out = new Set<string>();

  constructor(table: { readonly rules: Rules; readonly apply: (rule: readonly string[]) => void }) {
    this.#table = table;
  }

  /** Whether any service has the server with a weight. */
  hasWeight(address: string): boolean {
    return [...this.#table.rules].some(([key, words]) => {
      return key.endsWith(` -> ${address}`) && words[words.indexOf("-w") + 1] !== "0";
    });
  }

  /** Of all servers that it was told of. */
  addresses(): readonly string[] {
    return [...this.#told.values()].flatMap(({ servers }) => [...servers.keys()]);
  }

  /** A start, a reload, or with nothing a stop. */
  read(texts: Iterable<string>): void {
    const now = new Map([...texts].map(fragmentOf));
    for (const [key, { service, servers }] of this.#told) {
      if (now.has(key)) continue;
      for (const address of servers.keys()) this.#out.delete(`${key} -> ${address}`);
      this.#try(["-D", ...selector(service)]);
    }
    for (const [key, fragment] of now) this.#readOne(key, fragment, this.#told.get(key));
    this.#told.clear();
    for (const [key, fragment] of now) this.#told.set(key, fragment);
    for (const line of [...this.kept.values()].flat()) this.#try(splitRule(line));
  }

  /** Its process is ended, and another one has begun with nothing. */
  abandon(): void {
    this.#told.clear();
    this.#out.clear();
  }

  /** Until each server has been looked at as often as it takes. */
  check(): void {
    for (const [key, { servers, onFailure }] of this.#told)
      for (const [address, { settings }] of servers) {
        const name = `${key} -> ${address}`;
        const server = { service: key, address, ...settings };
        if (this.dead.has(address) === this.#out.has(name)) continue;
        if (this.dead.has(address)) {
          this.#out.add(name);
          if (onFailure === "remove") this.#try(deletionArgs(server));
          else this.#try(serverArgs("-e", { ...server, weight: 0 }));
        } else {
          this.#out.delete(name);
          this.#try(serverArgs(onFailure === "remove" ? "-a" : "-e", server));
        }
      }
  }

  #readOne(key: string, fragment: Fragment, before: Fragment | undefined): void {
    this.#try(serviceArgs(before === undefined ? "-A" : "-E", fragment.service));
    for (const [address, { settings, check }] of fragment.servers) {
      const name = `${key} -> ${address}`;
      const server = { service: key, address, ...settings };
      const known = before?.servers.get(address);
      if (known === undefined) this.#try(serverArgs("-a", server));
      else if (!isDeepStrictEqual(known.check, check) && this.#out.delete(name))
        if (before?.onFailure === "weight0")
          // One that it has given weight 0 is there, as far as it knows.
          this.#try(serverArgs("-e", server));
        else this.#put(server);
      else if (this.#out.has(name) && before?.onFailure !== fragment.onFailure)
        if (fragment.onFailure === "weight0") this.#put({ ...server, weight: 0 });
        else this.#try(deletionArgs(server));
      else if (known.settings.weight !== settings.weight && !this.#out.has(name)) this.#try(serverArgs("-e", server));
    }
    for (const [address, { settings }] of before?.servers ?? []) {
      if (fragment.servers.has(address)) continue;
      this.#out.delete(`${key} -> ${address}`);
      this.#try(deletionArgs({ service: key, address, ...settings }));
    }
  }

  #put(server: Server): void {
    this.put(serverArgs("-a", server));
  }

  /** Whether it is there or not. */
  put([operation, ...rest]: readonly string[]): void {
    if (operation === "-d") this.#try([operation, ...rest]);
    else
      for (const one of operation === "-A" || operation === "-E" ? ["-A", "-E"] : ["-a", "-e"])
        this.#try([one, ...rest]);
  }

  /** What the kernel refuses, it only says in its log. */
  #try(rule: readonly string[]): void {
    try {
      this.#table.apply(rule);
    } catch (error) {
      if (!(error instanceof CommandFailure)) throw error;
    }
  }
}

function selector(service: Fragment["service"]): readonly string[] {
  const words = serviceArgs("-A", service);
  return words.slice(1, words.indexOf("-s"));
}

function fragmentOf(text: string): [string, Fragment] {
  const [, key = ""] = /^# VirtualService (.*)\. Written/.exec(text) ?? [];
  const fragment = parseFragment(text, key);
  if (fragment === undefined) throw new Error(`the fake cannot read ${text}`);
  return [serviceKey(fragment.service), fragment];
}

/** A host with keepalived. */
interface CheckedHost {
  readonly files: Map<string, string>;
  readonly keepalived: FakeKeepalived;
  readonly checkers: FakeCheckers;
}

/** Whether the command is one of those around a reload, which it then does. */
export function executeChecks(command: Command, host: CheckedHost): boolean {
  const { checkers } = host;
  const is = (other: CommandStep) => shellOf(command) === shellOf(other.command);
  const [first = "", second = ""] = argsOf(command);
  if (is(keepRules("", []))) checkers.kept.set(first, linesOf(second));
  else if (is(stopKeeping(""))) checkers.kept.delete(first);
  else if (shellOf(command) === ABANDON) abandon(host);
  else if (shellOf(command) === AS_READ) checkers.put(argsOf(command));
  else if (shellOf(command) === GUARD) guard(argsOf(command), host);
  else if ("run" in command && command.run[0] === "rm") host.files.delete(command.run.at(-1) ?? "");
  else return false;
  return true;
}

function abandon({ files, keepalived, checkers }: CheckedHost): void {
  const isOurs = [...keepalived.fragments().keys()].some((name) => !name.startsWith("vrrp-"));
  if (!isOurs && !/^\s*virtual_server/m.test(files.get(MAIN_FILE) ?? "")) checkers.abandon();
}

function guard(args: readonly string[], host: CheckedHost): void {
  const { files, keepalived, checkers } = host;
  const [, , serving = "", path = "", before = "", rules = "", weights = ""] = args;
  checkers.check();
  const isServing = (address: string) => serving.includes(` ${address} `) && checkers.hasWeight(address);
  if (checkers.addresses().some(isServing)) return;
  if (before === "none") {
    files.delete(path);
    abandon(host);
  } else files.set(path, before.replace("text ", ""));
  keepalived.reload();
  checkers.kept.set(path, [...linesOf(rules), ...linesOf(weights)]);
  checkers.read(keepalived.loaded.values());
  checkers.kept.delete(path);
  throw new CommandFailure(PUT_BACK, `this takes every server out (${serving.trim()})`);
}

function linesOf(text: string): readonly string[] {
  return text.split("\n").filter((line) => line !== "");
}
