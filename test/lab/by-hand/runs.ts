import { type OpenSession, openSession } from "../../../provider/host/session/session.ts";
import type { Connection } from "../../../provider/model/connection.ts";

/** Runs one after another: each begins without what the one before has read, as another process would. */
export class Runs {
  readonly #connection: Connection;
  #current: OpenSession;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#current = openSession(connection);
  }

  get current(): OpenSession {
    return this.#current;
  }

  begin(): void {
    this.#current.close();
    this.#current = openSession(this.#connection);
  }

  close(): void {
    this.#current.close();
  }
}
