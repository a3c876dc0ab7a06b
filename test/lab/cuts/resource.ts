import { isDeepStrictEqual } from "node:util";
import { Inventory } from "../../../provider/engine/inventory.ts";
import { type Lifecycle, lifecycle } from "../../../provider/engine/lifecycle.ts";
import { type OwnedObjects } from "../../../provider/engine/ownership.ts";
import type { Properties } from "../../../provider/engine/state.ts";
import type { Session } from "../../../provider/host/session/job.ts";
import type { DefinedKind } from "../../../provider/kinds/define-kind.ts";
import type { LabConnection } from "../../../tools/lab/host/host.ts";

/** What the resources of one run share. */
export interface Run {
  readonly session: Session;
  readonly owned: OwnedObjects;
}

/** One resource with its state, taken through runs as Pulumi's engine would: what has not changed is left alone. */
export class EngineResource {
  #state: { readonly id: string; readonly inputs: Properties; readonly outs: Properties } | undefined;
  /** Its create had an error, so the next run updates it whatever a diff says. */
  #isHalfDone = false;

  constructor(
    readonly name: string,
    private readonly kind: DefinedKind,
    private readonly connection: LabConnection & { readonly name: string },
  ) {}

  get exists(): boolean {
    return this.#state !== undefined;
  }

  async up(run: Run, args: object): Promise<void> {
    const life = this.#life(run);
    const resource = { __resource: `t/dev/${this.name}` };
    const news = { host: this.connection.name, ...args, ...resource };
    const { inputs, failures } = await life.check(this.#state?.inputs ?? {}, news);
    if (failures.length > 0) throw new Error(failures.map((one) => `${one.property} ${one.reason}`).join("\n"));
    const state = this.#state;
    if (state === undefined) await this.#keep(inputs, () => life.create(inputs));
    else {
      const { changes, replaces = [] } = await life.diff(state.id, state.outs, inputs);
      if (replaces.length > 0) throw new Error(`${this.name} would be replaced`);
      if (this.#isHalfDone || (changes ?? !isDeepStrictEqual(inputs, state.inputs))) {
        await this.#keep(inputs, async () => ({ id: state.id, ...(await life.update(state.id, state.outs, inputs)) }));
      }
    }
  }

  /** An error may come with what is known by then, and that goes to the state. */
  async #keep(inputs: Properties, work: () => Promise<{ id: string; outs: Properties }>): Promise<void> {
    try {
      this.#state = { ...(await work()), inputs };
      this.#isHalfDone = false;
    } catch (error) {
      const { id, properties: outs } = error as { id?: string; properties?: Properties };
      if (id !== undefined && outs !== undefined) {
        this.#state = { id, inputs, outs };
        this.#isHalfDone = true;
      }
      throw error;
    }
  }

  async refresh(run: Run): Promise<void> {
    if (this.#state === undefined) return;
    const { id, outs } = this.#state;
    const { props, inputs } = await this.#life(run).read(id, outs);
    this.#state = props === undefined ? undefined : { id, outs: props, inputs: { ...this.#state.inputs, ...inputs } };
    this.#isHalfDone = false;
  }

  async destroy(run: Run): Promise<void> {
    if (this.#state === undefined) return;
    await this.#life(run).delete(this.#state.id, this.#state.outs);
    this.#state = undefined;
    this.#isHalfDone = false;
  }

  #life({ session, owned }: Run): Lifecycle {
    const inventory = new Inventory();
    const { name, ...connection } = this.connection;
    inventory.configure(JSON.stringify({ [name]: connection }));
    return lifecycle(this.kind, { inventory, session: () => session, owned, log: () => undefined });
  }
}
