import { fileLines } from "../../provider/facts/files/lines";
import { fileText } from "../../provider/facts/files/text";
import type { AnyKind } from "../../provider/kinds/kind";
import { type Command, describeStep, type Step } from "../../provider/step";

/** A host made of files, for tests of kinds: it answers commands with text, so that the parsers are part of the test. */
export abstract class FakeHost {
  readonly files = new Map<string, string>();
  readonly directories = new Set<string>(["/", "/etc", "/srv"]);

  /** The text that a command of the kind answers with. */
  abstract ask(command: Command): string | undefined;
  /** Does what a command of the kind does. */
  abstract run(command: Command): void;

  /** One pass of a reconcile: what was done to the host, in words. */
  pass(kind: AnyKind, goal: object | undefined, about: object | undefined = goal, known?: object): string[] {
    if (about === undefined) throw new Error("about whom?");
    const planned = (seen: unknown) => kind.plan(goal, kind.observe(seen, about, known)) as readonly unknown[];
    const done = this.#take(kind, about, planned(this.#seen(kind, about)));
    if (goal !== undefined || kind.cleanup === undefined) return done;
    return [...done, ...this.#take(kind, about, kind.cleanup(this.#seen(kind, about), about))];
  }

  find(kind: AnyKind, about: object, known?: object): object | undefined {
    return kind.observe(this.#seen(kind, about), about, known) as object | undefined;
  }

  #take(kind: AnyKind, about: object, changes: readonly unknown[]): string[] {
    const seen = this.#seen(kind, about);
    const steps = changes.flatMap((change): readonly Step[] => kind.render(change, seen));
    return steps.flatMap((step) => (this.#step(step) ? [describeStep(step)] : []));
  }

  /** An edit that changes nothing is not told to a host. */
  #step(step: Step): boolean {
    if ("rule" in step) throw new Error("no kind of this host has rules");
    if (!("file" in step)) {
      this.run(step.command);
      return true;
    }
    const old = this.files.get(step.file);
    const text = step.edit(old);
    if (text === undefined) this.files.delete(step.file);
    else this.files.set(step.file, text);
    return text !== old;
  }

  #seen(kind: AnyKind, about: object): unknown {
    const facts = Object.entries(kind.facts(about)) as [
      string,
      { command: Command; parse: (text: string) => unknown },
    ][];
    return Object.fromEntries(facts.map(([name, fact]) => [name, fact.parse(this.#answer(fact.command))]));
  }

  #answer(command: Command): string {
    const answer = this.ask(command) ?? this.#file(command);
    if (answer === undefined) throw new Error(`this host has no answer to ${JSON.stringify(command)}`);
    return answer;
  }

  #file(command: Command): string | undefined {
    if (!("sh" in command)) return undefined;
    const args = command.args ?? [];
    if (command.sh === shellOf(fileText("").command)) {
      const text = this.files.get(args[0] ?? "");
      return text === undefined ? "none\n" : `file\n${text}`;
    }
    if (command.sh !== shellOf(fileLines().command)) return undefined;
    const folders = args.map(
      (pattern) => new RegExp(`^${pattern.replaceAll(".", "\\.").replaceAll("*", "[^/.][^/]*")}$`),
    );
    return folders
      .flatMap((pattern) => [...this.files.keys()].filter((path) => pattern.test(path)).sort())
      .flatMap((path) => [
        `file\t${path}`,
        ...(this.files.get(path) ?? "")
          .replace(/\n$/, "")
          .split("\n")
          .map((line, index) => `${index + 1}\t${path}\t${line}`),
      ])
      .map((line) => `${line}\n`)
      .join("");
  }
}

export function shellOf(command: Command): string {
  return "sh" in command ? command.sh : "";
}

/** What is wrong with a user's record: `property: reason`, a line for each. */
export function refusals(kind: AnyKind, written: object): string[] {
  const read = kind.schema.safeParse(written);
  return read.success ? [] : read.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
}
