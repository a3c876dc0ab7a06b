import { Inventory } from "../../provider/engine/inventory.ts";
import { type Context, type Lifecycle, lifecycle } from "../../provider/engine/lifecycle.ts";
import { OwnedObjects } from "../../provider/engine/ownership.ts";
import type { Properties } from "../../provider/engine/state.ts";
import { closeAll, sessionFor } from "../../provider/host/session/pool.ts";
import type { DefinedKind } from "../../provider/kinds/define-kind.ts";
import { connection } from "../../provider/model/connection.ts";
import type { LabHost } from "../../tools/lab/host/host.ts";

/** One resource on a host of the lab, taken through its life as Pulumi would, without Pulumi. */
export class LabResource {
  readonly #kind: DefinedKind;
  readonly host: LabHost;
  readonly #life: Lifecycle;
  #id = "";
  #outputs: Properties | undefined;
  #inputs: Properties | undefined;
  /** The engine stores why, and tries again. */
  #isHalfDone = false;

  readonly #session: Context["session"];

  constructor(kind: DefinedKind, host: LabHost, session: Context["session"] = sessionFor) {
    this.#kind = kind;
    this.host = host;
    this.#session = session;
    this.#life = run(kind, session);
  }

  /** Checks the arguments, creates or updates, and gives what went to the state. */
  async up(args: object): Promise<Properties> {
    const { inputs, failures } = await this.#life.check({ host: "" }, this.#hosted(args));
    if (failures.length > 0)
      throw new Error(failures.map(({ property, reason }) => `${property} ${reason}`).join("\n"));
    this.#inputs = inputs;
    if (this.#outputs === undefined) {
      const { id, outs } = await this.#life.create(inputs).catch((error: unknown) => {
        // As the engine does: what was begun is in the state.
        this.#outputs = (error as HalfDone).properties;
        this.#isHalfDone = true;
        throw error;
      });
      this.#id = id;
      this.#outputs = outs;
    } else {
      this.#outputs = (
        await this.#life.update(this.#id, this.#outputs, inputs).catch((error: unknown) => {
          this.#outputs = (error as HalfDone).properties ?? this.#outputs;
          this.#isHalfDone = true;
          throw error;
        })
      ).outs;
    }
    this.#isHalfDone = false;
    return this.#outputs;
  }

  /** As `up` of the engine does: what its diff calls unchanged it leaves alone, unless the last run ended halfway. */
  async plainUp(args: object): Promise<Properties> {
    if (this.#outputs === undefined || this.#isHalfDone) return this.up(args);
    const { inputs } = await this.#life.check({ host: "" }, this.#hosted(args));
    const { changes } = await this.#life.diff(this.#id, this.#outputs, inputs);
    return changes === false ? this.#outputs : this.up(args);
  }

  /** What a preview of the same arguments says after a refresh: undefined when the resource is gone. */
  async drift(): Promise<"none" | "some" | "gone"> {
    const seen = await this.refresh();
    if (seen === undefined) return "gone";
    const { changes } = await this.#life.diff(this.#id, seen, this.#known(this.#inputs));
    return changes === false ? "none" : "some";
  }

  async refresh(): Promise<Properties | undefined> {
    const { props } = await this.#life.read(this.#id, this.#known(this.#outputs));
    this.#outputs = props ?? this.#outputs;
    this.#isHalfDone = false;
    return props;
  }

  /** Made good with the arguments of the last `up`. */
  async repair(): Promise<Properties> {
    const { outs } = await this.#life.update(this.#id, this.#known(this.#outputs), this.#known(this.#inputs));
    this.#outputs = outs;
    return outs;
  }

  /** What is in the state. */
  get outputs(): Properties {
    return this.#known(this.#outputs);
  }

  /** Made, and not destroyed since. */
  get exists(): boolean {
    return this.#outputs !== undefined;
  }

  /** The state is lost, or the engine has taken the resource for gone. */
  forget(): void {
    this.#outputs = undefined;
  }

  /** In a later run, that is with a life of its own: what one run has just created it does not delete. */
  async destroy(): Promise<void> {
    await run(this.#kind, this.#session).delete(this.#id, this.#known(this.#outputs));
    this.#outputs = undefined;
  }

  #hosted(args: object): Properties {
    const host = connection.parse({ name: this.host.name, ...this.host.connection });
    return { host, ...args };
  }

  #known(properties: Properties | undefined): Properties {
    if (properties === undefined) throw new Error(`there is no ${this.#kind.name} yet`);
    return properties;
  }
}

/** Resources that are made in order and go in the reverse one, as those of a stack. Nothing of them outlasts a reboot. */
export class LabStack {
  readonly #made: LabResource[][] = [];

  async up(kind: DefinedKind, host: LabHost, args: object): Promise<LabResource> {
    const resource = new LabResource(kind, host);
    this.#made.push([resource]);
    await resource.up({ boot: false, ...args });
    return resource;
  }

  /** Several that do not depend on each other. */
  async upAll(kind: DefinedKind, host: LabHost, all: readonly object[]): Promise<void> {
    const resources = all.map(() => new LabResource(kind, host));
    this.#made.push(resources);
    await Promise.all(resources.map((resource, index) => resource.up({ boot: false, ...all[index] })));
  }

  async destroy(): Promise<void> {
    for (const resources of this.#made.splice(0).reverse()) {
      // A test may have destroyed some itself.
      await Promise.all(resources.filter(({ exists }) => exists).map((resource) => resource.destroy()));
    }
  }
}

interface HalfDone extends Error {
  readonly properties?: Properties;
}

function run(kind: DefinedKind, session: Context["session"]): Lifecycle {
  return lifecycle(kind, {
    inventory: new Inventory(),
    session,
    owned: new OwnedObjects(),
    log: () => undefined,
  });
}

/** Ends all connections, as the end of a run does. */
export const endRun = closeAll;
