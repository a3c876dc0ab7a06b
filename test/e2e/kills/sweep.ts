import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { lineDifferences } from "../../../tools/lab/host/snapshot.ts";
import type { LabHost } from "../../../tools/lab/index.ts";
import type { Declared } from "../../lab/cuts/parts.ts";
import type { CuttingRelay } from "../../lab/cuts/relay.ts";
import { OPERATIONS, type Operation, type Order, type Variant } from "../../lab/cuts/trials.ts";
import { LOOK, readLook } from "../../lab/look.ts";
import { Counts } from "../../support/counts.ts";
import type { Run, Stack } from "../support/stack.ts";
import { descendants, isProvider, isRunning, kill, send } from "./processes.ts";
import { describeTrial, sortOfEnd, type Trial } from "./trials.ts";

/** All kinds on one host. */
export const PROGRAM = `
import { readFileSync } from "node:fs";
import * as lvs from "pulumi-lvs";
const made = [];
for (const { kind, name, args, needs } of JSON.parse(readFileSync("resources.json", "utf8"))) {
  made.push(new (lvs as any)[kind](name, args, { dependsOn: needs.map((place) => made[place]) }));
}`;

/** Ends runs of the real CLI on one host, goes on as an operator does, and looks whether that ends as if nothing had happened. */
export class KillSweep {
  readonly failures: string[] = [];
  /** Ends that were made, by what they were and of which operation, and trials that differed. */
  readonly counts = new Counts();
  readonly #looks: Record<"live" | "booted", Map<Variant | undefined, readonly string[]>> = {
    live: new Map(),
    booted: new Map(),
  };
  /** Milliseconds from the first byte to the end. */
  readonly #usual = new Map<Operation, number>();
  #current: Variant | undefined;
  /** Processes of the run that was interrupted. */
  #left: readonly number[] = [];

  constructor(
    private readonly declared: readonly Declared[],
    private readonly host: LabHost,
    private readonly relay: CuttingRelay,
    private readonly stack: Stack,
    private readonly log: (line: string) => void,
  ) {}

  /** As much of an uninterrupted life as these have to do with. */
  async learn(trials: readonly Trial[]): Promise<void> {
    const needed = (operation: Operation) =>
      trials.some((trial) => trial.operation === operation || trial.continuation.up === OPERATIONS[operation].to);
    for (const operation of ["create", "update", "destroy"] as const) {
      const { from, to } = OPERATIONS[operation];
      if (operation === "update" && !needed(operation)) continue;
      if (operation === "create") this.#looks.live.set(from, await this.#look());
      const started = performance.now();
      let first: number | undefined;
      this.relay.arm({ ...NOTHING, at: { direction: "up", bytes: 0 } }, () => {
        first = performance.now();
      });
      await this.#order(to);
      this.relay.mend();
      this.#usual.set(operation, performance.now() - (first ?? started));
      this.#current = to;
      if (operation !== "destroy" && needed(operation)) this.#looks.live.set(to, await this.#look());
    }
    const problem = await this.#compare(undefined, "live");
    if (problem !== undefined) throw new Error(`an uninterrupted life leaves something\n${problem}`);
  }

  /** How each of its states looks after a boot. */
  async learnBoots(): Promise<void> {
    for (const variant of [undefined, "args", "after"] as const) {
      if (variant === undefined) await this.#bring(variant);
      else await this.#order(variant);
      this.#current = variant;
      await this.host.powerCut();
      this.#looks.booted.set(variant, await this.#look());
    }
  }

  async trial(trial: Trial): Promise<void> {
    const { from } = OPERATIONS[trial.operation];
    await this.#bring(from);
    const start = performance.now();
    const run = await this.#interrupted(trial);
    const seconds = (performance.now() - start) / 1000;
    const problem = (await this.#goOn(trial).catch((error: unknown) => String(error))) ?? (await this.#outlived());
    const name = describeTrial(trial);
    const total = (performance.now() - start) / 1000;
    this.log(
      `${problem === undefined ? "ok" : "FAILED"} ${name} (exit ${run.code}, ${seconds.toFixed(1)} s of ${total.toFixed(1)} s)`,
    );
    if (problem === undefined) return;
    this.log(problem);
    this.counts.add(sortOfEnd(trial.end), "differed");
    this.failures.push(`${name}\n${problem}\nThe run had said:\n${run.text}`);
    for (const up of [undefined, "args"] as const) await this.#continue({ refresh: true, up });
    const left = await this.#goOn({ ...trial, continuation: { refresh: true, up: undefined } });
    if (left !== undefined) throw new Error(`${this.failures.join("\n\n")}\n\nwhich is not to be cleaned up:\n${left}`);
  }

  /** Runs the operation, and ends it on the way. */
  async #interrupted({ operation, end, share }: Trial): Promise<Run> {
    if (end === "power") await this.host.sh(LAZY);
    const { to } = OPERATIONS[operation];
    this.#tell(to);
    const { pid, ended } = this.stack.start([to === undefined ? "destroy" : "up", "--yes", "--skip-preview"]);
    if (pid === undefined) throw new Error("the CLI did not start");
    let processes: readonly number[] = [];
    let cut: Promise<unknown> | undefined;
    const milliseconds = Math.floor(share * (this.#usual.get(operation) ?? 0));
    this.relay.arm({ ...NOTHING, at: { milliseconds } }, () => {
      processes = descendants(pid);
      if (end === "power") cut = this.host.powerCut({ wait: false });
      else kill(pid, end.victim, end.signal);
      this.counts.add(sortOfEnd(end), operation);
    });
    const run = await ended;
    this.relay.mend();
    await cut;
    if (end === "power") await this.host.waitReady();
    this.#left = processes;
    return run;
  }

  /** What is wrong after the continuation. What a host without power does at its next boot has to be right, too. */
  async #goOn({ end, operation, continuation }: Trial): Promise<string | undefined> {
    const isForgotten =
      operation === "create" && end !== "power" && end.victim === "provider" && end.signal === "SIGKILL";
    await this.#continue(continuation, isForgotten);
    if (end === "power") await this.host.powerCut();
    return this.#compare(continuation.up, end === "power" ? "booted" : "live");
  }

  /** What an operator does after a run that did not end by itself. */
  async #continue({ refresh, up }: Order, isForgotten = false): Promise<void> {
    await this.stack.try("cancel", "--yes");
    // A create that was begun is in no state, and is not even pending where the CLI outlived its provider: an up adopts what it made, so
    // that a destroy finds it.
    if (up === undefined && (isForgotten || this.stack.pendingCreates() > 0)) await this.stack.up();
    if (refresh) await this.stack.pulumi("refresh", "--yes", "--skip-preview", "--clear-pending-creates");
    await this.#order(up);
    this.relay.drop();
    this.#current = up;
  }

  /** Nobody ends the provider of a killed CLI: it does so by itself, within a few seconds. Pulumi's own processes take minutes. */
  async #outlived(): Promise<string | undefined> {
    const isLeft = () => this.#left.some((pid) => isRunning(pid) && isProvider(pid));
    for (let look = 0; look < 40 && isLeft(); look++) await setTimeout(250);
    const problem = isLeft() ? "the provider has outlived the CLI that had started it" : undefined;
    for (const pid of this.#left) send(pid, "SIGKILL");
    return problem;
  }

  async #bring(variant: Variant | undefined): Promise<void> {
    if (this.#current === variant) return;
    if (this.#current !== undefined) await this.#order(undefined);
    if (variant !== undefined) await this.#order(variant);
    this.#current = variant;
  }

  #order(up: Variant | undefined): Promise<Run> {
    this.#tell(up);
    return up === undefined ? this.stack.destroy() : this.stack.up();
  }

  /** What the program says. */
  #tell(variant: Variant | undefined): void {
    if (variant === undefined) return;
    const resources = this.declared.map(({ kind, args, after, needs = [] }, place) => ({
      kind: kind.name,
      name: `${kind.name}-${place}`,
      args: { host: this.host.name, ...args, ...(variant === "after" && after) },
      needs,
    }));
    writeFileSync(join(this.stack.program, "resources.json"), JSON.stringify(resources));
  }

  async #compare(variant: Variant | undefined, when: "live" | "booted"): Promise<string | undefined> {
    const lines = lineDifferences(this.#looks[when].get(variant) ?? [], await this.#look());
    return lines.length === 0 ? undefined : lines.join("\n");
  }

  #look = async () => readLook(await this.host.text(LOOK));
}

const NOTHING = { manner: "none", towards: "both", isLasting: false, resetAfter: undefined } as const;

/** Left to itself the kernel writes nothing for five minutes, so that nothing is on the disk by luck. */
const LAZY = "sync; mount -o remount,commit=300 /; sysctl -qw vm.dirty_writeback_centisecs=0";
