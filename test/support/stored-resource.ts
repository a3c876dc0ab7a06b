import { isDeepStrictEqual } from "node:util";
import type { Lifecycle } from "../../provider/engine/lifecycle.ts";
import type { Properties } from "../../provider/engine/state.ts";

interface Stored {
  readonly id: string;
  readonly inputs: Properties;
  readonly outs: Properties;
}

/** One resource as Pulumi's engine has it in its state. Each operation is of one run, which has a life of its own. */
export class StoredResource {
  #state: Stored | undefined;
  /** What the last create or update left is known from its error: the next run updates it, whatever a diff says. */
  #isHalfDone = false;
  /** What both were before the last create or update. */
  #before: { readonly state: Stored | undefined; readonly isHalfDone: boolean } = {
    state: undefined,
    isHalfDone: false,
  };

  get state(): Stored | undefined {
    return this.#state;
  }

  /** Checks the arguments, and creates or updates. */
  async up(life: Lifecycle, news: Properties): Promise<Stored> {
    const inputs = await this.check(life, news);
    const state = this.#state;
    if (state === undefined) return this.#keep(inputs, () => life.create(inputs));
    return this.#keep(inputs, async () => ({ id: state.id, ...(await life.update(state.id, state.outs, inputs)) }));
  }

  /** As `pulumi up` does: what a diff calls unchanged it leaves alone, unless the last run ended halfway. */
  async plainUp(life: Lifecycle, news: Properties): Promise<Stored> {
    if (this.#state === undefined || this.#isHalfDone) return this.up(life, news);
    const inputs = await this.check(life, news);
    const { changes, replaces = [] } = await life.diff(this.#state.id, this.#state.outs, inputs);
    if (replaces.length > 0) throw new Error(`${this.#state.id} would be replaced`);
    return (changes ?? !isDeepStrictEqual(inputs, this.#state.inputs)) ? this.up(life, news) : this.#state;
  }

  async check(life: Lifecycle, news: Properties): Promise<Properties> {
    const { inputs, failures } = await life.check(this.#state?.inputs ?? { host: "" }, news);
    if (failures.length === 0) return asGiven(inputs);
    throw new Error(failures.map(({ property, reason }) => `${property} ${reason}`).join("\n"));
  }

  /** What the host has. Undefined: it is gone; that the state still knows it is left to `forget`. */
  async refresh(life: Lifecycle): Promise<Properties | undefined> {
    const state = this.#known();
    const found = await life.read(state.id, state.outs);
    const [props, inputs] = [found.props && asGiven(found.props), asGiven(found.inputs ?? {})];
    if (props !== undefined) this.#state = { ...state, outs: props, inputs: { ...state.inputs, ...inputs } };
    this.#isHalfDone = false;
    return props;
  }

  async destroy(life: Lifecycle): Promise<void> {
    const { id, outs } = this.#known();
    await life.delete(id, outs);
    this.forget();
  }

  /** The state is lost, or the engine has taken the resource for gone. */
  forget(): void {
    this.#state = undefined;
    this.#isHalfDone = false;
  }

  /** The provider was killed in the last create or update: the state did not hear of it. */
  unhear(): void {
    this.#state = this.#before.state;
    this.#isHalfDone = this.#before.isHalfDone;
  }

  /** Another one that knows the same. */
  twin(): StoredResource {
    const twin = new StoredResource();
    twin.#state = this.#state;
    twin.#isHalfDone = this.#isHalfDone;
    twin.#before = this.#before;
    return twin;
  }

  /** An error may come with what is known by then, and that goes to the state. */
  async #keep(inputs: Properties, work: () => Promise<Pick<Stored, "id" | "outs">>): Promise<Stored> {
    this.#before = { state: this.#state, isHalfDone: this.#isHalfDone };
    try {
      const made = await work();
      const state = { id: made.id, outs: asGiven(made.outs), inputs };
      this.#state = state;
      this.#isHalfDone = false;
      return state;
    } catch (error) {
      const { id, properties: outs } = error as { readonly id?: string; readonly properties?: Properties };
      if (id !== undefined && outs !== undefined) {
        this.#state = { id, inputs, outs: asGiven(outs) };
        this.#isHalfDone = true;
      }
      throw error;
    }
  }

  #known(): Stored {
    if (this.#state === undefined) throw new Error("there is no such resource yet");
    return this.#state;
  }
}

/** Pulumi gives a provider what it has stored as a secret without saying so. */
function asGiven<T extends object>(stored: T): T {
  const given = Object.entries(stored).map(([name, value]: [string, unknown]) => [
    name,
    isSecret(value) ? value.value : value,
  ]);
  return Object.fromEntries(given) as T;
}

function isSecret(value: unknown): value is { readonly value: unknown } {
  return (
    typeof value === "object" && value !== null && Object.values(value).includes("1b47061264138c4ac30d75fd1eb44270")
  );
}
