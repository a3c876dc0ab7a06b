import type { Command } from "../../step";
import { keyOf } from "./fact-cache";

/** Which questions several resources ask: their answers are fetched again after a write, because others will want them. */
export interface Popularity {
  readonly count: (subject: string, commands: readonly Command[]) => void;
  readonly popular: () => readonly Command[];
}

export function popularity(): Popularity {
  const asked = new Map<string, { readonly command: Command; readonly by: string; shared: boolean }>();
  return {
    count: (subject, commands) => {
      for (const command of commands) {
        const before = asked.get(keyOf(command));
        if (before === undefined) asked.set(keyOf(command), { command, by: subject, shared: false });
        else if (before.by !== subject) before.shared = true;
      }
    },
    popular: () => [...asked.values()].filter(({ shared }) => shared).map(({ command }) => command),
  };
}
