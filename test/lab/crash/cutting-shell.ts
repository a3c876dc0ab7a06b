import type { Script } from "../../../provider/host/shell/script.ts";
import { LostConnectionError } from "../../../provider/host/shell/shell.ts";
import type { Connection } from "../../../provider/model/connection.ts";
import { hostName } from "../../../provider/model/host-name.ts";
import { KeptShell } from "../kept-shell.ts";

/** When the shell of a host dies: after so many entries of the scripts that change something, of which the lock is the first. */
export class Cut {
  #left: number | undefined;
  /** The entry after which it was cut, as a person would type it. */
  after: string | undefined;

  arm(entries: number): void {
    this.#left = entries;
    this.after = undefined;
  }

  disarm(): void {
    this.#left = undefined;
  }

  /** The script, which ends where it is told to. Undefined: it is not cut. An entry that is skipped counts, so that each number means one place. */
  into(script: Script, steps: number): Script | undefined {
    if (this.#left === undefined) return undefined;
    if (this.#left > steps) {
      this.#left -= steps + 1;
      return undefined;
    }
    const at = this.#left;
    this.after = script.summaries[at] ?? "";
    this.#left = undefined;
    return { ...script, text: (nonce) => dying(script, at, nonce) };
  }
}

/**
 * A subshell dies in place of the shell, and what it did not do is marked as skipped: another login would take most of the time of a trial.
 * The lock goes with it.
 */
function dying(script: Script, at: number, nonce: string): string {
  const cut = `{ mark() { said "$@"; [ "$1" != ${at} ] || exit 0; }\nsaid() { `;
  const skipped = script.summaries.slice(at).map((_, index) => `printf '\\n${nonce} ${at + index + 1} -\\n'`);
  return `(\n${script.text(nonce).replace("{ mark() { ", cut)})\nfor stream in 1 2; do { ${skipped.join("; ")}; } >&$stream; done\n`;
}

/** One login, over which sessions are opened as the provider does it, and whose shell dies when told. */
export function cuttingShell(connection: Connection, cut: Cut): KeptShell {
  return new KeptShell(connection, (shell) => ({
    ...shell,
    apply: async (script, steps, facts) => {
      const dead = cut.into(script, steps);
      const results = await shell.apply(dead ?? script, steps, facts);
      if (dead !== undefined) throw new LostConnectionError(`${hostName(connection)}: the shell died`);
      return results;
    },
  }));
}
