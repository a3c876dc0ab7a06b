import { BugError, CommandError, UnreadableOutputError, UserError } from "../../errors";
import type { Fact } from "../../facts/fact";
import { type Command, describeCommand, type Result } from "../../step";
import type { Job, Observation } from "./job";

/** One answer of a host. Each parser runs on it once, however many jobs read it. */
export class Answer {
  readonly #values = new Map<unknown, unknown>();

  constructor(
    readonly result: Result,
    /** Whether we wrote it, and have not read it. */
    readonly isWritten = false,
  ) {}

  value<T>(parse: (output: string) => T): T {
    if (!this.#values.has(parse)) this.#values.set(parse, parse(this.result.stdout));
    return this.#values.get(parse) as T;
  }
}

/** Answers that some host of this process still has, by command. */
const kept = new Map<string, readonly WeakRef<Answer>[]>();

/** Of one command: more sorts of hosts than a stack has. */
const MOST_KEPT = 16;

/**
 * The answer to the command of this key. Hosts of one release say the same to most commands, word for word, and 30 kB to some: for all of them there is one
 * text, parsed once.
 */
export function answerOf(key: string, result: Result): Answer {
  const answers = (kept.get(key) ?? []).filter((one) => one.deref() !== undefined);
  const same = answers.map((one) => one.deref()).find((one) => one !== undefined && isSame(one.result, result));
  const answer = same ?? new Answer(result);
  if (same === undefined) kept.set(key, [new WeakRef(answer), ...answers].slice(0, MOST_KEPT));
  return answer;
}

function isSame(one: Result, other: Result): boolean {
  return one.code === other.code && one.stdout === other.stdout && one.stderr === other.stderr;
}

/** Answers by command; undefined for one that was not sent. */
export type Answers = (command: Command) => Answer | undefined;

export function observationFor(
  { subject, advice = [] }: Pick<Job, "subject" | "advice">,
  answers: Answers,
): Observation {
  const answerTo = (command: Command): Answer => {
    const answer = answers(command);
    if (answer === undefined) throw new BugError(`no answer was read for ${describeCommand(command)}`);
    return answer;
  };
  const get = <T>({ command, parse, advice: own = [] }: Fact<T>): T => {
    const answer = answerTo(command);
    const { result } = answer;
    if (result.code !== 0) throw new CommandError(subject, describeCommand(command), result, [...own, ...advice]);
    try {
      return answer.value(parse);
    } catch (cause) {
      throw cause instanceof UserError ? cause : new UnreadableOutputError(subject, command, cause);
    }
  };
  return { answer: (command) => answerTo(command).result, get };
}
