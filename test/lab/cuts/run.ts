import { OwnedObjects } from "../../../provider/engine/ownership.ts";
import type { Session } from "../../../provider/host/session/job.ts";
import type { LabConnection } from "../../../tools/lab/host/host.ts";
import type { Declared } from "./parts.ts";
import { EngineResource, type Run } from "./resource.ts";
import type { Order, Variant } from "./trials.ts";

/** A stack with its state. Each order is a run of its own, in which the resources that depend on none that is not done are worked on at once. */
export class StackInState {
  readonly #resources: readonly EngineResource[];
  readonly #declared: readonly Declared[];

  constructor(declared: readonly Declared[], host: LabConnection & { readonly name: string }) {
    this.#declared = declared;
    this.#resources = declared.map(({ kind }, index) => new EngineResource(`${index}`, kind, host));
  }

  get isEmpty(): boolean {
    return this.#resources.every(({ exists }) => !exists);
  }

  /** What failed. */
  async run(order: Order, session: Session): Promise<readonly unknown[]> {
    const run = { session, owned: new OwnedObjects() };
    if (order.refresh) {
      const failed = await this.#inOrder(
        () => [],
        (resource) => resource.refresh(run),
      );
      // Without a whole refresh, Pulumi does not go on.
      if (failed.length > 0) return failed;
    }
    return order.up === undefined ? this.#destroy(run) : this.#up(run, order.up);
  }

  #up(run: Run, variant: Variant): Promise<readonly unknown[]> {
    const needs = (index: number) => this.#declared[index]?.needs ?? [];
    return this.#inOrder(needs, (resource, { args, after }) =>
      resource.up(run, variant === "args" ? args : { ...args, ...after }),
    );
  }

  #destroy(run: Run): Promise<readonly unknown[]> {
    const users = (index: number) =>
      this.#declared.flatMap(({ needs = [] }, at) => (needs.includes(index) ? [at] : []));
    return this.#inOrder(users, (resource) => resource.destroy(run));
  }

  /** Works on each once those before it are done. One that waits for one that failed is left out. */
  async #inOrder(
    before: (index: number) => readonly number[],
    work: (resource: EngineResource, declared: Declared) => Promise<void>,
  ): Promise<readonly unknown[]> {
    const failed: unknown[] = [];
    const done = new Map<number, Promise<boolean>>();
    const start = async (index: number): Promise<boolean> => {
      const ready = await Promise.all(before(index).map((other) => finish(other)));
      const [resource, declared] = [this.#resources[index], this.#declared[index]];
      if (resource === undefined || declared === undefined || ready.includes(false)) return false;
      try {
        await work(resource, declared);
        return true;
      } catch (error) {
        failed.push(error);
        return false;
      }
    };
    const finish = (index: number): Promise<boolean> => {
      const known = done.get(index) ?? start(index);
      done.set(index, known);
      return known;
    };
    await Promise.all(this.#declared.map((_, index) => finish(index)));
    return failed;
  }
}
