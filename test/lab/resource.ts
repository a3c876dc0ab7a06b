import { Inventory } from "../../provider/engine/inventory.ts";
import { type Context, type Lifecycle, lifecycle } from "../../provider/engine/lifecycle.ts";
import { OwnedObjects } from "../../provider/engine/ownership.ts";
import type { Properties } from "../../provider/engine/state.ts";
import { closeAll, sessionFor } from "../../provider/host/session/pool.ts";
import type { DefinedKind } from "../../provider/kinds/runtime-kind.ts";
import { connection } from "../../provider/model/connection.ts";
import type { LabHost } from "../../tools/lab/host/host.ts";
import { StoredResource } from "../support/stored-resource.ts";

/** One resource on a host of the lab, taken through its life as Pulumi would, without Pulumi. */
export class LabResource {
  readonly #kind: DefinedKind;
  readonly host: LabHost;
  /** What the operator was shown. */
  readonly said: string[] = [];
  readonly #life: Lifecycle;
  #stored = new StoredResource();
  readonly #session: Context["session"];
  /** Of the last `up`. */
  #args: object = {};

  constructor(kind: DefinedKind, host: LabHost, session: Context["session"] = sessionFor) {
    this.#kind = kind;
    this.host = host;
    this.#session = session;
    this.#life = this.#run();
  }

  /** Checks the arguments, creates or updates, and gives what went to the state. */
  async up(args: object): Promise<Properties> {
    this.#args = args;
    return (await this.#stored.up(this.#life, this.#hosted(args))).outs;
  }

  /** As `up` of the engine does: what its diff calls unchanged it leaves alone, unless the last run ended halfway. */
  async plainUp(args: object): Promise<Properties> {
    this.#args = args;
    return (await this.#stored.plainUp(this.#life, this.#hosted(args))).outs;
  }

  /** What a preview of the same arguments says after a refresh: undefined when the resource is gone. */
  async drift(): Promise<"none" | "some" | "gone"> {
    const seen = await this.refresh();
    if (seen === undefined) return "gone";
    const inputs = await this.#stored.check(this.#life, this.#hosted(this.#args));
    const { changes } = await this.#life.diff(this.#stored.state?.id ?? "", seen, inputs);
    return changes === false ? "none" : "some";
  }

  refresh(): Promise<Properties | undefined> {
    return this.#stored.refresh(this.#life);
  }

  /** Made good with the arguments of the last `up`. */
  repair(): Promise<Properties> {
    return this.up(this.#args);
  }

  /** What is in the state. */
  get outputs(): Properties {
    if (this.#stored.state === undefined) throw new Error(`there is no ${this.#kind.name} yet`);
    return this.#stored.state.outs;
  }

  /** Made, and not destroyed since. */
  get exists(): boolean {
    return this.#stored.state !== undefined;
  }

  /** The state is lost, or the engine has taken the resource for gone. */
  forget(): void {
    this.#stored.forget();
  }

  /** The provider was killed in the last run, and the state did not hear of it. */
  unhear(): void {
    this.#stored.unhear();
  }

  /** Another one with the same state, in a run of its own. */
  twin(): LabResource {
    const twin = new LabResource(this.#kind, this.host, this.#session);
    twin.#args = this.#args;
    twin.#stored = this.#stored.twin();
    return twin;
  }

  /** In a later run, that is with a life of its own: what one run has just created it does not delete. */
  destroy(): Promise<void> {
    return this.#stored.destroy(this.#run());
  }

  #run(): Lifecycle {
    const log = (line: string) => this.said.push(line);
    return lifecycle(this.#kind, {
      inventory: new Inventory(),
      session: this.#session,
      owned: new OwnedObjects(),
      log,
    });
  }

  #hosted(args: object): Properties {
    const host = connection.parse({ name: this.host.name, ...this.host.connection });
    return { host, ...args };
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

/** Ends all connections, as the end of a run does. */
export const endRun = closeAll;
