import { Inventory } from "../../../provider/engine/inventory.ts";
import { type Lifecycle, lifecycle } from "../../../provider/engine/lifecycle.ts";
import { type OwnedObjects } from "../../../provider/engine/ownership.ts";
import type { Session } from "../../../provider/host/session/job.ts";
import type { DefinedKind } from "../../../provider/kinds/runtime-kind.ts";
import type { LabConnection } from "../../../tools/lab/host/host.ts";
import { StoredResource } from "../../support/stored-resource.ts";

/** What the resources of one run share. */
export interface Run {
  readonly session: Session;
  readonly owned: OwnedObjects;
}

/** One resource of a stack, taken through runs as Pulumi's engine would: what has not changed is left alone. */
export class EngineResource {
  readonly #stored = new StoredResource();

  constructor(
    readonly name: string,
    private readonly kind: DefinedKind,
    private readonly connection: LabConnection & { readonly name: string },
  ) {}

  get exists(): boolean {
    return this.#stored.state !== undefined;
  }

  async up(run: Run, args: object): Promise<void> {
    const resource = { __resource: `t/dev/${this.name}` };
    await this.#stored.plainUp(this.#life(run), { host: this.connection.name, ...args, ...resource });
  }

  async refresh(run: Run): Promise<void> {
    if (this.exists && (await this.#stored.refresh(this.#life(run))) === undefined) this.#stored.forget();
  }

  async destroy(run: Run): Promise<void> {
    if (this.exists) await this.#stored.destroy(this.#life(run));
  }

  #life({ session, owned }: Run): Lifecycle {
    const inventory = new Inventory();
    const { name, ...connection } = this.connection;
    inventory.configure(JSON.stringify({ [name]: connection }));
    return lifecycle(this.kind, { inventory, session: () => session, owned, log: () => undefined });
  }
}
