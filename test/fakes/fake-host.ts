import type { Facts } from "../../provider/facts/fact";
import { matchesPath } from "../../provider/facts/files/glob";
import { fileLines } from "../../provider/facts/files/lines";
import { fileText } from "../../provider/facts/files/text";
import { formatRulesOutput, type Names, NO_NAMES, readRules } from "../../provider/facts/ipvs/names";
import { formatFile } from "../../provider/file-step";
import type { Kind } from "../../provider/kinds/kind";
import type { DefinedKind } from "../../provider/kinds/runtime-kind";
import { strays, sweep } from "../../provider/kinds/strays";
import { type Command, describeStep, type Result, type Step } from "../../provider/step";
import type { ContractHost } from "./contracts/contract";

/** What a command of a fake fails with: the exit code and the words of the real one. */
export class CommandFailure extends Error {
  readonly code: number;

  constructor(code: number, stderr: string) {
    super(stderr);
    this.code = code;
  }
}

/** A host made of files, for tests of kinds: it answers commands with text, so that the parsers are part of the test. */
export abstract class FakeHost implements ContractHost {
  readonly files = new Map<string, string>();
  /** What the resolver of the host knows. */
  resolver: Names = NO_NAMES;
  readonly directories = new Set<string>(["/", "/etc", "/srv"]);

  /** The output of a fact's command; undefined for one that this host does not know. Files are answered here already. */
  abstract answer(command: Command): string | undefined;
  /** Does what a step's command does. Throws a CommandFailure where the command fails. */
  abstract execute(command: Command): void;

  /** Takes one rule of `ipvsadm --restore`. */
  applyRule(words: readonly string[]): void {
    throw new Error(`this host is no director: ipvsadm ${words.join(" ")}`);
  }

  /** One pass of a reconcile: what was done to the host, in words. `subject` is whom it concerns when nothing is desired. */
  pass<Want extends object, Have extends object, Seen, Change>(
    kind: Kind<Want, Have, Seen, Change>,
    desired: Want | undefined,
    subject: Want | undefined = desired,
    known?: Have,
  ): string[] {
    if (subject === undefined) throw new Error("a pass that removes an object needs its subject");
    const observe = desired === undefined ? (kind.observeOwn ?? kind.observe) : kind.observe;
    const have = observe(this.readFacts(kind.facts(subject)), subject, known);
    const done = this.#apply(kind, subject, kind.plan(desired, have));
    if (desired !== undefined || kind.cleanup === undefined) return done;
    return [...done, ...this.#apply(kind, subject, kind.cleanup(this.readFacts(kind.facts(subject)), subject))];
  }

  observe<Want extends object, Have extends object, Seen, Change>(
    kind: Kind<Want, Have, Seen, Change>,
    subject: Want,
    known?: Have,
  ): Have | undefined {
    return kind.observe(this.readFacts(kind.facts(subject)), subject, known);
  }

  /** Facts, read from the text that the host answers with. */
  readFacts<Seen>(facts: Facts<Seen>): Seen {
    const seen: Partial<Seen> = {};
    for (const name in facts) seen[name] = facts[name].parse(this.read(facts[name].command));
    return seen as Seen;
  }

  /** Takes steps in order; the first that fails ends them. Returns them in words, without edits that change nothing. */
  take(steps: readonly Step[]): string[] {
    return steps.filter((step) => this.applyStep(step)).map(describeStep);
  }

  perform(step: Step): Result {
    try {
      this.applyStep(step);
      return { code: 0, stdout: "", stderr: "" };
    } catch (error) {
      if (!(error instanceof CommandFailure)) throw error;
      return { code: error.code, stdout: "", stderr: error.message };
    }
  }

  read(command: Command): string {
    const answer = this.answer(command) ?? this.#file(command);
    if (answer === undefined) throw new Error(`this host has no answer to ${JSON.stringify(command)}`);
    return answer;
  }

  #apply<Want extends object, Have extends object, Seen, Change>(
    kind: Kind<Want, Have, Seen, Change>,
    subject: Want,
    changes: readonly Change[],
  ): string[] {
    const seen = this.readFacts(kind.facts(subject));
    return this.take(changes.flatMap((change) => kind.render(change, seen)));
  }

  /** Whether the step changed the host: an edit may leave a file as it is. */
  protected applyStep(step: Step): boolean {
    if ("file" in step) return this.#edit(step.file, step.edit(this.files.get(step.file)));
    if ("rule" in step) this.applyRule(step.rule);
    else if (step === sweep) for (const path of this.#strays()) this.files.delete(path);
    else this.execute(step.command);
    return true;
  }

  #strays(): readonly string[] {
    return [...this.files.keys()].filter((path) => path.includes("/.pulumi-lvs."));
  }

  #edit(file: string, text: string | undefined): boolean {
    if (text === this.files.get(file)) return false;
    if (text === undefined) this.files.delete(file);
    else this.files.set(file, text);
    return true;
  }

  #file(command: Command): string | undefined {
    const args = argsOf(command);
    if (shellOf(command) === shellOf(strays.command))
      return this.#strays()
        .map((path) => `${path}\n`)
        .join("");
    if (shellOf(command) === shellOf(fileText("").command)) return formatFile(this.files.get(args[0] ?? ""));
    if (shellOf(command) === shellOf(readRules("")))
      return formatRulesOutput(this.files.get(args[0] ?? ""), this.resolver);
    return shellOf(command) === shellOf(fileLines().command) ? this.#lines(args) : undefined;
  }

  #lines(patterns: readonly string[]): string {
    const paths = patterns.flatMap((pattern) =>
      [...this.files.keys()].filter((path) => matchesPath(pattern, path) === true).sort(),
    );
    const numbered = (path: string) =>
      (this.files.get(path) ?? "")
        .replace(/\n$/, "")
        .split("\n")
        .map((line, index) => `${index + 1}\t${path}\t${line}`);
    return paths
      .flatMap((path) => [`file\t${path}`, ...numbered(path)])
      .map((line) => `${line}\n`)
      .join("");
  }
}

/** The shell text of a command, by which a fake knows a fact. */
export function shellOf(command: Command): string {
  return "sh" in command ? command.sh : "";
}

export function argsOf(command: Command): readonly string[] {
  return "sh" in command ? (command.args ?? []) : [];
}

/** What is wrong with a user's record: `property: reason`, a line for each. */
export function refusals(kind: DefinedKind, written: object): string[] {
  const read = kind.runtime.parse(written);
  return read.success ? [] : read.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
}
