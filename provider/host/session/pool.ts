import type { Connection } from "../../model/connection";
import { hostName } from "../../model/host-name";
import { isSameMachine } from "../../model/machine";
import type { ShellInfo } from "../ssh/login-shell";
import type { Session } from "./job";
import { type OpenSession, openSession } from "./session";

/**
 * The session of a host, one for all resources of this process. Connects with its first job. A machine has one session, also where
 * several names, addresses or ways to become root lead to it; each of these logins is made once, so that one that is wrong is an error.
 */
export function sessionFor(connection: Connection): Session {
  const login = loginFor(connection);
  const name = hostName(connection);
  return {
    name,
    reachedAt: async () => (await login.made()).reachedAt,
    machine: async () => (await login.made()).session.machine(),
    submit: async (job) => (await login.made()).session.submit(job),
  };
}

/** Ends all sessions. */
export function closeAll(): void {
  for (const login of logins.values()) login.close();
  logins.clear();
  sessions.clear();
}

interface Made {
  /** Of the machine. */
  readonly session: OpenSession;
  readonly reachedAt: { readonly address: string; readonly port: number };
}

/** One way to reach a machine. */
class Login {
  readonly #own: OpenSession;
  #made: Promise<Made> | undefined;

  constructor(connection: Connection) {
    this.#own = openSession(connection);
  }

  /** Logs in at the first call, and again at the next one if that failed. */
  made(): Promise<Made> {
    this.#made ??= this.#make().catch((error: unknown) => {
      this.#made = undefined;
      throw error;
    });
    return this.#made;
  }

  close(): void {
    this.#own.close();
  }

  async #make(): Promise<Made> {
    const info = await this.#own.info();
    const session = await sessionOfMachine(this.#own, info);
    if (session !== this.#own) this.#own.close();
    return { session, reachedAt: info.reachedAt };
  }
}

/** Who one is on which machine. */
type Seen = Pick<ShellInfo, "machine" | "uid">;

const logins = new Map<string, Login>();
/** The session of each machine and user, with what they were seen to be. */
const sessions = new Map<OpenSession, Seen>();
let choosing: Promise<unknown> = Promise.resolve();

/** The first session of a machine, which may be this one. */
function sessionOfMachine(own: OpenSession, seen: Seen): Promise<OpenSession> {
  // One after another: of two first logins, one has to find the other.
  const choice = choosing.then(async () => {
    const found = await findSession(seen);
    if (found === undefined) sessions.set(own, seen);
    return found ?? own;
  });
  choosing = choice;
  return choice;
}

/** Of the same user: one who is not root must not become it because another login is. */
async function findSession({ machine, uid }: Seen): Promise<OpenSession | undefined> {
  for (const [session, seen] of sessions) {
    if (seen.uid !== uid) continue;
    if (isSameMachine(seen.machine, machine)) return session;
    // A clone, or the same machine after a reboot.
    if (seen.machine.id !== machine.id) continue;
    const now = await session.info().catch(() => seen);
    sessions.set(session, now);
    if (isSameMachine(now.machine, machine)) return session;
  }
  return undefined;
}

function loginFor(connection: Connection): Login {
  const key = JSON.stringify(Object.entries({ ...connection, name: undefined, origin: undefined }).sort());
  const login = logins.get(key) ?? new Login(connection);
  logins.set(key, login);
  return login;
}
