import { HalfDoneError } from "../../../provider/engine/half-done";
import { Inventory } from "../../../provider/engine/inventory";
import { type Lifecycle, lifecycle } from "../../../provider/engine/lifecycle";
import { OwnedObjects } from "../../../provider/engine/ownership";
import { named, type Properties } from "../../../provider/engine/state";
import { UserError } from "../../../provider/errors";
import type { Job, Plan, Report, Session } from "../../../provider/host/session/job";
import { observationFor } from "../../../provider/host/session/observation";
import type { DefinedKind } from "../../../provider/kinds/runtime-kind";
import { describeCommand, describeStep, PUT_BACK, type Step } from "../../../provider/step";
import { A_MACHINE } from "../../engine/a-machine";
import { answering } from "../../engine/answering";
import type { FakeHost } from "../../fakes/fake-host";

/** What became of a change: the state that Pulumi keeps, or the words of a refusal, or of what the host has put back. */
export type Ended = { readonly state: Properties } | { readonly refused: string } | { readonly putBack: string };

/** The life of one resource of a kind on a fake host, as Pulumi leads it. */
export class Life {
  /** Of each pass that had something to do, its steps in words. */
  readonly passes: string[][] = [];
  readonly #kind: DefinedKind;
  readonly #host: FakeHost;
  #isPutBack = false;

  readonly #resource: string | undefined;

  /** @param resource its name, which states of 0.1.0 do not have. */
  constructor(kind: DefinedKind, host: FakeHost, resource?: string) {
    this.#kind = kind;
    this.#host = host;
    this.#resource = resource;
  }

  async inputs(args: object): Promise<Properties> {
    const host = { name: "host1", host: "192.0.2.1", user: "root" };
    const { inputs, failures } = await this.#run().check({ host: "" }, {
      host,
      ...args,
      ...named(this.#resource),
    } as Properties);
    if (failures.length > 0) throw new Error(failures.map(({ reason }) => reason).join("\n"));
    return inputs;
  }

  /** A create, or where there is a state an update. */
  async bring(inputs: Properties, state: Properties | undefined): Promise<Ended> {
    try {
      const life = this.#run();
      const { outs } = state === undefined ? await life.create(inputs) : await life.update("id", state, inputs);
      return { state: outs };
    } catch (error) {
      if (error instanceof UserError) return { refused: error.message };
      if (error instanceof HalfDoneError && this.#isPutBack) return { putBack: error.message };
      throw error;
    } finally {
      this.#isPutBack = false;
    }
  }

  /** Undefined: it is gone. */
  async refresh(state: Properties): Promise<Properties | undefined> {
    return (await this.#run().read("id", state)).props;
  }

  async differs(state: Properties, inputs: Properties): Promise<boolean> {
    return (await this.#run().diff("id", state, inputs)).changes !== false;
  }

  /** The words of a refusal. */
  async destroy(state: Properties): Promise<string | undefined> {
    try {
      await this.#run().delete("id", state);
      return undefined;
    } catch (error) {
      if (error instanceof UserError) return error.message;
      throw error;
    }
  }

  /** The steps of a change that was cut: those that the mask has. A step that fails ends it. */
  cut({ desired, subject }: { desired: object | undefined; subject: object }, mask: readonly boolean[]): void {
    const object = this.#kind.runtime.reconcilable({
      desired,
      subject,
      lastApplied: undefined,
      resource: this.#resource,
    });
    const values = observationFor({ subject: "cut" }, answering(this.#read));
    const steps = refusable(() => object.assess(values, "change").steps()) ?? [];
    for (const [index, step] of steps.entries()) {
      if (mask[index % mask.length] === true && this.#host.perform(step).code !== 0) return;
    }
  }

  readonly #read = (command: Parameters<FakeHost["read"]>[0]) => ({
    code: 0,
    stdout: this.#host.read(command),
    stderr: "",
  });

  /** Each operation is a run of its own. */
  #run(): Lifecycle {
    const session: Session = {
      name: "host1",
      reachedAt: () => Promise.resolve({ address: "192.0.2.1", port: 22 }),
      machine: () => Promise.resolve(A_MACHINE),
      submit: (job) => Promise.resolve().then(() => this.#submit(job)),
    };
    const context = { inventory: new Inventory(), session: () => session, owned: new OwnedObjects(), log: () => {} };
    return lifecycle(this.#kind, context);
  }

  #submit<P extends Plan>(job: Job<P>): Report<P> {
    const plan = () => job.plan(observationFor(job, answering(this.#read)));
    const before = plan();
    const steps = before.steps();
    if (steps.length === 0) return { before, after: before, done: [] };
    this.passes.push(steps.map(describeStep));
    const done = this.#take(steps);
    return { before, after: plan(), done };
  }

  #take(steps: readonly Step[]): Report["done"] {
    const done = [];
    for (const step of steps) {
      const result = this.#host.perform(step);
      done.push({ step, command: "command" in step ? describeCommand(step.command) : describeStep(step), result });
      if (result.code === PUT_BACK) this.#isPutBack = true;
      if (result.code !== 0) break;
    }
    return done;
  }
}

/** Undefined where a kind refuses. */
export function refusable<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}
