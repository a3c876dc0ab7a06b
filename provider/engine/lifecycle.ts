import type { Session } from "../host/session/job";
import type { AnyKind } from "../kinds/kind";
import { type Checked, check } from "./check";
import { type Difference, diff } from "./diff";
import { type Host, type Inventory, nameOf } from "./inventory";
import type { OwnedObjects } from "./ownership";
import { converge, HalfDoneError, observe } from "./reconcile";
import { type Properties, readInputs, readState, writeState } from "./state";
import { hasUnknown } from "./unknowns";

/** What a kind needs of the world. */
export interface World {
  readonly inventory: Inventory;
  readonly session: (connection: ReturnType<Inventory["resolve"]>) => Session;
  readonly held: OwnedObjects;
  /** A line for the operator, while something takes its time. */
  readonly log: (line: string) => void;
}

/** What the dynamic provider process calls, for one kind. The shapes are Pulumi's. */
export interface Lifecycle {
  configure(request: { readonly config: { get(key: string): string | undefined } }): void;
  check(olds: Properties, news: Properties): Promise<Checked>;
  diff(id: string, olds: Properties, news: Properties): Promise<Difference>;
  create(inputs: Properties): Promise<{ id: string; outs: Properties }>;
  read(id: string, outputs: Properties): Promise<{ id: string; props?: Properties; inputs?: Properties }>;
  update(id: string, olds: Properties, news: Properties): Promise<{ outs: Properties }>;
  delete(id: string, outputs: Properties): Promise<void>;
}

export function lifecycle(kind: AnyKind, world: World): Lifecycle {
  const sessionFor = ({ host }: Properties) => world.session(world.inventory.resolve(host));
  const { held } = world;
  /** What is held with a record: itself, and what is part of it. */
  const places = (host: Host, record: object): readonly string[] => {
    const others = kind.owns?.(record) ?? [];
    return [[kind.name, kind.key(record)] as const, ...others].map(([of, key]) => `${of} ${key} on ${nameOf(host)}`);
  };

  const bring = async (inputs: Properties, known?: object): Promise<{ id: string; outs: Properties }> => {
    const { host, desired, digest } = readInputs(kind, inputs);
    const session = sessionFor(inputs);
    const id = `${session.name} ${kind.key(desired)}`;
    const outputs = (have: object) => writeState(kind, host, desired, have, digest);
    held.claim(places(host, desired));
    try {
      const wish = { kind, goal: desired, about: desired, ...(known && { known }) };
      const { have, found } = await converge(session, wish, world.log);
      if (known === undefined && found) held.publish(places(host, desired));
      return { id, outs: outputs(have ?? {}) };
    } catch (error) {
      if (!(error instanceof HalfDoneError)) throw error;
      // Kept in the state, so that a destroy finds what was begun. The SDK does not add `__provider` here.
      const properties = { ...outputs(error.have), __provider: inputs["__provider"] };
      throw Object.assign(error, { id, properties, reasons: [error.message] });
    }
  };

  return {
    configure: ({ config }) => {
      world.inventory.configure(config.get("lvs:hosts"));
    },
    check: async (_olds, news) => {
      const checked = check(kind, world.inventory, news);
      if (checked.failures.length === 0 && !hasUnknown(checked.inputs)) {
        held.declare(places(checked.inputs.host, readInputs(kind, checked.inputs).desired));
      }
      return checked;
    },
    diff: async (_id, olds, news) => {
      if (!hasUnknown(news)) held.confirm(places(news.host, readInputs(kind, news).desired));
      return diff(kind, olds, news);
    },
    create: (inputs) => plainly(() => bring(inputs)),
    update: (_id, olds, news) =>
      plainly(async () => {
        const { outs } = await bring(news, readState(kind, olds).observed);
        return { outs };
      }),
    read: (id, outputs) =>
      plainly(async () => {
        const { host, lastRequested: about, observed: known, digest } = readState(kind, outputs);
        const have = await observe(sessionFor(outputs), { kind, goal: about, about, known });
        if (have === undefined) return { id: "" };
        const props = writeState(kind, host, about, have, digest);
        const { __wanted: _, ...inputs } = props;
        return { id, props, inputs: { ...inputs, host: sealed(host) } };
      }),
    delete: (_id, outputs) =>
      plainly(async () => {
        const session = sessionFor(outputs);
        const { host, record: about, observed: known } = readState(kind, outputs);
        // A replacement or a renamed resource was brought to the same place: what is there is its own now.
        const [itself = ""] = places(host, about);
        if (held.has(itself)) return;
        await converge(session, { kind, goal: undefined, about, known }, world.log);
      }),
  };
}

/** The engine marks outputs secret that were secret before; inputs that `read` returns have to say it themselves. */
function sealed(host: Host): Host {
  const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value: host };
  return typeof host === "string" ? host : (secret as unknown as Host);
}

/** Pulumi prints an error's stack beside its message; ours would only repeat it. */
async function plainly<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Error) error.stack = "";
    throw error;
  }
}
