import type { Facts } from "../../../provider/facts/fact";
import { type Advice, type Command, describeStep, type Result, type Step } from "../../../provider/step";
import type { HostName } from "../../../tools/lab/hosts";

/**
 * The contract of a fake: a table of scenarios in which the fake and a real host must agree, step by step, on exit code,
 * stderr and facts.
 *
 * - `test/fakes/contracts/NAME.ts` is the table;
 * - `test/fakes/NAME.test.ts` runs it on the fake, in the unit suite: `testContract(table, () => new FakeX())`;
 * - `test/lab/{ipvs,system}/fakes.test.ts` run every table on a host of the lab. A new table is one line in its list.
 *
 * A fake takes part by extending FakeHost: it answers the commands of facts with the text that the host would print, executes
 * commands, and throws CommandFailure with the host's exit code and words.
 */
export interface Contract<Seen> {
  readonly name: string;
  /** The host of the lab that the fake stands for. */
  readonly host: HostName;
  /** Shell text that brings this host into the state of a new fake. It runs before each scenario. */
  readonly reset: string;
  /** The facts that are compared. A fact whose answer depends on the machine (its memory, its clock) has no place here. */
  readonly facts: Facts<Seen>;
  /** What operators read when a step fails. */
  readonly advice?: readonly Advice[];
  readonly scenarios: readonly Scenario<Seen>[];
}

export interface Scenario<Seen> {
  /** What the host does, as a sentence. */
  readonly name: string;
  readonly steps: readonly ContractStep<Seen>[];
}

export interface ContractStep<Seen> {
  readonly step: Step;
  /** Absent: the step succeeds. */
  readonly fails?: Failure;
  /** Facts after the step. Those that are not named are not compared. */
  readonly seen?: Partial<Seen>;
}

export interface Failure {
  readonly code: number;
  /** All of stderr, without the last line end. */
  readonly stderr: string;
  /** How the advice begins that matches `stderr`. Absent: none matches. */
  readonly advice?: string;
}

/** A fake, or a host of the lab. */
export interface ContractHost {
  perform(step: Step): Result | Promise<Result>;
  /** The stdout of a fact's command. */
  read(command: Command): string | Promise<string>;
}

/** One test for each scenario. `start` gives a host in its first state. */
export function testContract<Seen>(
  contract: Contract<Seen>,
  start: () => ContractHost | Promise<ContractHost>,
  title = contract.name,
): void {
  describe(title, () => {
    test.each(contract.scenarios)("$name", async ({ steps }) => {
      const host = await start();
      for (const expected of steps) {
        // One comparison for each step, so that the report names the step at which the two part.
        expect(await outcomeOf(contract, host, expected)).toEqual({
          step: describeStep(expected.step),
          fails: expected.fails,
          seen: expected.seen ?? {},
        });
      }
    });
  });
}

async function outcomeOf<Seen>(
  contract: Contract<Seen>,
  host: ContractHost,
  { step, fails, seen }: ContractStep<Seen>,
) {
  const { code, stderr } = await host.perform(step);
  const text = stderr.trimEnd();
  const advice = contract.advice?.find(({ when }) => when.test(text))?.say;
  // A beginning is enough: the wording of advice is tested elsewhere.
  const begins = fails?.advice !== undefined && advice?.startsWith(fails.advice) === true ? fails.advice : advice;
  return {
    step: describeStep(step),
    fails: code !== 0 ? { code, stderr: text, ...(begins !== undefined && { advice: begins }) } : undefined,
    seen: await observe(contract.facts, host, seen ?? {}),
  };
}

async function observe<Seen>(facts: Facts<Seen>, host: ContractHost, names: Partial<Seen>): Promise<Partial<Seen>> {
  const seen: Partial<Seen> = {};
  for (const name in names) {
    const { command, parse } = facts[name];
    seen[name] = parse(await host.read(command));
  }
  return seen;
}
