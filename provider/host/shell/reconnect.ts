import type { Connection } from "../../model/connection";
import type { Result } from "../../step";
import { connect, connectionError, nameOf } from "../ssh/connect";
import { DialError } from "../ssh/dial-error";
import type { Greeting } from "../ssh/login-shell";
import type { Script } from "./script";
import { LostConnectionError, openShell, type Shell } from "./shell";
import { trace } from "./trace";

type Results = readonly (Result | undefined)[];

/** The way to a host, made when it is needed and made again when it was lost. */
export interface Lifeline {
  readonly greeting: () => Promise<Greeting>;
  /** Changes nothing, so it is sent once more if the connection turns out to have died since it was last used. */
  readonly observe: (script: Script) => Promise<Results>;
  /** Sent once. */
  readonly apply: (script: Script, steps: number, commands: number) => Promise<Results>;
  readonly close: () => void;
}

/** Milliseconds for which a failure answers for all who ask: hundreds of refused logins would lock us out. */
export const FAILURE_AGE = 10_000;

export function lifeline(connection: Connection): Lifeline {
  const host = nameOf(connection);
  let current: Promise<Shell> | undefined;
  let failure: { readonly error: unknown; readonly at: number } | undefined;

  async function open(): Promise<Shell> {
    const start = Date.now();
    const link = await connect(connection);
    try {
      const shell = await openShell(link, connection);
      trace({ host, kind: "connect", commands: 0, steps: 0, ms: Date.now() - start });
      return shell;
    } catch (error) {
      link.close();
      throw error instanceof DialError ? connectionError(connection, error) : error;
    }
  }

  async function shell(): Promise<{ readonly shell: Shell; readonly used: boolean }> {
    const before = current;
    const old = await before?.catch(() => undefined);
    if (old?.isOpen() === true) return { shell: old, used: true };
    // Somebody else was faster to connect again.
    if (current !== before) return shell();
    if (failure !== undefined && Date.now() - failure.at < FAILURE_AGE) throw failure.error;
    const opening = open();
    current = opening;
    try {
      return { shell: await opening, used: false };
    } catch (error) {
      failure = { error, at: Date.now() };
      throw error;
    }
  }

  async function timed(
    kind: "observe" | "apply",
    script: Script,
    on: Shell,
    steps: number,
    commands: number,
  ): Promise<Results> {
    const start = Date.now();
    const results = await on.run(script);
    trace({ host, kind, commands, steps, ms: Date.now() - start });
    return results;
  }

  return {
    greeting: async () => (await shell()).shell.greeting,
    observe: async (script) => {
      const first = await shell();
      try {
        return await timed("observe", script, first.shell, 0, script.says.length);
      } catch (error) {
        if (!first.used || !(error instanceof LostConnectionError)) throw error;
        return timed("observe", script, (await shell()).shell, 0, script.says.length);
      }
    },
    apply: async (script, steps, commands) => timed("apply", script, (await shell()).shell, steps, commands),
    close: () => {
      void current?.then((open) => open.close()).catch(() => undefined);
      current = undefined;
      failure = undefined;
    },
  };
}
