import { LvsError } from "../errors";
import type { Session } from "../host/session/job";
import type { DefinedKind } from "../kinds/define-kind";
import { type Checked, check } from "./check";
import { type Difference, diff } from "./diff";
import { HalfDoneError } from "./half-done";
import { type Host, type Inventory, nameOf } from "./inventory";
import type { OwnedObjects } from "./ownership";
import { reconciler } from "./reconcile";
import { type Properties, readInputs, readState, writeState } from "./state";
import { hasUnknown } from "./unknowns";

/** What all kinds share in one process. */
export interface Context {
  readonly inventory: Inventory;
  readonly session: (connection: ReturnType<Inventory["resolve"]>) => Session;
  readonly owned: OwnedObjects;
  /** Shows a line to the operator during an operation. */
  readonly log: (line: string) => void;
}

/** What the dynamic provider process calls, for one kind. The shapes are Pulumi's. */
export interface Lifecycle {
  configure(request: { readonly config: { get(key: string): string | undefined } }): void;
  check(olds: Properties, news: Properties): Promise<Checked>;
  diff(id: string, olds: Properties, news: Properties): Promise<Difference>;
  create(inputs: Properties): Promise<{ id: string; outs: Properties }>;
  read(
    id: string,
    outputs: Properties,
  ): Promise<{ id: string; props?: Properties; inputs?: Readonly<Record<string, unknown>> }>;
  update(id: string, olds: Properties, news: Properties): Promise<{ outs: Properties }>;
  delete(id: string, outputs: Properties): Promise<void>;
}

export function lifecycle({ runtime: kind }: DefinedKind, context: Context): Lifecycle {
  const { inventory, owned, log } = context;
  const sessionFor = (host: Host) => context.session(inventory.resolve(host));
  const objectKey = (host: Host, record: object) => `${kind.name} ${kind.key(record)} on ${nameOf(host)}`;
  /** Of the object itself, and of those that are part of it. */
  const objectKeys = (host: Host, record: object): readonly string[] => [
    objectKey(host, record),
    ...kind.owns(record).map(([of, key]) => `${of} ${key} on ${nameOf(host)}`),
  ];
  const keysOf = (inputs: Properties) => objectKeys(inputs.host, readInputs(kind, inputs).desired);

  async function createOrUpdate(inputs: Properties, lastApplied?: object) {
    const { host, desired, digest } = readInputs(kind, inputs);
    const session = sessionFor(host);
    const id = `${session.name} ${kind.key(desired)}`;
    const outputs = (observed: object) => writeState(kind, host, desired, observed, digest);
    owned.claim(objectKeys(host, desired));
    try {
      const target = { desired, subject: desired, lastApplied };
      const { observed, existed } = await reconciler(session, kind, target, log).reconcile();
      if (lastApplied === undefined && existed) owned.publish(objectKeys(host, desired));
      return { id, outs: outputs(observed ?? {}) };
    } catch (error) {
      if (!(error instanceof HalfDoneError)) throw error;
      // Kept in the state, so that a destroy finds what was begun. The SDK does not add `__provider` here.
      const properties = { ...outputs(error.observed), __provider: inputs["__provider"] };
      throw Object.assign(error, { id, properties, reasons: [error.message] });
    }
  }

  async function refresh(id: string, outputs: Properties) {
    const { host, lastRequested, observed: lastApplied, digest } = readState(kind, outputs);
    const target = { desired: lastRequested, subject: lastRequested, lastApplied };
    const observed = await reconciler(sessionFor(host), kind, target, log).observe();
    if (observed === undefined) return { id: "" };
    const props = writeState(kind, host, lastRequested, observed, digest);
    const { __wanted: _, ...inputs } = props;
    return { id, props, inputs: { ...inputs, host: asSecret(host) } };
  }

  async function remove(outputs: Properties): Promise<void> {
    const { host, record, observed: lastApplied } = readState(kind, outputs);
    const session = sessionFor(host);
    // After a replacement or a renaming, the object may be that of the new resource.
    if (owned.owns(objectKey(host, record))) return;
    await reconciler(session, kind, { desired: undefined, subject: record, lastApplied }, log).reconcile();
  }

  return {
    configure: ({ config }) => {
      inventory.configure(config.get("lvs:hosts"));
    },
    check: async (_olds, news) => {
      const checked = check(kind, inventory, news);
      if (checked.failures.length === 0 && !hasUnknown(checked.inputs)) owned.declare(keysOf(checked.inputs));
      return checked;
    },
    diff: async (_id, olds, news) => {
      if (!hasUnknown(news)) owned.confirm(keysOf(news));
      return diff(kind, olds, news);
    },
    create: (inputs) => withoutStack(() => createOrUpdate(inputs)),
    update: (_id, olds, news) =>
      withoutStack(async () => ({ outs: (await createOrUpdate(news, readState(kind, olds).observed)).outs })),
    read: (id, outputs) => withoutStack(() => refresh(id, outputs)),
    delete: (_id, outputs) => withoutStack(() => remove(outputs)),
  };
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
