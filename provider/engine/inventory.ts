import { UserError } from "../errors";
import { type Connection, connection, hosts } from "../model/connection";
import { hostName } from "../model/host-name";
import { problemsIn } from "../model/input/problems";

/** The host of a resource: a name from `lvs:hosts` of the stack's configuration, or a connection. */
export type Host = string | Connection;

/** How messages name a host. */
export function nameOf(host: Host): string {
  return typeof host === "string" ? host : hostName(host);
}

/** The hosts of `lvs:hosts` in the stack's configuration, by name. */
export class Inventory {
  #text: string | undefined;

  /** `text`: the value of `lvs:hosts`, JSON with secrets in clear. Never stored, never logged. */
  configure(text: string | undefined): void {
    this.#text = text;
  }

  /** Throws a UserError that lists the known names. */
  resolve(host: Host): Connection & { readonly name: string } {
    if (typeof host !== "string") return { ...host, name: nameOf(host) };
    const found = this.#read().get(host);
    if (found !== undefined) return { ...found, name: host };
    return this.refuse(host);
  }

  /** A connection needs no entry. */
  has(host: Host): boolean {
    return typeof host !== "string" || this.#read().has(host);
  }

  /** Throws the error of a name that is not there. */
  refuse(host: Host, more?: string): never {
    throw new UserError([this.#unknown(nameOf(host)), ...(more === undefined ? [] : [more])].join("; "));
  }

  names(): readonly string[] {
    return [...this.#read().keys()];
  }

  #read(): ReadonlyMap<string, Connection> {
    if (this.#text === undefined) return new Map();
    let value: unknown;
    try {
      value = JSON.parse(this.#text);
    } catch {
      // The parser's own message would quote the text, and with it a key.
      throw new UserError("the configuration value lvs:hosts is not an object: set it with `pulumi config set --path`");
    }
    const read = hosts.safeParse(value);
    if (read.success) return read.data;
    throw new UserError(hostsProblems("lvs:hosts", value));
  }

  #unknown(name: string): string {
    const known = this.names();
    if (known.length === 0) {
      return (
        `no host is named "${name}": the stack's configuration has no lvs:hosts. ` +
        `Set it: pulumi config set --path 'lvs:hosts.${name}.host' ADDRESS`
      );
    }
    return `no host is named "${name}" in lvs:hosts of the stack's configuration; it has ${known.join(", ")}`;
  }
}

/** What is wrong with a map of hosts, a line for each. None of the values is in it: they may be secrets. `where`: `lvs:hosts`, or a file. */
export function hostsProblems(where: string, value: unknown): string {
  const problems = problemsIn(hosts, value, { unknown: "is not a field of a connection" });
  return problems.map(({ path, reason }) => `${[where, ...path.map(String)].join(".")}: ${reason}`).join("\n");
}

/** A connection with its defaults filled in. */
export function parseConnection(value: unknown) {
  return connection.safeParse(value);
}
