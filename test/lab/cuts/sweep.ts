import type { Session } from "../../../provider/host/session/job.ts";
import { lineDifferences } from "../../../tools/lab/host/snapshot.ts";
import { Counts } from "../../support/counts.ts";
import { LOOK, readLook } from "../look.ts";
import { type Interruption, sortOfInterruption, type Usual } from "./interruption.ts";
import { StackInState } from "./run.ts";
import type { Run, Site } from "./site.ts";
import { STACKS, type StackName } from "./stacks.ts";
import { describeAll, OPERATIONS, type Operation, type Order, type Trial, type Variant } from "./trials.ts";

type Look = readonly string[];

/** Interrupts runs on one host, goes on, and looks whether that ends as if nothing had happened. */
export class CutSweep {
  readonly failures: string[] = [];
  /** Interruptions that were made, by what they were and of which operation, and trials that differed. */
  readonly counts = new Counts();
  /** Interruptions that were made. */
  made = 0;
  readonly #site: Site;
  readonly #stacks = new Map<StackName, StackInState>();
  /** Of each stack, with the arguments that it has. */
  readonly #looks = new Map<StackName, ReadonlyMap<Variant, Look>>();
  /** Without any stack. */
  #clean: Look = [];
  readonly #usual = new Map<string, Usual>();
  #current: { readonly stack: StackName; readonly variant: Variant | undefined } | undefined;
  readonly #log: (line: string) => void;

  constructor(site: Site, log: (line: string) => void) {
    this.#site = site;
    this.#log = log;
  }

  /** Trials of one stack that begin where another has ended follow it. */
  async try(trials: readonly Trial[]): Promise<void> {
    if (this.#clean.length === 0) this.#clean = await this.#look();
    const left = [...trials].sort((one, other) => (one.stack < other.stack ? -1 : one.stack > other.stack ? 1 : 0));
    while (left.length > 0) {
      const { stack, variant } = this.#current ?? { stack: undefined, variant: undefined };
      const here = left.filter((trial) => trial.stack === stack);
      const next = here.find(({ operation }) => OPERATIONS[operation].from === variant) ?? here[0] ?? left[0];
      if (next === undefined) return;
      left.splice(left.indexOf(next), 1);
      await this.#trial(next);
    }
    await this.#leave();
  }

  /** A stack with these arguments. */
  async #bring(stack: StackName, variant: Variant | undefined): Promise<void> {
    if (this.#current?.stack !== stack) await this.#leave();
    await this.#learn(stack);
    const current = this.#current?.variant;
    if (current === variant) return;
    // What a program updates was once created by it.
    if (current === undefined && variant === "after") await this.#uncut(stack, "args");
    await this.#uncut(stack, variant);
  }

  /** Destroys what is there. */
  async #leave(): Promise<void> {
    if (this.#current?.variant !== undefined) await this.#uncut(this.#current.stack, undefined);
  }

  async #trial(trial: Trial): Promise<void> {
    const { stack, operation, continuation, first, second } = trial;
    await this.#bring(stack, OPERATIONS[operation].from);
    const start = performance.now();
    const made: Interruption[] = [];
    const said: string[] = [];
    const interrupt = async (order: Order, by: (usual: Usual) => Interruption, like: Operation) => {
      const one = by(this.#usual.get(`${stack} ${like}`) ?? { passed: [], milliseconds: 0 });
      const run = await this.#site.interrupt(one, (session) => this.#stack(stack).run(order, session));
      made.push(one);
      this.made += run.isMade ? 1 : 0;
      this.counts.add(sortOfInterruption(one), made.length === 1 ? operation : "continuation", run.isMade ? 1 : 0);
      said.push(outcomeOf(run));
      this.failures.push(...run.problems.map((problem) => `${describeAll(trial, made)}: ${problem}`));
      return run;
    };
    await interrupt({ refresh: false, up: OPERATIONS[operation].to }, first, operation);
    if (second !== undefined)
      await interrupt(continuation, second, continuation.up === undefined ? "destroy" : "create");
    const problem = await this.#goOn(trial);
    this.#current = { stack, variant: continuation.up };
    const seconds = (performance.now() - start) / 1000;
    const name = describeAll(trial, made);
    this.#log(`${problem === undefined ? "ok" : "FAILED"} ${name} (${said.join("; ")}; ${seconds.toFixed(1)} s)`);
    if (problem === undefined) return;
    this.#log(problem);
    this.failures.push([name, problem, ...said].join("\n"));
    for (const one of made.slice(-1)) this.counts.add(sortOfInterruption(one), "differed");
    await this.#cleanUp(stack);
  }

  /** What is wrong after the continuation. */
  async #goOn({ stack, continuation }: Trial): Promise<string | undefined> {
    const failed = await this.#stack(stack).run(continuation, this.#site.session());
    if (failed.length > 0) return `the continuation failed: ${failed.map(String).join("\n")}`;
    if (continuation.up === undefined && !this.#stack(stack).isEmpty) return "a destroyed resource is in the state";
    return this.#compare(stack, continuation.up);
  }

  async #compare(stack: StackName, variant: Variant | undefined): Promise<string | undefined> {
    const want = variant === undefined ? this.#clean : (this.#looks.get(stack)?.get(variant) ?? []);
    const lines = lineDifferences(want, await this.#look());
    return lines.length === 0 ? undefined : lines.join("\n");
  }

  /** An uninterrupted life, which tells what is right and how much is sent. */
  async #learn(stack: StackName): Promise<void> {
    if (this.#looks.has(stack)) return;
    const looks = new Map<Variant, Look>();
    const works = LEARNT.map(([operation]) => async (session: Session) => {
      const { to } = OPERATIONS[operation];
      if (this.#current?.variant !== undefined) looks.set(this.#current.variant, await this.#look());
      await this.#uncut(stack, to, session);
    });
    for (const [at, usual] of (await this.#site.watch(works)).entries())
      for (const like of LEARNT[at]?.[1] ?? []) this.#usual.set(`${stack} ${like}`, usual);
    this.#looks.set(stack, looks);
    const problem = await this.#compare(stack, undefined);
    if (problem !== undefined) throw new Error(`${stack}: an uninterrupted life leaves something\n${problem}`);
  }

  async #uncut(stack: StackName, up: Variant | undefined, session: Session = this.#site.session()): Promise<void> {
    const failed = await this.#stack(stack).run({ refresh: false, up }, session);
    if (failed.length > 0) throw new Error(`${stack}: an uninterrupted run failed\n${failed.map(String).join("\n")}`);
    this.#current = { stack, variant: up };
  }

  /** A trial that failed shall not be the failure of the next one. */
  async #cleanUp(stack: StackName): Promise<void> {
    for (const up of [undefined, "args", undefined] as const)
      await this.#stack(stack).run({ refresh: true, up }, this.#site.session());
    this.#current = { stack, variant: undefined };
    const problem = await this.#compare(stack, undefined);
    if (problem !== undefined)
      throw new Error(`${this.failures.join("\n\n")}\n\nwhich is not to be cleaned up:\n${problem}`);
  }

  #stack(name: StackName): StackInState {
    const stack = this.#stacks.get(name) ?? new StackInState(STACKS[name], this.#site.connection);
    this.#stacks.set(name, stack);
    return stack;
  }

  #look = async (): Promise<Look> => readLook(await this.#site.sh(LOOK));
}

/** Uninterrupted operations, and those that are like them. */
const LEARNT = [
  ["create", ["create"]],
  ["update", ["update", "update back"]],
  ["destroy", ["destroy", "destroy of the updated"]],
] as const satisfies readonly (readonly [Operation, readonly Operation[]])[];

function outcomeOf({ isMade, failed, seconds }: Run): string {
  const words = failed.map((error) => String(error).split("\n").slice(0, 3).join(" "));
  const outcome = failed.length === 0 ? "went on" : `said ${words[0]?.slice(0, 200) ?? ""}`;
  return `${isMade ? "" : "had ended, "}${outcome} in ${seconds.toFixed(1)} s`;
}
