import type { ConnectionInput } from "../../../provider/model/connection.ts";
import { lineDifferences } from "../../../tools/lab/host/snapshot.ts";
import type { LabHost } from "../../../tools/lab/index.ts";
import { LOOK, readLook } from "./look.ts";
import type { Cut, CuttingRelay, Passed } from "./relay.ts";
import { StackInState } from "./run.ts";
import { STACKS, type StackName } from "./stacks.ts";
import { describeTrial, OPERATIONS, type Operation, type Trial, type Variant } from "./trials.ts";

type Look = readonly string[];
type Looks = ReadonlyMap<Variant | undefined, Look>;

/** Of an uninterrupted operation. */
interface Usual {
  readonly passed: Passed;
  readonly milliseconds: number;
}

/** Cuts the connection of runs on one host, goes on, and looks whether that ends as if nothing had been cut. */
export class CutSweep {
  readonly failures: string[] = [];
  /** How many of each kind of cut were made. */
  readonly made = new Map<string, number>();
  readonly #host: LabHost;
  readonly #relay: CuttingRelay;
  readonly #stacks = new Map<StackName, StackInState>();
  readonly #looks = new Map<StackName, Looks>();
  readonly #usual = new Map<string, Usual>();
  #current: { stack: StackName; variant: Variant | undefined } | undefined;
  readonly #log: (line: string) => void;

  constructor(host: LabHost, relay: CuttingRelay, log: (line: string) => void) {
    this.#host = host;
    this.#relay = relay;
    this.#log = log;
  }

  /** Trials of one stack that begin where another has ended follow it. */
  async try(trials: readonly Trial[]): Promise<void> {
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

  /** A stack with these arguments. Only a new one is the same whatever was before. */
  async #bring(stack: StackName, variant: Variant | undefined): Promise<void> {
    if (this.#current?.stack !== stack) await this.#leave();
    await this.#learn(stack);
    if (this.#current?.variant === variant) return;
    await this.#leave();
    if (variant !== undefined) await this.#uncut(stack, variant);
  }

  /** Destroys what is there. */
  async #leave(): Promise<void> {
    if (this.#current?.variant !== undefined) await this.#uncut(this.#current.stack, undefined);
  }

  async #trial(trial: Trial): Promise<void> {
    const { stack, operation, continuation } = trial;
    await this.#bring(stack, OPERATIONS[operation].from);
    const usual = this.#usual.get(`${stack} ${operation}`) ?? { passed: [], milliseconds: 0 };
    const cut = trial.cut(usual.passed, usual.milliseconds);
    const name = describeTrial(trial, cut);
    const start = performance.now();
    const { failed, count } = await this.#interrupt(trial, cut);
    const seconds = (performance.now() - start) / 1000;
    const problem = await this.#goOn(trial);
    this.#current = { stack, variant: continuation.up };
    const total = (performance.now() - start) / 1000;
    const outcome = `${count === 0 ? "not cut, " : ""}${failed.length} failed, ${seconds.toFixed(1)} s of ${total.toFixed(1)} s`;
    this.#log(`${problem === undefined ? "ok" : "FAILED"} ${name} (${outcome})`);
    if (seconds > LIMIT) this.failures.push(`${name}: the run ended after ${seconds} s`);
    if (problem === undefined) return;
    this.#log(problem);
    const said = failed.map((error) => `  it said: ${String(error).split("\n").slice(0, 3).join(" ")}`);
    this.failures.push([name, problem, ...said].join("\n"));
    await this.#cleanUp(stack);
  }

  /** Runs the operation, and cuts it. What failed, and how many cuts were made: it may have ended before. */
  async #interrupt({ stack, operation, isKilled }: Trial, cut: Cut): Promise<Interrupted> {
    const killed: Promise<unknown>[] = [];
    let count = 0;
    this.#relay.arm(cut, () => {
      count += 1;
      if (isKilled) killed.push(this.#host.sh(KILL, { check: false }));
    });
    const failed = await this.#stack(stack).run({ refresh: false, up: OPERATIONS[operation].to }, this.#reach(CUT));
    this.#relay.mend();
    await Promise.all(killed);
    const what = `${operation} ${cut.manner}${isKilled ? " and killed" : ""}`;
    this.made.set(what, (this.made.get(what) ?? 0) + count);
    return { failed, count };
  }

  /** What is wrong after the continuation. */
  async #goOn({ stack, continuation }: Trial): Promise<string | undefined> {
    const failed = await this.#stack(stack).run(continuation, this.#reach(USUAL));
    this.#relay.drop();
    if (failed.length > 0) return `the continuation failed: ${failed.map(String).join("\n")}`;
    if (continuation.up === undefined && !this.#stack(stack).isEmpty) return "a destroyed resource is in the state";
    return this.#compare(stack, continuation.up);
  }

  async #compare(stack: StackName, variant: Variant | undefined): Promise<string | undefined> {
    const lines = lineDifferences(this.#looks.get(stack)?.get(variant) ?? [], await this.#look());
    return lines.length === 0 ? undefined : lines.join("\n");
  }

  /** An uninterrupted life, which tells what is right and how much is sent. */
  async #learn(stack: StackName): Promise<void> {
    if (this.#looks.has(stack)) return;
    const looks = new Map<Variant | undefined, Look>([[undefined, await this.#look()]]);
    for (const [operation, { to }] of Object.entries(OPERATIONS)) {
      const start = performance.now();
      this.#relay.passed = [];
      await this.#uncut(stack, to);
      const usual = { passed: this.#relay.passed, milliseconds: performance.now() - start };
      this.#usual.set(`${stack} ${operation as Operation}`, usual);
      looks.set(to, looks.get(to) ?? (await this.#look()));
    }
    this.#looks.set(stack, looks);
    const problem = await this.#compare(stack, undefined);
    if (problem !== undefined) throw new Error(`${stack}: an uninterrupted life leaves something\n${problem}`);
  }

  async #uncut(stack: StackName, up: Variant | undefined): Promise<void> {
    const failed = await this.#stack(stack).run({ refresh: false, up }, this.#reach(USUAL));
    if (failed.length > 0) throw new Error(`${stack}: an uninterrupted run failed\n${failed.map(String).join("\n")}`);
    this.#current = { stack, variant: up };
  }

  /** A trial that failed shall not be the failure of the next one. */
  async #cleanUp(stack: StackName): Promise<void> {
    for (const up of [undefined, "args", undefined] as const)
      await this.#stack(stack).run({ refresh: true, up }, this.#reach(USUAL));
    this.#current = { stack, variant: undefined };
    const problem = await this.#compare(stack, undefined);
    if (problem !== undefined)
      throw new Error(`${this.failures.join("\n\n")}\n\nwhich is not to be cleaned up:\n${problem}`);
  }

  #stack(name: StackName): StackInState {
    const host = { ...this.#host.connection, name: this.#host.name, port: this.#relay.port };
    const stack = this.#stacks.get(name) ?? new StackInState(STACKS[name], host);
    this.#stacks.set(name, stack);
    return stack;
  }

  #reach(limits: ConnectionInput | object): ConnectionInput {
    return { ...this.#host.connection, name: this.#host.name, port: this.#relay.port, ...limits };
  }

  #look = async (): Promise<Look> => readLook(await this.#host.text(LOOK));
}

interface Interrupted {
  readonly failed: readonly unknown[];
  readonly count: number;
}

/** What bounds a silence. */
const CUT = { deadline: 2, perDialTimeout: 2, dialErrorLimit: 1 };
const USUAL = { deadline: 60, perDialTimeout: 15, dialErrorLimit: 10 };

/** Seconds: a keepalive ends a connection on which nothing is heard; a host that may be cut off is waited for. */
const LIMIT = 120;

/** Ends all processes of the sessions that we have opened. */
const KILL = `for pid in $(pgrep -f '[t]ee /dev/null; } 3>&1'); do
  pkill -KILL -s "$(ps -o sid= -p "$pid" | tr -d ' ')"
done`;
