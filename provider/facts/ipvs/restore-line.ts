import type { Names } from "./names";
import { readWords } from "./popt";
import type { RestoreLine } from "./restore-effect";
import { RestoreRule, Stop } from "./restore-rule";
import { ruleTarget } from "./rule-target";

/** Reads a line as ipvsadm 1.31 does: words are split at blanks, tabs and carriage returns alone, and there are no quotes. */
export function readRestoreLine(text: string, names: Names): RestoreLine {
  const words = text.split(/[ \t\r\n]+/).filter((word) => word !== "" && word !== "ipvsadm");
  if (words.length === 0) return { does: "nothing" };
  const { options, others, error } = readWords(words);
  const [command, ...more] = options;
  if (command === undefined) return { does: "stop", problem: error?.text ?? `"${words[0]}" is no command` };
  try {
    const rule = new RestoreRule(command, names);
    for (const option of more) rule.take(option);
    if (error?.unsure === true)
      return { does: "unsure", problem: error.text, targets: [ruleTarget(text) ?? []].flat() };
    if (error !== undefined) return { does: "skip", problem: error.text };
    return rule.finish(others);
  } catch (problem) {
    if (problem instanceof Stop) return { does: "stop", problem: problem.message };
    throw problem;
  }
}
