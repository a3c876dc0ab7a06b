import { InDoubtError } from "../../../provider/errors";
import type { Session } from "../../../provider/host/session/job";
import { Answer, observationFor } from "../../../provider/host/session/observation";
import { LostConnectionError } from "../../../provider/host/shell/shell";
import { describeStep, type Step } from "../../../provider/step";
import type { FakeHost } from "../../fakes/fake-host";
import type { DyingShell, Repeater } from "../../support/crash-points";
import { A_MACHINE } from "../a-machine";

/** A session of a fake host, whose shell dies when told. It looks at the host as a real one does, and takes the same steps. */
export class FakeSession implements Session, DyingShell, Repeater {
  readonly name = "web1";
  after: string | undefined;
  #left = Infinity;
  /** By what the host said: what it says again is understood as before. */
  readonly #answers = new Map<string, Answer>();

  /** Since somebody listens. */
  #taken: Step[] = [];

  constructor(private readonly host: FakeHost) {}

  listen(): void {
    this.#taken = [];
  }

  heard(): () => void {
    const taken = [...this.#taken];
    return () => {
      for (const step of taken) this.host.perform(step);
    };
  }

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
    const plan = () => job.plan(observationFor(job, (command) => this.#answer(this.host.read(command))));
    const before = plan();
    const done = [];
    for (const step of before.steps()) {
      this.#step(step);
      const result = this.host.perform(step);
      this.#taken.push(step);
      done.push({ step, command: describeStep(step), result });
      if (result.code !== 0) break;
    }
    return Promise.resolve({ before, after: done.length === 0 ? before : plan(), done });
  };

  #answer(stdout: string): Answer {
    const known = this.#answers.get(stdout);
    if (known !== undefined) return known;
    const answer = new Answer({ code: 0, stdout, stderr: "" });
    this.#answers.set(stdout, answer);
    return answer;
  }

  #step(step: Step): void {
    if (this.#left === 0) {
      this.disarm();
      this.after = `before ${describeStep(step)}`;
      throw new InDoubtError(new LostConnectionError("the shell died"));
    }
    this.#left -= 1;
  }
}
