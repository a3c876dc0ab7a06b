import type { Job, Plan, Report, Session } from "../../provider/host/session/job";
import { observationFor } from "../../provider/host/session/observation";
import { describeStep, type Step } from "../../provider/step";
import { A_MACHINE } from "../engine/a-machine";
import { answering } from "../engine/answering";
import type { FakeHost } from "./fake-host";

interface Submitted {
  readonly plan: () => Plan;
  readonly host: FakeHost;
  readonly end: (report: Report) => void;
  readonly fail: (error: unknown) => void;
}

/**
 * Sessions of one host, of which each fake does a part: jobs that are submitted in the same moment are planned by one look, and their steps taken one
 * job after the other. Steps that put back what another job claims are left out, as in a batch of a real session.
 */
export class Batches {
  #waiting: Submitted[] = [];

  sessionOf(host: FakeHost): Session {
    return {
      name: "web1",
      reachedAt: () => Promise.resolve({ address: "192.0.2.1", port: 22 }),
      machine: () => Promise.resolve(A_MACHINE),
      submit: <P extends Plan>(job: Job<P>) =>
        new Promise<Report<P>>((resolve, reject) => {
          const read = (command: Parameters<FakeHost["read"]>[0]) => ({
            code: 0,
            stdout: host.read(command),
            stderr: "",
          });
          const plan = () => job.plan(observationFor(job, answering(read)));
          if (this.#waiting.length === 0) setImmediate(() => this.#run());
          this.#waiting.push({ plan, host, end: (report) => resolve(report as Report<P>), fail: reject });
        }),
    };
  }

  #run(): void {
    const batch = this.#waiting.splice(0).flatMap((one) => {
      try {
        const before = one.plan();
        return [{ ...one, before, steps: before.steps() }];
      } catch (error) {
        one.fail(error);
        return [];
      }
    });
    const claimed = batch.flatMap(({ steps }) => steps.flatMap((step) => ("claims" in step ? [step.claims] : [])));
    const isLeft = (step: Step) => !("releases" in step) || !claimed.includes(step.releases);
    const done = batch.map(({ host, steps }) => take(host, steps.filter(isLeft)));
    for (const [at, { plan, before, end, fail }] of batch.entries()) {
      try {
        end({ before, after: plan(), done: done[at] ?? [] });
      } catch (error) {
        fail(error);
      }
    }
  }
}

/** The first that fails ends them. */
function take(host: FakeHost, steps: readonly Step[]): Report["done"] {
  const done: Report["done"][number][] = [];
  for (const step of steps) {
    const result = host.perform(step);
    done.push({ step, command: describeStep(step), result });
    if (result.code !== 0) break;
  }
  return done;
}
