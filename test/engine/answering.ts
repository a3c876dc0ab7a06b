import { Answer, type Answers } from "../../provider/host/session/observation";
import type { Command, Result } from "../../provider/step";

/** A host that answers every command with this output, or with what the function gives. */
export function answering(output: string | ((command: Command) => Result)): Answers {
  const result = typeof output === "string" ? () => ({ code: 0, stdout: output, stderr: "" }) : output;
  return (command) => new Answer(result(command));
}
