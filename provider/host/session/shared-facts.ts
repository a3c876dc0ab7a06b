import type { Command } from "../../step";
import { keyOf } from "./fact-cache";

interface Usage {
  readonly command: Command;
  readonly firstSubject: string;
  shared: boolean;
}

/** Facts that more than one resource reads. They are read again after each write, because the next batch will need them. */
export class SharedFacts {
  readonly #usages = new Map<string, Usage>();

  count(subject: string, commands: readonly Command[]): void {
    for (const command of commands) {
      const usage = this.#usages.get(keyOf(command));
      if (usage === undefined) this.#usages.set(keyOf(command), { command, firstSubject: subject, shared: false });
      else if (usage.firstSubject !== subject) usage.shared = true;
    }
  }

  commands(): readonly Command[] {
    return [...this.#usages.values()].filter(({ shared }) => shared).map(({ command }) => command);
  }
}
