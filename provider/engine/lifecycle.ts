import type { Session } from "../host/session/job";
import type { DefinedKind, RuntimeKind, Target } from "../kinds/runtime-kind";
import { hasUnknown } from "../model/input/unknowns";
import { type Checked, check } from "./check";
import { asStored } from "./confidential";
import { type Difference, diff, isSameHost } from "./diff";
import type { Waiting } from "./drain";
import type { ExclusiveThings } from "./exclusive";
import { allowFellow, candidatesBeside, type FellowDirectors } from "./fellow-directors";
import { HalfDoneError } from "./half-done";
import { Machines } from "./hosts/machines";
import { machineKey } from "./hosts/place";
import { asSecret } from "./hosts/secret";
import { type Host, type Inventory, nameOf } from "./inventory";
import type { OwnedObjects } from "./ownership";
import { Reconciler } from "./reconcile";
import { type Properties, readInputs, readState, type State, writeRefreshed, writeState } from "./state";
import { withoutStack } from "./without-stack";

/** What all kinds share in one process. */
export interface Context extends Waiting {
  readonly inventory: Inventory;
  readonly session: (connection: ReturnType<Inventory["resolve"]>) => Session;
  readonly owned: OwnedObjects;
  readonly directors?: FellowDirectors;
  readonly exclusive?: ExclusiveThings;
  readonly needs?: { declare(host: string, needs: RuntimeKind["needs"]): void };
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
  readonly #machines: Machines;

  constructor(kind: RuntimeKind, context: Context) {
    this.#kind = kind;
    this.#context = context;
    this.#machines = new Machines(context.inventory, context.session);
  }

  configure({ config }: Parameters<Lifecycle["configure"]>[0]): void {
    this.#context.inventory.configure(config.get("lvs:hosts"), config.get("lvs:hostsFile"));
  }

  async check(olds: Partial<Properties>, news: Properties): Promise<Checked> {
    const checked = check(this.#kind, this.#context.inventory, news);
    const isWhole = checked.failures.length === 0 && !hasUnknown(checked.inputs);
    this.#context.directors?.declare(this.#kind, olds.host);
    if (isWhole) {
      checked.failures.push(...(this.#context.exclusive?.declare(this.#kind, checked.inputs) ?? []));
      this.#context.owned.declare(this.#objects(readInputs(this.#kind, checked.inputs).desired), checked.inputs.host);
      this.#context.directors?.declare(this.#kind, checked.inputs.host);
      this.#context.needs?.declare(nameOf(checked.inputs.host), this.#kind.needs);
    }
    return { ...checked, inputs: asStored(this.#kind, checked.inputs) };
  }

  async diff(_id: string, olds: Properties, news: Properties): Promise<Difference> {
    const { inventory, owned } = this.#context;
    const state = readState(this.#kind, olds);
    const inputs = readInputs(this.#kind, news);
    const { host, desired, isUnknown } = inputs;
    const isSame = isSameHost(inventory, state, host);
    if (!isUnknown) {
      const place = isSame ? state.place : undefined;
      owned.confirm(this.#objects(desired), { host, place, resource: this.#sharer(state), by: state.resource });
    }
    return diff(this.#kind, state, inputs, isSame);
  }

  create(inputs: Properties) {
    return withoutStack(() => this.#createOrUpdate(inputs));
  }

  update(_id: string, olds: Properties, news: Properties) {
    return withoutStack(async () => {
      const { outs } = await this.#createOrUpdate(news, readState(this.#kind, olds));
      return { outs };
    });
  }

  read(id: string, outputs: Properties) {
    return withoutStack(() => this.#refresh(id, outputs));
  }

  delete(_id: string, outputs: Properties) {
    return withoutStack(() => this.#remove(outputs));
  }

  async #createOrUpdate(inputs: Properties, state?: State) {
    const { host, desired, words: wanted, ...names } = readInputs(this.#kind, inputs);
    // A shared object that 0.1.0 made keeps its owner.
    const resource = state?.resource ?? (state === undefined || !this.#kind.isShared ? names.resource : undefined);
    const { owned } = this.#context;
    const session = this.#machines.session(host);
    const id = `${session.name} ${this.#kind.key(desired)}`;
    const objects = this.#objects(desired);
    await this.#machines.refuseSwap(host, state?.place);
    const machine = await session.machine();
    const place = this.#machines.placeOf(host, machine);
    const settings = { host, place, resource, settings: desired, wanted };
    const outputs = (observed: object) => asStored(this.#kind, writeState(this.#kind, settings, observed));
    const owner = { host, resource: this.#sharer({ resource }), by: resource };
    owned.claim(objects, { ...owner, place });
    // Before the host is touched: what fails afterwards would leave a change that no state knows.
    if (state === undefined) owned.publish(objects, owner, machineKey(machine));
    try {
      const { observed: lastApplied, lastRequested } = state ?? {};
      const target = { desired, subject: desired, lastApplied, lastRequested, resource };
      return { id, outs: outputs((await this.#reconcile(session, host, target)) ?? {}) };
    } catch (error) {
      if (!(error instanceof HalfDoneError)) throw error;
      // Kept in the state, so that a destroy finds what was begun. The SDK does not add `__provider` here.
      const properties = { ...outputs(error.observed), __provider: inputs["__provider"] };
      throw Object.assign(error, { id, properties, reasons: [error.message] });
    }
  }

  async #refresh(id: string, outputs: Properties) {
    const state = readState(this.#kind, outputs);
    const { host, lastRequested, observed: lastApplied, resource } = state;
    const there = await this.#machines.hostOf(host, state.place);
    const session = this.#machines.session(there);
    const target = { desired: lastRequested, subject: lastRequested, lastApplied, lastRequested, resource };
    const seen = await this.#reconciler(session, target).observe();
    if (seen.observed === undefined && !seen.hasLeftovers) return { id: "" };
    const place = this.#machines.placeOf(there, await session.machine());
    const { props, inputs } = writeRefreshed(this.#kind, { ...state, place }, seen);
    const stored = { ...asStored(this.#kind, inputs), host: asSecret(host) };
    return { id, props: asStored(this.#kind, props), inputs: stored };
  }

  async #remove(outputs: Properties): Promise<void> {
    const state = readState(this.#kind, outputs);
    const { host, place, record, observed: lastApplied, lastRequested, resource } = state;
    const { owned } = this.#context;
    const object = this.#object(record);
    // After a replacement or a renaming, the object may be that of the new resource.
    const owner = { host, resource: this.#sharer({ resource }) };
    const isKept = resource === undefined || this.#kind.isShared || owned.isBy(object, resource);
    const isOwned = owned.owns(object, owner);
    if (isOwned && isKept) return;
    const session = this.#machines.session(await this.#machines.hostOf(host, place));
    const isElsewhere = async () =>
      (await this.#machines.anyIs(owned.elsewhere(object, owner), session, place)) !== undefined ||
      owned.isPublished(object, owner, machineKey(await session.machine()));
    const hasSuccessor = isOwned || (await isElsewhere());
    if (hasSuccessor && isKept) return;
    const known = { lastApplied, lastRequested, resource };
    const target = { desired: undefined, subject: record, ...known, ...(hasSuccessor && { hasSuccessor }) };
    await this.#reconciler(session, target).reconcile();
  }

  async #reconcile(session: Session, host: Host, target: Target) {
    try {
      return await this.#reconciler(session, target).reconcile();
    } catch (error) {
      const candidates = candidatesBeside(host, this.#context, (one) => this.#machines.sessionIfKnown(one));
      const allowed = await allowFellow(this.#kind, target, error, candidates);
      if (allowed === undefined) throw error;
      return this.#reconciler(session, allowed).reconcile();
    }
  }

  #reconciler(session: Session, target: Target): Reconciler {
    return new Reconciler(session, this.#kind, target, this.#context);
  }

  /** Who has an object, beside its host: one that is not shared is the same thing under any name of its resource. */
  #sharer({ resource }: Pick<State, "resource">): string | undefined {
    return this.#kind.isShared ? resource : undefined;
  }

  /** The object itself, and those that are part of it. */
  #objects(record: object): readonly string[] {
    return [this.#object(record), ...this.#kind.owns(record).map(([of, key]) => `${of} ${key}`)];
  }

  #object(record: object): string {
    return `${this.#kind.name} ${this.#kind.key(record)}`;
  }
}
