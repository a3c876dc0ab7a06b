import { UserError } from "../errors";
import { type Connection, connection, hosts } from "../model/connection";

/** How a resource names its host: a name from `lvs:hosts` of the stack's configuration, or a connection. */
export type Host = string | Connection;

/** What messages call a host. */
export function nameOf(host: Host): string {
  return typeof host === "string" ? host : (host.name ?? `${host.user}@${host.host}:${host.port}`);
}

/** The hosts that the stack's configuration knows by name. */
export class Inventory {
  #text: string | undefined;

  /** Takes `lvs:hosts` as Pulumi hands it over: JSON text, secrets in clear. Never stored, never logged. */
  configure(text: string | undefined): void {
    this.#text = text;
  }

  /** The connection behind a host. Throws a UserError that says which names there are. */
  resolve(host: Host): Connection & { readonly name: string } {
    if (typeof host !== "string") return { ...host, name: nameOf(host) };
    const found = this.#read()[host];
    if (found !== undefined) return { ...found, name: host };
    throw new UserError(this.#unknown(host));
  }

  #read(): Record<string, Connection> {
    if (this.#text === undefined) return {};
    let said: unknown;
    try {
      said = JSON.parse(this.#text);
    } catch {
      // The parser's own message would quote the text, and with it a key.
      throw new UserError("the configuration value lvs:hosts is not an object: set it with `pulumi config set --path`");
    }
    const read = hosts.safeParse(said);
    if (read.success) return read.data;
    const why = read.error.issues.map(({ path, message }) => `lvs:hosts.${path.join(".")}: ${message}`);
    throw new UserError(why.join("; "));
  }

  #unknown(name: string): string {
    const known = Object.keys(this.#read());
    if (known.length === 0) {
      return (
        `no host is named "${name}": the stack's configuration has no lvs:hosts. ` +
        `Set it: pulumi config set --path 'lvs:hosts.${name}.host' ADDRESS`
      );
    }
    return `no host is named "${name}" in lvs:hosts of the stack's configuration; it has ${known.join(", ")}`;
  }
}

/** An inline host, canonical. */
export function parseConnection(said: unknown) {
  return connection.safeParse(said);
}
