import { systemClock } from "../../provider/host/clock.ts";
import type { Session } from "../../provider/host/session/job.ts";
import { sessionOn } from "../../provider/host/session/session.ts";
import { type ReconnectingShell, reconnectingShell } from "../../provider/host/shell/reconnect.ts";
import { observeScript } from "../../provider/host/shell/script.ts";
import type { Connection } from "../../provider/model/connection.ts";

/** A session of a run whose shell outlasts it. */
export interface KeptSession extends Session {
  /** What was read before is void. */
  readonly forget: () => void;
}

/** One login for runs that follow each other, where what they show is not about logins: one takes as long as a small run. */
export class KeptShell {
  readonly #shell: ReconnectingShell;
  readonly #connection: Connection;

  /** `through`: what stands between the sessions and the shell. */
  constructor(connection: Connection, through = (shell: ReconnectingShell) => shell) {
    this.#connection = connection;
    this.#shell = through(reconnectingShell(connection, systemClock, () => undefined));
  }

  /** Of one run: it begins without what the run before has read, as another process would. */
  session(): KeptSession {
    const session = sessionOn({
      connection: this.#connection,
      shell: { ...this.#shell, close: () => undefined },
      engineLives: () => Promise.resolve(true),
      log: () => undefined,
      clock: systemClock,
    });
    return { ...session, forget: session.close };
  }

  /** As another person on the host would, and in one round trip: the output, whatever became of the command. */
  async sh(text: string): Promise<string> {
    const [result] = await this.#shell.observe(observeScript([{ sh: text }]), 1);
    return result?.stdout ?? "";
  }

  close(): void {
    this.#shell.close();
  }
}
