import { UserError } from "../../../provider/errors";
import { runBatch } from "../../../provider/host/session/batch";
import { FactCache, MAX_AGE } from "../../../provider/host/session/fact-cache";
import { type HostContext, observe } from "../../../provider/host/session/host-context";
import { pendingJob } from "../../../provider/host/session/pending-job";
import { sessionOn } from "../../../provider/host/session/session";
import { SharedFacts } from "../../../provider/host/session/shared-facts";
import { Turns } from "../../../provider/host/session/turns";
import type { Script } from "../../../provider/host/shell/script";
import type { Connection } from "../../../provider/model/connection";
import { type Command, quote, type Result, type Step } from "../../../provider/step";
import { A_MACHINE } from "../../engine/a-machine";
import { FakeClock } from "../fake-clock";
import { type RawPlan, rawJob } from "./raw-job";

const TABLE: Command = { run: ["ipvsadm", "-S"] };
const HOST: Command = { run: ["hostname"] };

/** A host that answers each command with its own words, and notes each round trip. `fail`: those of them that it refuses. */
function hostThat(fail: (summary: string) => boolean = () => false, generation = () => 1) {
  const trips: string[] = [];
  const lockFile = { text: "", ends: [] as (() => string)[] };
  const resultsOf = (script: Script, first: Partial<Result>): readonly Result[] =>
    script.summaries.map((summary, index) => {
      const stdout = summary.includes("echo none") ? "none\n" : summary;
      const usual = { code: fail(summary) ? 1 : 0, stdout, stderr: "" };
      return index === 0 ? { ...usual, ...first } : usual;
    });
  const observe = (script: Script) => {
    if (script.text("nonce").includes("flock -s")) {
      trips.push("wait");
      return Promise.resolve(resultsOf(script, { stdout: lockFile.ends.shift()?.() ?? "" }));
    }
    trips.push(["observe", ...script.summaries.slice(1)].join("; "));
    return Promise.resolve(resultsOf(script, { stdout: `${lockFile.text}\n` }));
  };
  const apply = (script: Script) => {
    trips.push(["apply", ...script.summaries].join("; "));
    const text = script.text("nonce");
    const [, after] = /"\$w" != (\S+) \]/.exec(text) ?? [];
    if (after !== undefined && after !== quote(lockFile.text.replace("+back:", "")))
      return Promise.resolve(resultsOf(script, { code: 4, stdout: `${lockFile.text}\n` }));
    lockFile.text = /echo (\w+) >/.exec(text)?.[1] ?? "";
    return Promise.resolve(resultsOf(script, {}));
  };
  const clock = new FakeClock();
  const engine = { isGone: false };
  const context: HostContext = {
    name: "host1",
    connection: { deadline: 60 } as Connection,
    shell: {
      info: () =>
        Promise.resolve({
          uid: 0,
          phase: "booted",
          reachedAt: { address: "192.0.2.1", port: 22 },
          machine: A_MACHINE,
          missing: [],
        }),
      generation,
      observe,
      apply,
      close: () => undefined,
    },
    cache: new FactCache(clock.now),
    shared: new SharedFacts(),
    turns: new Turns(),
    clock,
    engineLives: () => Promise.resolve(!engine.isGone),
    log: (line) => line !== undefined && trips.push(line),
  };
  return { trips, context, lockFile, engine };
}

type Outcome = { readonly done: number; readonly seen: string } | { readonly error: string };

async function run(
  context: HostContext,
  jobs: Readonly<Record<string, readonly Step[] | Error | (() => readonly Step[])>>,
) {
  const outcomes: Record<string, Outcome> = {};
  const pending = Object.entries(jobs).map(([subject, steps]) =>
    pendingJob<RawPlan>(
      rawJob(subject, [TABLE], () => {
        if (steps instanceof Error) throw steps;
        return typeof steps === "function" ? steps() : steps;
      }),
      ({ after, done }) => {
        outcomes[subject] = { done: done.length, seen: after.seen.answer(TABLE).stdout };
      },
      (error) => {
        outcomes[subject] = { error: error instanceof Error ? (error.message.split("\n")[0] ?? "") : "?" };
      },
    ),
  );
  await runBatch(context, pending);
  return outcomes;
}

const rule = (...words: string[]): Step => ({ rule: words });
const LOCK = "flock -w 30 /run/pulumi-lvs.lock";

test("jobs are observed, applied and verified together: two round trips", async () => {
  const { trips, context } = hostThat();
  const outcomes = await run(context, { one: [rule("-A", "x")], two: [rule("-A", "y")], three: [] });
  expect(trips).toEqual(["observe; ipvsadm -S", `apply; ${LOCK}; ipvsadm -R (2 rules); ipvsadm -S`]);
  expect(outcomes).toEqual({
    one: { done: 1, seen: "ipvsadm -S" },
    two: { done: 1, seen: "ipvsadm -S" },
    three: { done: 0, seen: "ipvsadm -S" },
  });
});

test("the host is not asked whether it may replace what we wrote a moment ago, nor twice whose the lock is", async () => {
  let generation = 1;
  const { context } = hostThat(undefined, () => generation);
  const texts: string[] = [];
  const { shell } = context;
  const apply: typeof shell.apply = (script, ...rest) => {
    texts.push(script.text("nonce"));
    return shell.apply(script, ...rest);
  };
  let count = 0;
  const writing = async (...more: Step[]) => {
    count += 1;
    const edit = (text = "") => `${text}${count}`;
    await run({ ...context, shell: { ...shell, apply } }, { one: [{ file: "/x", summary: "edit", edit }, ...more] });
    const text = texts.at(-1) ?? "";
    return { file: / 0644 '' ours </.test(text), lock: text.includes('if own /run/pulumi-lvs.lock "" 600; then') };
  };
  expect(await writing()).toEqual({ file: false, lock: false });
  expect(await writing()).toEqual({ file: true, lock: true });
  expect(await writing({ command: { run: ["touch", "/x"] } })).toEqual({ file: true, lock: true });
  // The command may have changed anything, and there may be another host behind another connection.
  expect(await writing()).toEqual({ file: false, lock: true });
  generation = 2;
  expect(await writing()).toEqual({ file: false, lock: false });
});

test("a job that refuses, or whose step cannot be sent, fails alone", async () => {
  const { trips, context } = hostThat();
  const outcomes = await run(context, {
    refuses: new Error("no plan"),
    "bad rule": [rule("-A", "two words")],
    good: [rule("-A", "x")],
  });
  expect(outcomes).toEqual({
    refuses: { error: "no plan" },
    "bad rule": { error: 'a word of a rule must not be empty or contain blanks: "two words"' },
    good: { done: 1, seen: "ipvsadm -S" },
  });
  expect(trips.at(-1)).toBe(`apply; ${LOCK}; ipvsadm -A x; ipvsadm -S`);
});

test("what refuses plans anew once others have repaired what stood in its way", async () => {
  const { trips, context } = hostThat();
  let isBroken = true;
  const outcomes = await run(context, {
    "needs the file": () => {
      if (isBroken) throw new UserError("line 2 of the file is in the way");
      return [rule("-A", "y")];
    },
    "owns line 2": () => {
      isBroken = false;
      return [rule("-A", "x")];
    },
    "refuses in any case": new UserError("no"),
  });
  expect(outcomes).toEqual({
    "needs the file": { done: 1, seen: "ipvsadm -S" },
    "owns line 2": { done: 1, seen: "ipvsadm -S" },
    "refuses in any case": { error: "no" },
  });
  expect(trips).toEqual([
    "observe; ipvsadm -S",
    `apply; ${LOCK}; ipvsadm -A x; ipvsadm -S`,
    `apply; ${LOCK}; ipvsadm -A y; ipvsadm -S`,
  ]);
});

test("a refusal costs no second look where nothing was changed", async () => {
  const { trips, context } = hostThat();
  expect(await run(context, { one: new UserError("no"), two: [] })).toEqual({
    one: { error: "no" },
    two: { done: 0, seen: "ipvsadm -S" },
  });
  expect(trips).toEqual(["observe; ipvsadm -S"]);
});

test("while a script of another run is at work, its end is waited for, and all is read again", async () => {
  const { trips, context, lockFile } = hostThat();
  lockFile.text = "other:";
  lockFile.ends = [() => "busy other:", () => `free ${(lockFile.text = "other")}`];
  expect(await run(context, { one: [rule("-A", "x")] })).toEqual({ one: { done: 1, seen: "ipvsadm -S" } });
  expect(trips).toEqual([
    "observe; ipvsadm -S",
    "wait",
    "host1: another run is writing to this host, or an interrupted one still is, and we wait for it",
    "wait",
    "observe; ipvsadm -S",
    `apply; ${LOCK}; ipvsadm -A x; ipvsadm -S`,
  ]);
});

test("what the host takes back because nobody confirmed it is waited for; where it never does, for as long as that could take", async () => {
  const { trips, context, lockFile } = hostThat();
  lockFile.text = "killed+back:";
  lockFile.ends = [() => "back killed+back:", () => `free ${(lockFile.text = "killed")}`];
  await run(context, { one: [] });
  const waited =
    "host1: the host takes back a change of an interrupted run that might have cut it off, and we wait for it";
  expect(trips).toEqual(["observe; ipvsadm -S", "wait", waited, "wait", "observe; ipvsadm -S"]);
  lockFile.text = "killed+back:";
  lockFile.ends = Array.from({ length: 20 }, () => () => {
    void context.clock.sleep(5000);
    return "back killed+back:";
  });
  context.cache.invalidate();
  expect(await run(context, { two: [rule("-A", "x")] })).toMatchObject({ two: { done: 1 } });
  expect(lockFile.ends).toHaveLength(12);
});

test("of a script that was killed the mark is left: what it did is read once more, and it is waited for no more", async () => {
  const { trips, context, lockFile } = hostThat();
  lockFile.text = "killed:";
  lockFile.ends = [() => "free killed:"];
  await run(context, { one: [] });
  context.cache.invalidate();
  await run(context, { two: [] });
  expect(trips).toEqual(["observe; ipvsadm -S", "wait", "observe; ipvsadm -S", "observe; ipvsadm -S"]);
});

test("nothing is changed for an engine that has ended", async () => {
  const { trips, context, engine } = hostThat();
  engine.isGone = true;
  expect(await run(context, { one: [rule("-A", "x")] })).toEqual({
    one: { error: "host1: the run that asked for this has ended, and nothing more is changed for it" },
  });
  expect(trips).toEqual(["observe; ipvsadm -S"]);
});

test("a script that never ends is waited for with a limit, and named", async () => {
  const { context, lockFile } = hostThat();
  lockFile.text = "other:";
  lockFile.ends = Array.from({ length: 1000 }, () => () => {
    void context.clock.sleep(5000);
    return "busy other:";
  });
  expect(await run(context, { one: [] })).toEqual({
    one: { error: "host1: another run is writing to this host, and did not finish within 900 s" },
  });
});

test("without the lock all of them fail, and what was known is read again", async () => {
  const { trips, context } = hostThat((summary) => summary === LOCK);
  const error = "host1: another run is writing to this host, and did not finish within 30 s";
  expect(await run(context, { one: [rule("-A", "x")], two: [rule("-A", "y")] })).toEqual({
    one: { error },
    two: { error },
  });
  await run(context, { three: [] });
  expect(trips.at(-1)).toBe("observe; ipvsadm -S");
});

test("after a failed step its facts are read once more, and nothing of that is kept", async () => {
  const { trips, context } = hostThat((summary) => summary.startsWith("ipvsadm -A"));
  await run(context, { one: [rule("-A", "x")] });
  await run(context, { two: [] });
  expect(trips).toEqual(["observe; ipvsadm -S", `apply; ${LOCK}; ipvsadm -A x; ipvsadm -S`, "observe; ipvsadm -S"]);
});

test("facts that several jobs read are read again with each write", async () => {
  const { trips, context } = hostThat();
  context.shared.count("another", [HOST]);
  context.shared.count("and another", [HOST]);
  await run(context, { one: [rule("-A", "x")] });
  expect(trips.at(-1)).toBe(`apply; ${LOCK}; ipvsadm -A x; ipvsadm -S; hostname`);
});

describe("after a new connection, since when the host may have booted", () => {
  test("a plan that was made before is made anew from a new look, and not carried out", async () => {
    let generation = 1;
    const { trips, context } = hostThat(undefined, () => generation);
    await run(context, { looks: [] });
    const jobs: Record<string, readonly Step[]> = { changes: [rule("-A", "x")] };
    generation = 2;
    await run(context, jobs);
    expect(trips).toEqual([
      "observe; ipvsadm -S",
      "observe; ipvsadm -S",
      expect.stringMatching(/^apply; .*; ipvsadm -A x/),
    ]);
  });

  test("what was read before is read again, beside what was not", async () => {
    let generation = 1;
    const { trips, context } = hostThat(undefined, () => generation);
    await observe(context, [TABLE]);
    generation = 2;
    await observe(context, [TABLE, HOST]);
    expect(trips).toEqual(["observe; ipvsadm -S", "observe; hostname", "observe; ipvsadm -S"]);
  });
});

describe("after another run has written", () => {
  test("a plan that was made before is not carried out, and made anew from what is read instead", async () => {
    const { trips, context, lockFile } = hostThat();
    await run(context, { looks: [] });
    lockFile.text = "another";
    const step = { changes: [rule("-A", "x")] };
    expect(await run(context, step)).toEqual({ changes: { done: 1, seen: "ipvsadm -S" } });
    expect(trips).toEqual([
      "observe; ipvsadm -S",
      expect.stringMatching(/^apply; .*; ipvsadm -A x; ipvsadm -S/),
      expect.stringMatching(/^apply; .*; ipvsadm -A x; ipvsadm -S/),
    ]);
    await run(context, step);
    expect(trips).toHaveLength(4);
  });

  test("what was read before is read again, beside what was not", async () => {
    const { trips, context, lockFile } = hostThat();
    await observe(context, [TABLE]);
    lockFile.text = "another";
    await observe(context, [TABLE, HOST]);
    expect(trips).toEqual(["observe; ipvsadm -S", "observe; hostname", "observe; ipvsadm -S"]);
  });

  test("a plan that is overtaken each time is tried as it is in the end", async () => {
    const { trips, context, lockFile } = hostThat();
    const { apply } = context.shell;
    Object.assign(context.shell, {
      apply: (...trip: Parameters<typeof apply>) => {
        lockFile.text = `another${trips.length}`;
        return apply(...trip);
      },
    });
    expect(await run(context, { changes: [rule("-A", "x")] })).toEqual({ changes: { done: 1, seen: "ipvsadm -S" } });
    expect(trips).toHaveLength(52);
  });
});

test("a plan is made anew where another run writes while the files are read that it changes", async () => {
  const { trips, context, lockFile } = hostThat();
  const { observe: look } = context.shell;
  Object.assign(context.shell, {
    observe: (script: Script, facts: number) => {
      if (script.summaries.at(-1)?.includes("rules") === true && trips.length === 1) lockFile.text = "another";
      return look(script, facts);
    },
  });
  const plans: string[] = [];
  const edit: Step = { file: "/etc/rules", summary: "edit", edit: () => "x" };
  const job = rawJob("edits", [TABLE], () => {
    plans.push(lockFile.text);
    return [edit];
  });
  await new Promise((resolve, reject) => void runBatch(context, [pendingJob(job, resolve, reject)]));
  expect(plans).toEqual(["", "another"]);
});

describe("what cannot be read", () => {
  /** `bad`: which of the looks the host answers with an error. */
  async function looks(bad: (look: number) => boolean, steps: readonly Step[] = []) {
    let look = 0;
    const { trips, context } = hostThat((summary) => summary === "ipvsadm -S" && bad((look += 1)));
    const job = rawJob("job", [TABLE], (seen) => (seen.get({ command: TABLE, parse: String }) === "" ? [] : steps));
    const outcome = await new Promise<string>((resolve) => {
      const pending = pendingJob(
        job,
        ({ after, done }) => resolve(`${done.length} done, ${after.seen.get({ command: TABLE, parse: String })}`),
        (error) => resolve((error as Error).message.split("\n")[0] ?? ""),
      );
      void runBatch(context, [pending]);
    });
    return { outcome, trips: trips.map((trip) => trip.split(";")[0]) };
  }

  test("is read once more: somebody may just have been replacing it", async () => {
    expect(await looks((look) => look === 1)).toEqual({ outcome: "0 done, ipvsadm -S", trips: ["observe", "observe"] });
  });

  test("fails the job that needs it where it still cannot be read", async () => {
    const { outcome, trips } = await looks(() => true);
    expect(outcome).toBe("job: command failed with exit code 1");
    expect(trips).toEqual(["observe", "observe"]);
  });

  test("after the steps is read once more, too, and the steps are not repeated", async () => {
    expect(await looks((look) => look === 2, [rule("-A", "x")])).toEqual({
      outcome: "1 done, ipvsadm -S",
      trips: ["observe", "apply", "observe"],
    });
  });
});

test("what a host has said is forgotten once it is too old for anybody, and not while a batch goes on", async () => {
  jest.useFakeTimers({ doNotFake: ["setImmediate", "queueMicrotask", "nextTick"] });
  const forgets = jest.spyOn(FactCache.prototype, "forgetOld");
  const { context } = hostThat();
  const session = sessionOn({ ...context, connection: { name: "host1", deadline: 60 } as Connection });
  for (const subject of ["one", "two"]) {
    await session.submit(rawJob(subject, [TABLE]));
    await new Promise(setImmediate);
    jest.advanceTimersByTime(MAX_AGE);
    expect(forgets).not.toHaveBeenCalled();
  }
  jest.advanceTimersByTime(1);
  expect(forgets).toHaveBeenCalledTimes(1);
  jest.useRealTimers();
});
