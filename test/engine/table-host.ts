import { formatFile } from "../../provider/file-step";
import type { Job, Plan, Report, Session } from "../../provider/host/session/job";
import { type Answers, observationFor } from "../../provider/host/session/observation";
import { strays } from "../../provider/kinds/strays";
import type { Machine } from "../../provider/model/machine";
import { type Command, describeStep, type FileStep, type Result, type Step } from "../../provider/step";
import { A_MACHINE } from "./a-machine";
import { answering } from "./answering";

/** A host whose kernel is a table of names and numbers. Refuses what a kernel refuses: adding twice, deleting what is not there. */
export class TableHost implements Session {
  readonly name = "director1";
  readonly table: Map<string, number>;
  /** Every step it was told, in order, as text. */
  readonly told: string[] = [];
  readonly files = new Map<string, string>();
  looks = 0;
  /** Of each job, whether none of its steps may be merged with those of others. */
  readonly isolated: boolean[] = [];
  /** Accepts a change of these names and does not make it, as something that undoes it at once would. */
  stubborn = new Set<string>();
  /** So many times somebody else is quicker with a file. */
  overtaken = 0;
  /** What others do after each of the next changes, before it is verified. */
  meanwhile: (() => void)[] = [];
  /** What is submitted at the same time is one batch. */
  isBatching = false;
  address = { address: "192.0.2.1", port: 22 };

  seenMachine: Machine = A_MACHINE;

  constructor(entries: Record<string, number> = {}) {
    this.table = new Map(Object.entries(entries));
  }

  reachedAt() {
    return Promise.resolve(this.address);
  }

  machine() {
    return Promise.resolve(this.seenMachine);
  }

  async submit<P extends Plan>(job: Job<P>): Promise<Report<P>> {
    this.looks++;
    this.isolated.push(job.isolated === true);
    const before = job.plan(observationFor(job, this.#look()));
    const steps = before.steps();
    // All that are submitted at the same time are planned by the same facts.
    if (this.isBatching) await new Promise(setImmediate);
    const done = steps.map((step) => {
      this.told.push(describeStep(step));
      return { step, command: describeStep(step), result: this.#take(step) };
    });
    this.meanwhile.shift()?.();
    if (this.isBatching) await new Promise(setImmediate);
    const after = steps.length === 0 ? before : job.plan(observationFor(job, this.#look()));
    return { before, after, done };
  }

  #look(): Answers {
    const stdout = [...this.table].map(([name, size]) => `${name} ${size}\n`).join("");
    return answering((command) => {
      if (command === strays.command) return { code: 0, stdout: "", stderr: "" };
      const [path = ""] = "sh" in command ? (command.args ?? []) : [];
      if (path !== "") return { code: 0, stdout: formatFile(this.files.get(path)), stderr: "" };
      return answer(command, stdout);
    });
  }

  #edit({ file, edit }: FileStep): Result {
    const text = edit(this.files.get(file));
    if (text === undefined) this.files.delete(file);
    else this.files.set(file, text);
    return { code: 0, stdout: "", stderr: "" };
  }

  #take(step: Step): Result {
    if (this.overtaken > 0) {
      this.overtaken--;
      return { code: 75, stdout: "", stderr: "/etc/things was changed by somebody else meanwhile" };
    }
    if ("file" in step) return this.#edit(step);
    if (!("rule" in step)) return { code: 2, stdout: "", stderr: "not a rule" };
    const [verb, name = "", size] = step.rule;
    if (verb === "add" && this.table.has(name)) return { code: 255, stdout: "", stderr: "already exists" };
    if (verb !== "add" && !this.table.has(name)) return { code: 255, stdout: "", stderr: "no such thing" };
    if (this.stubborn.has(name)) return { code: 0, stdout: "", stderr: "" };
    if (verb === "delete") this.table.delete(name);
    else this.table.set(name, Number(size));
    return { code: 0, stdout: "", stderr: "" };
  }
}

function answer(command: Command, stdout: string): Result {
  if ("run" in command && command.run[0] === "table") return { code: 0, stdout, stderr: "" };
  if ("run" in command && command.run[0] === "no") return { code: 0, stdout: "no\n", stderr: "" };
  return { code: 127, stdout: "", stderr: "command not found" };
}
