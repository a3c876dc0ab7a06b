import { UserError } from "../errors";
import type { HostsFile } from "../host/ssh/hosts-file";
import { type Connection, connection, LONGEST_WAY, type Reach } from "../model/connection";
import { hostName } from "../model/host-name";
import { hosts } from "../model/hosts";
import { nearest } from "../model/nearest";
import { hostsProblems, parseHostsFile } from "./hosts/hosts-file";

/** The host of a resource: a name from the stack's configuration or its file of hosts, or a connection. */
export type Host = string | Connection;

/** How messages name a host. */
export function nameOf(host: Host): string {
  return typeof host === "string" ? host : hostName(host);
}

/** Finds the file of hosts: the path of the configuration, or another one that the environment names. */
export type ReadHostsFile = (configured: string | undefined) => HostsFile | undefined;

interface Known {
  readonly byName: ReadonlyMap<string, Connection>;
  /** Names that the configuration has both by itself and in the file that it names. */
  readonly twice: ReadonlySet<string>;
  /** Where they are, for messages. Empty: nowhere. */
  readonly places: readonly string[];
}

/** The hosts by name: those of `lvs:hosts` and those of the file. */
export class Inventory {
  #text: string | undefined;
  #path: string | undefined;
  #known: Known | undefined;
  #isConfigured = false;

  constructor(private readonly readFile: ReadHostsFile = () => undefined) {}

  /** `text`: the value of `lvs:hosts`, JSON with secrets in clear. Never stored, never logged. `path`: that of `lvs:hostsFile`. */
  configure(text: string | undefined, path?: string): void {
    this.#isConfigured = true;
    // Each kind configures. The file is read once in a process: a run has one list of hosts.
    if (text === this.#text && path === this.#path) return;
    this.#text = text;
    this.#path = path;
    this.#known = undefined;
  }

  /** Throws a UserError that lists the known names. */
  resolve(host: Host): Connection & { readonly name: string } {
    const name = nameOf(host);
    if (typeof host !== "string") return { ...host, ...this.#proxyOf(host, [name]), name, origin: "program" };
    const found = this.#all().byName.get(host);
    if (found !== undefined) return { ...found, ...this.#proxyOf(found, [name]), name };
    return this.refuse(host);
  }

  /** A connection needs no entry. */
  has(host: Host): boolean {
    return typeof host !== "string" || this.#all().byName.has(host);
  }

  /** Throws the error of a name that is not there. */
  refuse(host: Host, more?: string): never {
    throw new UserError([this.#unknown(nameOf(host)), ...(more === undefined ? [] : [more])].join("; "));
  }

  /** Why a name, or that of a proxy, leads to no host that the operator can be sure of. `resolve` has refused proxies in a circle before. */
  doubt(host: Host): string | undefined {
    let at: Reach | string | undefined = host;
    while (at !== undefined) {
      if (typeof at !== "string") at = at.proxy;
      else if (this.#all().twice.has(at)) return `"${at}" is in ${this.where}: take it out of one of them`;
      else at = this.#all().byName.get(at)?.proxy;
    }
    return undefined;
  }

  names(): readonly string[] {
    return [...this.#all().byName.keys()];
  }

  /** For messages. */
  get where(): string {
    return this.#all().places.join(" and in ");
  }

  /** The way of a host, where it is a name of another one. `towards`: the hosts that are reached through it. */
  #proxyOf({ proxy }: Reach, towards: readonly string[]): { readonly proxy?: Reach } {
    if (proxy === undefined) return {};
    if (typeof proxy !== "string") return { proxy: { ...proxy, ...this.#proxyOf(proxy, towards) } };
    if (towards.length >= LONGEST_WAY) {
      throw new UserError(
        `the way to ${towards[0]} leads through more than ${LONGEST_WAY} hosts: ${[...towards, proxy].join(", through ")}`,
      );
    }
    if (towards.includes(proxy)) {
      throw new UserError(`the proxies of ${towards[0]} lead to themselves: ${[...towards, proxy].join(", through ")}`);
    }
    const found = this.#all().byName.get(proxy);
    if (found === undefined) throw new UserError(`the proxy of ${towards.at(-1)}: ${this.#unknown(proxy)}`);
    const { name: _name, origin: _origin, sudo: _sudo, sudoPassword: _password, deadline: _deadline, ...reach } = found;
    return { proxy: { ...reach, ...this.#proxyOf(reach, [...towards, proxy]) } };
  }

  #all(): Known {
    this.#known ??= this.#read();
    return this.#known;
  }

  #read(): Known {
    const configured = this.#text === undefined ? undefined : parseHosts(this.#text);
    const file = this.readFile(this.#path === undefined ? undefined : pathIn(this.#path));
    const inFile = file === undefined ? undefined : parseHostsFile(file);
    // The file is read now. The configuration may be that of the last up.
    const from = (origin: "lvs:hosts" | "file", map: ReadonlyMap<string, Connection> = new Map()) =>
      [...map].map(([name, found]) => [name, { ...found, origin }] as const);
    const byName = new Map([...from("lvs:hosts", configured), ...from("file", inFile)]);
    const both =
      file?.by === "LVS_HOSTS_FILE" ? [] : [...(configured?.keys() ?? [])].filter((name) => inFile?.has(name));
    const places = [...(configured === undefined ? [] : ["lvs:hosts"]), ...(file === undefined ? [] : [file.path])];
    return { byName, twice: new Set(both), places };
  }

  #unknown(name: string): string {
    const known = this.names();
    if (known.length > 0) return `no host is named "${name}" in ${this.#places()}${hint(name, known)}`;
    if (!this.#isConfigured) return `no host is named "${name}": ${OLD_SDK}`;
    return (
      `no host is named "${name}": the stack's configuration has no lvs:hosts and no lvs:hostsFile. ` +
      `Set one: pulumi config set --path ${pathOf(name)} ADDRESS`
    );
  }

  #places(): string {
    return this.where === "lvs:hosts" ? "lvs:hosts of the stack's configuration" : this.where;
  }
}

/** The names that there are, and the one that was meant. */
function hint(name: string, known: readonly string[]): string {
  // Of web1 to web200, another number is another host, and no slip.
  const numbered = known.filter((one) => digits(one) === digits(name));
  const near = known.find((one) => one.toLowerCase() === name.toLowerCase()) ?? nearest(name, numbered);
  const more = known.length - MOST_NAMES;
  const names = known.slice(0, MOST_NAMES).join(", ") + (more > 0 ? ` and ${more} more` : "");
  return near === undefined ? `; it has ${names}` : `: did you mean "${near}"? It has ${names}`;
}

function digits(name: string): string {
  return name.replaceAll(/\D/g, "");
}

/** Two hundred would hide the one that was meant. */
const MOST_NAMES = 20;

/** As Pulumi takes it: a dot would begin a name below. */
function pathOf(name: string): string {
  const path = /^[\w-]+$/.test(name) ? `.${name}` : `["${name}"]`;
  return `'lvs:hosts${path.replaceAll("'", `'\\''`)}.host'`;
}

/** Of an SDK before 3.139, all else works: it loads, and applies what has its connection in the program. */
const OLD_SDK =
  "the @pulumi/pulumi of this program hands no configuration to a provider, and so no lvs:hosts. 3.139 is the first version that does: " +
  "npm install @pulumi/pulumi@latest";

function parseHosts(text: string): ReadonlyMap<string, Connection> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's own message would quote the text, and with it a key.
    throw new UserError("the configuration value lvs:hosts is not an object: set it with `pulumi config set --path`");
  }
  const read = hosts.safeParse(value);
  if (read.success) return read.data;
  throw new UserError(hostsProblems(value, (path) => ["lvs:hosts", ...path.map(String)].join(".")));
}

/** What is no path may be the hosts themselves, with their keys, and is not shown. */
function pathIn(text: string): string {
  if (text.trim() !== "" && !/^\s*[[{]|[\r\n\0]|-----BEGIN/.test(text)) return text;
  throw new UserError("lvs:hostsFile must be the path of a file; hosts themselves go to lvs:hosts");
}

/** A connection with its defaults filled in. */
export function parseConnection(value: unknown) {
  return connection.safeParse(value);
}
