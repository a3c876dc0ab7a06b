import type { DefinedKind } from "../../provider/kinds/define-kind.ts";

/** One kind, with arguments to create it and others to change it to. */
export interface Life {
  readonly kind: DefinedKind;
  readonly args: object;
  readonly after?: object;
}

/** One resource, as an engine takes it through its life. */
export interface Living {
  readonly exists: boolean;
  readonly up: (args: object) => Promise<unknown>;
  readonly refresh: () => Promise<unknown>;
  readonly destroy: () => Promise<void>;
  /** The state is lost, or the engine has taken the resource for gone. */
  readonly forget: () => void;
}

/** When a host's shell dies: after so many steps, counted over all scripts of an operation. */
export interface DyingShell {
  readonly arm: (steps: number) => void;
  readonly disarm: () => void;
  /** The step after which it died. Undefined: it did not. */
  readonly after: string | undefined;
}

/** What can be cut, and what an operator does then. */
const OPERATIONS = ["create", "update", "delete"] as const;
const CONTINUATIONS = ["again", "refresh and again", "delete", "refresh and delete", "delete of a lost state"] as const;
type Operation = (typeof OPERATIONS)[number];
type Continuation = (typeof CONTINUATIONS)[number];

/** A trial that did not end as an uninterrupted life would. */
export interface Failure {
  readonly trial: string;
  readonly why: string;
}

/** Each operation of a kind, cut after each of its steps, and continued in each way. */
export class CrashPoints {
  readonly failures: Failure[] = [];
  trials = 0;
  readonly #make: (kind: DefinedKind) => Living;
  readonly #shell: DyingShell;
  readonly #look: () => Promise<string>;

  /** `look` prints all that a trial may change. */
  constructor(make: (kind: DefinedKind) => Living, shell: DyingShell, look: () => Promise<string>) {
    this.#make = make;
    this.#shell = shell;
    this.#look = look;
  }

  /** `chosen`: whether a trial is made, by its number. */
  async try(life: Life, chosen: (trial: number) => boolean = () => true): Promise<void> {
    const before = await this.#look();
    const resource = this.#make(life.kind);
    await resource.up(life.args);
    const made = await this.#look();
    const changed = life.after === undefined ? made : (await resource.up(life.after), await this.#look());
    await resource.destroy();
    const states = { before, made, changed };
    this.#expect(`${life.kind.name} uninterrupted`, before, await this.#look());
    let number = 0;
    for (const operation of OPERATIONS) {
      if (operation === "update" && life.after === undefined) continue;
      for (let step = 0, wasCut = true; wasCut; step += 1) {
        for (const continuation of CONTINUATIONS) {
          number += 1;
          if (continuation !== "again" && !chosen(number)) continue;
          wasCut = await this.#trial(life, states, { operation, step, continuation });
          if (!wasCut) break;
        }
      }
    }
  }

  /** Whether the operation was cut: it may have fewer steps. */
  async #trial(
    life: Life,
    states: { readonly before: string; readonly made: string; readonly changed: string },
    { operation, step, continuation }: { operation: Operation; step: number; continuation: Continuation },
  ): Promise<boolean> {
    const resource = this.#make(life.kind);
    if (operation !== "create") await resource.up(life.args);
    this.#shell.arm(step);
    const end = { create: life.args, update: life.after ?? life.args, delete: undefined }[operation];
    await (end === undefined ? resource.destroy() : resource.up(end)).catch(() => undefined);
    this.#shell.disarm();
    const { after } = this.#shell;
    const name = `${life.kind.name}: ${operation} cut after ${step} (${after?.split("\n")[0] ?? ""}), then ${continuation}`;
    let isClean = false;
    if (after !== undefined) {
      this.trials += 1;
      try {
        const want = await this.#go(life, resource, end, continuation);
        const state = want === undefined ? states.before : want === life.args ? states.made : states.changed;
        isClean = this.#expect(name, state, await this.#look()) && want === undefined;
      } catch (error) {
        this.failures.push({ trial: name, why: String(error) });
      }
    }
    if (!isClean) await this.#cleanUp(life, resource, states.before, name);
    return after !== undefined;
  }

  /** What should be there then. */
  async #go(
    life: Life,
    resource: Living,
    end: object | undefined,
    continuation: Continuation,
  ): Promise<object | undefined> {
    if (continuation.startsWith("refresh") && resource.exists && (await resource.refresh()) === undefined)
      resource.forget();
    if (continuation.endsWith("again")) {
      if (end !== undefined) await resource.up(end);
      else if (resource.exists) await resource.destroy();
      return end;
    }
    if (continuation === "delete of a lost state") {
      resource.forget();
      await resource.up(end ?? life.args);
    }
    // Without a state there is nothing that a destroy could do: whoever made it runs again.
    if (!resource.exists && end !== undefined) await resource.up(end);
    if (resource.exists) await resource.destroy();
    return undefined;
  }

  async #cleanUp(life: Life, resource: Living, before: string, name: string): Promise<void> {
    try {
      if (resource.exists) await resource.destroy();
    } catch (error) {
      this.failures.push({ trial: `${name}, then the clean-up`, why: String(error) });
    }
    if ((await this.#look()) === before) return;
    const other = this.#make(life.kind);
    await other.up(life.args);
    await other.destroy();
    this.#expect(`${name}, then made and destroyed once more`, before, await this.#look());
  }

  #expect(trial: string, want: string, have: string): boolean {
    if (want === have) return true;
    const [was, is] = [want.split("\n"), have.split("\n")];
    const lines = [
      ...was.filter((line) => !is.includes(line)).map((line) => `- ${line}`),
      ...is.filter((line) => !was.includes(line)).map((line) => `+ ${line}`),
    ];
    this.failures.push({ trial, why: lines.length === 0 ? "another order of lines" : lines.join("\n") });
    return false;
  }
}
