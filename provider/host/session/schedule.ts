import type { Step } from "../../step";
import { type BatchedCommand, batchedCommand, type Contribution, resultOf } from "./batched-command";

/** The steps of one job. */
export interface JobSteps {
  readonly steps: readonly Step[];
  /** Each step is a command of its own, and none is merged with those of others. */
  readonly isolated: boolean;
}

/** Steps with the same key can be merged. Undefined: never. */
type MergeKey = string | undefined;

/**
 * Puts the steps of many jobs in one order, and merges: rules go through one process, a file is written once for all who change it,
 * and a command marked `once` runs once. The steps of a job keep their order. A merged step runs once every job that contains
 * it has reached it. A step that puts back what another one claims is left out: it was planned before that was known. `isOurs`: whether a file
 * has its text by a write of ours.
 */
export function schedule(
  jobs: readonly JobSteps[],
  textOf: (path: string) => string | undefined,
  isOurs: (path: string) => boolean = () => false,
): readonly BatchedCommand[] {
  const files = new FileTexts(textOf, isOurs);
  return orderOf(withoutReleases(jobs)).flatMap((contributions) => {
    const [first] = contributions;
    if (first === undefined) return [];
    if (!("file" in first.step)) return [batchedCommand(contributions)];
    const before = files.get(first.step.file);
    const wasWritten = files.isOurs(first.step.file);
    const after = resultOf(contributions, before);
    files.set(first.step.file, after);
    return after === before ? [] : [batchedCommand(contributions, { before, after, isOurs: wasWritten })];
  });
}

function withoutReleases(jobs: readonly JobSteps[]): readonly JobSteps[] {
  const claimed = new Set(
    jobs.flatMap(({ steps }) => steps.flatMap((step) => ("claims" in step ? [step.claims] : []))),
  );
  const isLeft = (step: Step) => !("releases" in step) || !claimed.has(step.releases);
  return jobs.map((job) => ({ ...job, steps: job.steps.filter(isLeft) }));
}

/** The texts of files as earlier steps of the batch leave them. */
class FileTexts {
  readonly #texts = new Map<string, string | undefined>();

  constructor(
    private readonly original: (path: string) => string | undefined,
    private readonly isOriginalOurs: (path: string) => boolean,
  ) {}

  /** One that this batch changes before may not have been written then. */
  isOurs(path: string): boolean {
    return !this.#texts.has(path) && this.isOriginalOurs(path);
  }

  get(path: string): string | undefined {
    return this.#texts.has(path) ? this.#texts.get(path) : this.original(path);
  }

  set(path: string, text: string | undefined): void {
    this.#texts.set(path, text);
  }
}

/** All steps in order; those that are merged stand in one group. */
function orderOf(jobs: readonly JobSteps[]): readonly (readonly Contribution[])[] {
  const queues = new StepQueues(jobs);
  const groups: (readonly Contribution[])[] = [];
  for (;;) {
    const group = queues.takeUnmergeable() ?? queues.takeMergeable();
    if (group === undefined) return groups;
    groups.push(group);
  }
}

/** What is left of each job. */
class StepQueues {
  readonly #queues: Step[][];

  constructor(private readonly jobs: readonly JobSteps[]) {
    this.#queues = jobs.map(({ steps }) => [...steps]);
  }

  takeUnmergeable(): readonly Contribution[] | undefined {
    const job = this.#queues.findIndex(([head], index) => head !== undefined && this.#key(index, head) === undefined);
    const step = this.#queues[job]?.shift();
    return step === undefined ? undefined : [{ job, step }];
  }

  /** Where two jobs wait for each other, the first goes on without the other. */
  takeMergeable(): readonly Contribution[] | undefined {
    const keys = this.#queues.flatMap(([head], job) => (head === undefined ? [] : [this.#key(job, head)]));
    const heads = [...new Set(keys.filter((key) => key !== undefined))];
    const key = heads.find((head) => !this.#isExpected(head)) ?? heads[0];
    return key === undefined ? undefined : this.#queues.flatMap((_, job) => this.#takeRun(job, key));
  }

  /** Whether a job has such a step further back. */
  #isExpected(key: string): boolean {
    return this.#queues.some(
      (queue, job) =>
        queue[0] !== undefined &&
        this.#key(job, queue[0]) !== key &&
        queue.some((step) => this.#key(job, step) === key),
    );
  }

  /** The steps at the head of a job that have this key. */
  #takeRun(job: number, key: string): readonly Contribution[] {
    const queue = this.#queues[job] ?? [];
    const end = queue.findIndex((step) => this.#key(job, step) !== key);
    return queue.splice(0, end === -1 ? queue.length : end).map((step) => ({ job, step }));
  }

  #key(job: number, step: Step): MergeKey {
    return this.jobs[job]?.isolated === true ? undefined : mergeKey(step);
  }
}

function mergeKey(step: Step): MergeKey {
  if ("rule" in step) return "rules";
  if ("file" in step) return `file ${step.file}`;
  return step.once === true ? `once ${JSON.stringify(step.command)}` : undefined;
}
