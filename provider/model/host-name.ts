import type { Connection, Reach } from "./connection";

/** How messages name a host: its name, or `root@192.0.2.1:22`. */
export function hostName(connection: Pick<Connection, "name" | "user" | "host" | "port">): string {
  return connection.name ?? loginName(connection);
}

/** `root@[2001:db8::5]:22`, or what is given of it. */
export function loginName({ user, host, port }: Pick<Reach, "user" | "host" | "port">): string {
  const address = host.includes(":") ? `[${host}]` : host;
  return [user === undefined ? "" : `${user}@`, address, port === undefined ? "" : `:${port}`].join("");
}
