import { InDoubtError } from "../../../provider/errors";
import type { Session } from "../../../provider/host/session/job";
import { Answer, observationFor } from "../../../provider/host/session/observation";
import { LostConnectionError } from "../../../provider/host/shell/shell";
import { describeStep, type Step } from "../../../provider/step";
import type { FakeHost } from "../../fakes/fake-host";
import type { DyingShell } from "../../support/crash-points";
import { A_MACHINE } from "../a-machine";

/** A session of a fake host, whose shell dies when told. It looks at the host as a real one does, and takes the same steps. */
export class FakeSession implements Session, DyingShell {
  readonly name = "web1";
  after: string | undefined;
  #left = Infinity;

  constructor(private readonly host: FakeHost) {}

  arm(steps: number): void {
    this.#left = steps;
    this.after = undefined;
  }

  disarm(): void {
    this.#left = Infinity;
  }

  reachedAt = () => Promise.resolve({ address: "192.0.2.1", port: 22 });
  machine = () => Promise.resolve(A_MACHINE);

  submit: Session["submit"] = async (job) => {
    const plan = () =>
      job.plan(observationFor(job, (command) => new Answer({ code: 0, stdout: this.host.read(command), stderr: "" })));
    const before = plan();
    const done = [];
    for (const step of before.steps()) {
      this.#step(step);
      const result = this.host.perform(step);
      done.push({ step, command: describeStep(step), result });
      if (result.code !== 0) break;
    }
    return Promise.resolve({ before, after: done.length === 0 ? before : plan(), done });
  };

  #step(step: Step): void {
    if (this.#left === 0) {
      this.disarm();
      this.after = `before ${describeStep(step)}`;
      throw new InDoubtError(new LostConnectionError("the shell died"));
    }
    this.#left -= 1;
  }
}
