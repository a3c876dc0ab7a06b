import type { Connection } from "../../model/connection";
import { hostName } from "../../model/host-name";
import type { Session } from "./job";
import { type OpenSession, openSession } from "./session";

/** The session of a host, one for all resources of this process. Connects with its first job. */
export function sessionFor(connection: Connection): Session {
  const key = identity(connection);
  const session = sessions.get(key) ?? openSession(connection);
  sessions.set(key, session);
  // A second name for the same host stands in the messages of those who use it.
  return { ...session, name: hostName(connection) };
}

/** Ends all sessions. */
export function closeAll(): void {
  for (const session of sessions.values()) session.close();
  sessions.clear();
}

const sessions = new Map<string, OpenSession>();

/** The host and the user. Keys and passwords are not part of it. */
function identity({ host, port, user, proxy, sudo }: Connection): string {
  return JSON.stringify([host, port, user, sudo, proxy && [proxy.host, proxy.port, proxy.user]]);
}
