import { LvsError, UserError } from "../errors";
import type { Session } from "../host/session/job";
import type { DefinedKind, RuntimeKind, Target } from "../kinds/define-kind";
import { type Checked, check } from "./check";
import { type Difference, diff } from "./diff";
import type { ExclusiveThings } from "./exclusive";
import { allowFellow, type Candidates, type FellowDirectors } from "./fellow-directors";
import { HalfDoneError } from "./half-done";
import { type Host, type Inventory, nameOf } from "./inventory";
import type { OwnedObjects } from "./ownership";
import { Reconciler } from "./reconcile";
import { type Properties, readInputs, readState, writeState } from "./state";
import { hasUnknown } from "./unknowns";

/** What all kinds share in one process. */
export interface Context {
  readonly inventory: Inventory;
  readonly session: (connection: ReturnType<Inventory["resolve"]>) => Session;
  readonly owned: OwnedObjects;
  readonly directors?: FellowDirectors;
  readonly exclusive?: ExclusiveThings;
  /** Shows a line to the operator during an operation. */
  readonly log: (line: string) => void;
}

/** What the dynamic provider process calls, for one kind. The shapes are Pulumi's. */
export interface Lifecycle {
  configure(request: { readonly config: { get(key: string): string | undefined } }): void;
  check(olds: Partial<Properties>, news: Properties): Promise<Checked>;
  diff(id: string, olds: Properties, news: Properties): Promise<Difference>;
  create(inputs: Properties): Promise<{ id: string; outs: Properties }>;
  read(
    id: string,
    outputs: Properties,
  ): Promise<{ id: string; props?: Properties; inputs?: Readonly<Record<string, unknown>> }>;
  update(id: string, olds: Properties, news: Properties): Promise<{ outs: Properties }>;
  delete(id: string, outputs: Properties): Promise<void>;
}

export function lifecycle({ runtime }: DefinedKind, context: Context): Lifecycle {
  return new KindLifecycle(runtime, context);
}

class KindLifecycle implements Lifecycle {
  readonly #kind: RuntimeKind;
  readonly #context: Context;

  constructor(kind: RuntimeKind, context: Context) {
    this.#kind = kind;
    this.#context = context;
  }

  configure({ config }: Parameters<Lifecycle["configure"]>[0]): void {
    this.#context.inventory.configure(config.get("lvs:hosts"));
  }

  async check(olds: Partial<Properties>, news: Properties): Promise<Checked> {
    const checked = check(this.#kind, this.#context.inventory, news);
    const isWhole = checked.failures.length === 0 && !hasUnknown(checked.inputs);
    this.#context.directors?.declare(this.#kind, olds.host);
    if (isWhole) {
      checked.failures.push(...(this.#context.exclusive?.declare(this.#kind, checked.inputs) ?? []));
      this.#context.owned.declare(this.#keysOf(checked.inputs));
      this.#context.directors?.declare(this.#kind, checked.inputs.host);
    }
    return checked;
  }

  async diff(_id: string, olds: Properties, news: Properties): Promise<Difference> {
    if (!hasUnknown(news)) this.#context.owned.confirm(this.#keysOf(news));
    return diff(this.#kind, olds, news);
  }

  create(inputs: Properties) {
    return withoutStack(() => this.#createOrUpdate(inputs));
  }

  update(_id: string, olds: Properties, news: Properties) {
    return withoutStack(async () => {
      const { outs } = await this.#createOrUpdate(news, readState(this.#kind, olds).observed);
      return { outs };
    });
  }

  read(id: string, outputs: Properties) {
    return withoutStack(() => this.#refresh(id, outputs));
  }

  delete(_id: string, outputs: Properties) {
    return withoutStack(() => this.#remove(outputs));
  }

  async #createOrUpdate(inputs: Properties, lastApplied?: object) {
    const { host, desired, digest } = readInputs(this.#kind, inputs);
    const { owned } = this.#context;
    const session = this.#sessionFor(host);
    const id = `${session.name} ${this.#kind.key(desired)}`;
    const outputs = (observed: object) => writeState(this.#kind, host, desired, observed, digest);
    // Before the host is touched: what fails afterwards would leave a change that no state knows.
    owned[lastApplied === undefined ? "publish" : "claim"](this.#objectKeys(host, desired));
    try {
      const target = { desired, subject: desired, lastApplied };
      const { observed } = await this.#reconcile(session, host, target);
      return { id, outs: outputs(observed ?? {}) };
    } catch (error) {
      if (!(error instanceof HalfDoneError)) throw error;
      // Kept in the state, so that a destroy finds what was begun. The SDK does not add `__provider` here.
      const properties = { ...outputs(error.observed), __provider: inputs["__provider"] };
      throw Object.assign(error, { id, properties, reasons: [error.message] });
    }
  }

  async #refresh(id: string, outputs: Properties) {
    const { host, lastRequested, observed: lastApplied, digest } = readState(this.#kind, outputs);
    const target = { desired: lastRequested, subject: lastRequested, lastApplied };
    const observed = await this.#reconciler(this.#sessionFor(host), target).observe();
    if (observed === undefined) return { id: "" };
    const props = writeState(this.#kind, host, lastRequested, observed, digest);
    const { __wanted: _, ...inputs } = props;
    return { id, props, inputs: { ...inputs, host: asSecret(host) } };
  }

  async #remove(outputs: Properties): Promise<void> {
    const { host, record, observed: lastApplied } = readState(this.#kind, outputs);
    const session = this.#sessionFor(host);
    // After a replacement or a renaming, the object may be that of the new resource.
    if (this.#context.owned.owns(this.#objectKey(host, record))) return;
    await this.#reconciler(session, { desired: undefined, subject: record, lastApplied }).reconcile();
  }

  async #reconcile(session: Session, host: Host, target: Target) {
    try {
      return await this.#reconciler(session, target).reconcile();
    } catch (error) {
      const allowed = await allowFellow(this.#kind, target, error, this.#candidatesBeside(host));
      if (allowed === undefined) throw error;
      return this.#reconciler(session, allowed).reconcile();
    }
  }

  #candidatesBeside(host: Host): Candidates {
    const { directors, inventory } = this.#context;
    const sessions = (hosts: readonly Host[] = []) => hosts.flatMap((one) => this.#sessionIfKnown(one));
    return {
      fellows: () => sessions(directors?.besides(host)),
      otherHosts: () => sessions(directors?.otherHosts(host, inventory)),
    };
  }

  /** A host of the state may have left the inventory. */
  #sessionIfKnown(host: Host): Session[] {
    try {
      return [this.#sessionFor(host)];
    } catch (error) {
      if (error instanceof UserError) return [];
      throw error;
    }
  }

  #reconciler(session: Session, target: Target): Reconciler {
    return new Reconciler(session, this.#kind, target, this.#context.log);
  }

  #sessionFor(host: Host): Session {
    return this.#context.session(this.#context.inventory.resolve(host));
  }

  #keysOf(inputs: Properties): readonly string[] {
    return this.#objectKeys(inputs.host, readInputs(this.#kind, inputs).desired);
  }

  /** Of the object itself, and of those that are part of it. */
  #objectKeys(host: Host, record: object): readonly string[] {
    const parts = this.#kind.owns(record).map(([of, key]) => `${of} ${key} on ${nameOf(host)}`);
    return [this.#objectKey(host, record), ...parts];
  }

  #objectKey(host: Host, record: object): string {
    return `${this.#kind.name} ${this.#kind.key(record)} on ${nameOf(host)}`;
  }
}

/** How Pulumi marks a secret in properties. The engine keeps old outputs secret by itself; for inputs that `read` returns it does not. */
const PULUMI_SECRET_SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

function asSecret(host: Host): unknown {
  return typeof host === "string" ? host : { [PULUMI_SECRET_SIGNATURE]: SECRET, value: host };
}

/** Pulumi prints an error's stack beside its message. Errors for users have a message that is enough; a bug keeps its stack. */
async function withoutStack<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof HalfDoneError && !(error.cause instanceof LvsError)) error.stack = error.cause.stack ?? "";
    else if (error instanceof LvsError) error.stack = "";
    throw error;
  }
}
