import type { Connection } from "../../model/connection";
import { hostName } from "../../model/host-name";
import type { Result } from "../../step";
import type { Clock } from "../clock";
import { print } from "../print";
import { type Say, saying, sayOf } from "../saying";
import { failureEnds } from "../ssh/attempts";
import { connect, connectionError } from "../ssh/connect";
import { DialError } from "../ssh/dial-error";
import type { ShellInfo } from "../ssh/login-shell";
import { BOOT_LIMIT, waitForBoot } from "./boot";
import { Dials } from "./dials";
import type { Script } from "./script";
import { LostConnectionError, openShell, type Shell } from "./shell";
import { trace } from "./trace";

type Results = readonly (Result | undefined)[];

/** A shell that is opened on first use, and opened again after its connection was lost. */
export interface ReconnectingShell {
  readonly info: () => Promise<ShellInfo>;
  /** Another number once a new connection was opened: since then the host may have booted, and what was observed before is void. */
  readonly generation: () => number;
  /** Changes nothing, so it is sent once more if the connection was lost since its last use. */
  readonly observe: (script: Script, facts: number) => Promise<Results>;
  /** Sent once. */
  readonly apply: (script: Script, commands: number, facts: number) => Promise<Results>;
  readonly close: () => void;
}

export function reconnectingShell(connection: Connection, clock: Clock, log: Say): ReconnectingShell {
  const host = hostName(connection);
  const opener = new ShellOpener(connection, clock, log);

  async function timed(
    kind: "observe" | "apply",
    { script, steps, commands }: { script: Script; steps: number; commands: number },
    shell: Shell,
  ): Promise<Results> {
    const start = clock.now();
    const results = await saying(sayOf(host, log), () => shell.run(script));
    trace({ host, kind, commands, steps, ms: clock.now() - start });
    return results;
  }

  return {
    info: async () => (await opener.get()).shell.info,
    generation: () => opener.opened,
    observe: async (script, facts) => {
      const trip = { script, steps: 0, commands: facts };
      const first = await opener.get();
      try {
        return await timed("observe", trip, first.shell);
      } catch (error) {
        if (first.isNew || !(error instanceof LostConnectionError)) throw error;
        return timed("observe", trip, (await opener.get()).shell);
      }
    },
    apply: async (script, steps, commands) => timed("apply", { script, steps, commands }, (await opener.get()).shell),
    close: () => opener.close(),
  };
}

/** Of this process. */
const dials = new Dials(print);

/** Keeps one open shell for all who need it. */
class ShellOpener {
  #current: Promise<Shell> | undefined;
  #failure: { readonly error: unknown; readonly until: number } | undefined;
  #opened = 0;
  readonly #say: Say;

  constructor(
    private readonly connection: Connection,
    private readonly clock: Clock,
    private readonly log: Say,
  ) {
    this.#say = sayOf(hostName(connection), log);
  }

  get opened(): number {
    return this.#opened;
  }

  async get(): Promise<{ readonly shell: Shell; readonly isNew: boolean }> {
    const current = this.#current;
    const shell = await current?.catch(() => undefined);
    if (shell?.isOpen() === true) return { shell, isNew: false };
    // Another caller reconnected while this one waited.
    if (this.#current !== current) return this.get();
    if (this.#failure !== undefined && this.clock.now() < this.#failure.until) throw this.#failure.error;
    const start = this.clock.now();
    const opening = this.#open();
    this.#current = opening;
    try {
      return { shell: await opening, isNew: true };
    } catch (error) {
      this.#failure = { error, until: failureEnds(start, this.clock.now()) };
      throw error;
    }
  }

  close(): void {
    void this.#current?.then((shell) => shell.close()).catch(() => undefined);
    this.#current = undefined;
    this.#failure = undefined;
  }

  /** Waits for the end of a boot. A host that goes down meanwhile is connected to again, and has another boot. */
  async #open(): Promise<Shell> {
    const until = this.clock.now() + BOOT_LIMIT * 1000;
    for (;;) {
      const shell = await saying(this.#say, () => dials.count(() => this.#openOnce(), this.clock));
      this.log(undefined);
      try {
        await waitForBoot(shell, this.connection, { clock: this.clock, until, log: this.log });
        this.log(undefined);
        this.#opened += 1;
        return shell;
      } catch (error) {
        shell.close();
        if (!(error instanceof LostConnectionError) || this.clock.now() >= until) throw error;
      }
    }
  }

  async #openOnce(): Promise<Shell> {
    const { connection, clock } = this;
    const start = clock.now();
    const link = await connect(connection);
    try {
      const shell = await openShell(link, connection);
      trace({ host: hostName(connection), kind: "connect", commands: 0, steps: 0, ms: clock.now() - start });
      return shell;
    } catch (error) {
      link.close();
      throw error instanceof DialError ? connectionError(connection, error) : error;
    }
  }
}
