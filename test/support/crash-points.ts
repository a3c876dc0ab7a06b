import type { DefinedKind } from "../../provider/kinds/runtime-kind.ts";
import { lineDifferences } from "../../tools/lab/host/snapshot.ts";
import { type Operation, operationsOf, type Way, waysOf } from "./crash-operations.ts";
import { Random } from "./random.ts";

/** One kind, with arguments to create it and others to change it to, there and back. */
export interface Life {
  readonly kind: DefinedKind;
  readonly args: object;
  readonly others?: readonly object[];
  /** Makes by hand what the arguments want, so that a create adopts it; and what takes away what a destroy leaves of that. */
  readonly byHand?: { readonly make: () => unknown; readonly undo: () => unknown };
}

/** One resource, as an engine takes it through its life. */
export interface Living {
  readonly exists: boolean;
  readonly plainUp: (args: object) => Promise<unknown>;
  readonly refresh: () => Promise<unknown>;
  readonly destroy: () => Promise<void>;
  /** The state is lost, or the engine has taken the resource for gone. */
  readonly forget: () => void;
  /** The state is what it was before the last run. */
  readonly unhear: () => void;
  /** Another one with the same state. */
  readonly twin: () => Living;
}

/** When a host's shell dies: after so many steps, counted over all scripts of an operation. */
export interface DyingShell {
  readonly arm: (steps: number) => void;
  readonly disarm: () => void;
  /** The step after which it died. Undefined: it did not. */
  readonly after: string | undefined;
}

/** Takes the steps again that a host took, which is quicker than what leads to them. Who only looks at a host changes nothing there. */
export interface Repeater {
  readonly listen: () => void;
  /** Of what was taken since. */
  readonly heard: () => () => void;
}

/** What the trials of one step begin with. */
interface Beginning {
  readonly operation: Operation;
  readonly step: number;
  readonly after: string | undefined;
  readonly resource: Living;
  readonly repeat: () => void;
  readonly look: string;
}

/** A trial that did not end as an uninterrupted life would. */
export interface Failure {
  readonly trial: string;
  readonly why: string;
}

/** How a host looks at the ends of an uninterrupted life. */
interface Ends {
  /** Before the operation. */
  readonly from: string;
  /** There and back: what the other arguments took away without being told comes back with a destroy only. */
  readonly back: string;
  /** After it. */
  readonly to: string;
  /** After a destroy. */
  readonly gone: string;
}

/** Each operation of a kind, cut after each of its steps, and continued in each way. */
export class CrashPoints {
  readonly failures: Failure[] = [];
  /** By operation. */
  readonly trials: Record<Operation["name"], number> = { create: 0, adopt: 0, update: 0, delete: 0 };
  readonly #make: (kind: DefinedKind) => Living;
  readonly #shell: DyingShell;
  readonly #look: () => Promise<string>;
  readonly #repeater: Repeater | undefined;
  #beginning: Beginning | undefined;

  /** `look` prints all that a trial may change. */
  constructor(
    make: (kind: DefinedKind) => Living,
    shell: DyingShell,
    look: () => Promise<string>,
    repeater?: Repeater,
  ) {
    this.#make = make;
    this.#shell = shell;
    this.#look = look;
    this.#repeater = repeater;
  }

  /**
   * `sample`: of each step one continuation. Those of `usual` are always the same, in turn, and of one update there and back; those of a seed
   * are of all updates, at random.
   */
  async try(life: Life, sample?: "usual" | Random): Promise<void> {
    const clean = await this.#look();
    const tried = sample === "usual" ? { ...life, others: life.others?.slice(0, 1) ?? [] } : life;
    for (const [index, operation] of operationsOf(tried).entries()) {
      const ends = await this.#uninterrupted(life, operation, clean);
      const ways = waysOf(life, operation);
      // A script may have fewer steps than there are ways: a sample has some from either end.
      const all = index % 2 === 0 ? ways : ways.toReversed();
      for (let step = 0, wasCut = true; wasCut; step += 1) {
        const at = sample instanceof Random ? sample.below(all.length) : step % all.length;
        for (const way of sample === undefined ? all : all.slice(at).slice(0, 1)) {
          // What was not cut, the state may not have heard of all the same.
          if (wasCut || way.isUnheard) wasCut = await this.#trial(life, { ...ends, clean }, operation, { step, way });
        }
      }
    }
  }

  async #begin(life: Life, { name, from }: Operation): Promise<Living> {
    const resource = this.#make(life.kind);
    if (name === "adopt") await life.byHand?.make();
    if (from !== undefined) await resource.plainUp(from);
    return resource;
  }

  async #uninterrupted(life: Life, operation: Operation, clean: string): Promise<Ends> {
    const resource = await this.#begin(life, operation);
    const from = await this.#look();
    if (operation.to === undefined) await resource.destroy();
    else await resource.plainUp(operation.to);
    const to = await this.#look();
    if (operation.from !== undefined && operation.to !== undefined) await resource.plainUp(operation.from);
    const back = operation.name === "update" ? await this.#look() : from;
    if (resource.exists) await resource.destroy();
    const gone = await this.#look();
    if (operation.name === "adopt") await life.byHand?.undo();
    this.#expect(`${titleOf(life, operation)} uninterrupted`, clean, await this.#look());
    return { from, to, back, gone };
  }

  /** Whether the operation was cut: it may have fewer steps. */
  async #trial(
    life: Life,
    ends: Ends & { readonly clean: string },
    operation: Operation,
    { step, way }: { readonly step: number; readonly way: Way },
  ): Promise<boolean> {
    const { resource, after } =
      (await this.#repeated(life, operation, step)) ?? (await this.#cut(life, operation, step));
    if (way.isUnheard) resource.unhear();
    const place = after === undefined ? "not cut" : `cut after ${step} (${after.split("\n")[0]?.slice(0, 120) ?? ""})`;
    const trial = `${titleOf(life, operation)} ${place}${describeWay(way)}`;
    let isClean = false;
    if (after !== undefined || way.isUnheard) {
      this.trials[operation.name] += 1;
      try {
        const end = await this.#go(resource, operation, way);
        const have = await this.#look();
        const isRight = this.#expect(trial, end === "from" && have === ends.back ? have : ends[end], have);
        isClean = isRight && !resource.exists && ends[end] === ends.clean;
      } catch (error) {
        this.failures.push({ trial, why: String(error) });
      }
    }
    if (!isClean) await this.#cleanUp(life, resource, operation, { trial, clean: ends.clean });
    return after !== undefined;
  }

  /** The resource after the operation, and where that was cut. */
  async #cut(life: Life, operation: Operation, step: number): Promise<Pick<Beginning, "resource" | "after">> {
    this.#repeater?.listen();
    const resource = await this.#begin(life, operation);
    this.#shell.arm(step);
    await (operation.to === undefined ? resource.destroy() : resource.plainUp(operation.to)).catch(() => undefined);
    this.#shell.disarm();
    const { after } = this.#shell;
    const repeat = this.#repeater?.heard();
    if (repeat !== undefined)
      this.#beginning = { operation, step, after, resource: resource.twin(), repeat, look: await this.#look() };
    return { resource, after };
  }

  /** The same, where the trial before this one was of the same step. The host is the same, too. */
  async #repeated(
    life: Life,
    operation: Operation,
    step: number,
  ): Promise<Pick<Beginning, "resource" | "after"> | undefined> {
    const known = this.#beginning;
    if (known?.operation !== operation || known.step !== step) return undefined;
    if (operation.name === "adopt") await life.byHand?.make();
    known.repeat();
    this.#expect(`${titleOf(life, operation)} cut after ${step}, repeated`, known.look, await this.#look());
    return { resource: known.resource.twin(), after: known.after };
  }

  /** How the host should look then. */
  async #go(resource: Living, { from, to }: Operation, { continuation, another }: Way): Promise<keyof Ends> {
    if (another !== undefined) await resource.plainUp(another);
    if (continuation.startsWith("refresh") && resource.exists && (await resource.refresh()) === undefined)
      resource.forget();
    if (continuation.endsWith("back")) {
      if (from !== undefined) await resource.plainUp(from);
      return "from";
    }
    if (continuation.endsWith("again")) {
      if (to !== undefined) await resource.plainUp(to);
      else if (resource.exists) await resource.destroy();
      return "to";
    }
    if (continuation === "delete of a lost state") {
      resource.forget();
      await resource.plainUp(to ?? from ?? {});
    }
    // Without a state there is nothing that a destroy could do: whoever made it runs again.
    if (!resource.exists && to !== undefined) await resource.plainUp(to);
    if (resource.exists) await resource.destroy();
    return "gone";
  }

  async #cleanUp(
    life: Life,
    resource: Living,
    { name }: Operation,
    { trial, clean }: { readonly trial: string; readonly clean: string },
  ): Promise<void> {
    try {
      if (resource.exists) await resource.destroy();
    } catch (error) {
      this.failures.push({ trial: `${trial}, then the clean-up`, why: String(error) });
    }
    if (name === "adopt") await life.byHand?.undo();
    if ((await this.#look()) === clean) return;
    const other = this.#make(life.kind);
    await other.plainUp(life.args);
    await other.destroy();
    this.#expect(`${trial}, then made and destroyed once more`, clean, await this.#look());
  }

  #expect(trial: string, want: string, have: string): boolean {
    if (want === have) return true;
    const lines = lineDifferences(want.split("\n"), have.split("\n"));
    this.failures.push({ trial, why: lines.length === 0 ? "another order of lines" : lines.join("\n") });
    return false;
  }
}

function titleOf({ kind }: Life, { name, to }: Operation): string {
  return `${kind.name}: ${name}${name === "update" ? ` to ${JSON.stringify(to)}` : ""}`;
}

function describeWay({ continuation, isUnheard, another }: Way): string {
  const what = another === undefined ? continuation : continuation.replace("another", JSON.stringify(another));
  return `${isUnheard ? ", of which the state did not hear" : ""}, then ${what}`;
}
