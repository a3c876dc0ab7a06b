import type { Connection } from "../../model/connection";
import { nameOf } from "../ssh/connect";
import type { Session } from "./job";
import { type OpenSession, openSession } from "./session";

/** The session of a host, one for all resources of this process. Nothing is connected before the first job. */
export function sessionFor(connection: Connection): Session {
  const key = identity(connection);
  const session = sessions.get(key) ?? openSession(connection);
  sessions.set(key, session);
  // Others may call the same host by another name, and read their own in messages.
  return { ...session, name: nameOf(connection) };
}

/** Ends all sessions. */
export function closeAll(): void {
  for (const session of sessions.values()) session.close();
  sessions.clear();
}

const sessions = new Map<string, OpenSession>();

/** Who we are on which host. How we prove it is not part of it. */
function identity({ host, port, user, proxy, sudo }: Connection): string {
  return JSON.stringify([host, port, user, sudo, proxy && [proxy.host, proxy.port, proxy.user]]);
}
