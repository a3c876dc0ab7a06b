import { Queue } from "../../../provider/host/session/queue";
import { FakeClock } from "../fake-clock";

/** A queue whose batches take some time, during which more may arrive. */
function queueOf(
  durations: readonly number[],
  during: (batch: number, queue: Queue<string>) => void = () => undefined,
  isComplete: (batches: number) => boolean = () => false,
) {
  const clock = new FakeClock();
  const batches: (readonly string[])[] = [];
  const queue = new Queue<string>(
    (batch) => {
      clock.advance(durations[batches.length] ?? 0);
      batches.push(batch);
      during(batches.length, queue);
      return Promise.resolve();
    },
    clock,
    () => isComplete(batches.length),
  );
  return { clock, batches, queue };
}

const idle = async () => {
  for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
};

test("what is added in one turn is one batch", async () => {
  const { queue, batches } = queueOf([]);
  for (const item of ["a", "b", "c"]) queue.add(item);
  await idle();
  expect(batches).toEqual([["a", "b", "c"]]);
});

test("what arrives during a batch is in the next one, after a quarter of the batch's time or 20 ms", async () => {
  const { queue, batches, clock } = queueOf([40, 1000, 0], (batch, on) => {
    if (batch < 3) on.add(`arrived in ${batch}`);
  });
  queue.add("first");
  await idle();
  expect(batches).toEqual([["first"], ["arrived in 1"], ["arrived in 2"]]);
  expect(clock.sleeps).toEqual([10, 20]);
});

/** Something arrives in each pause. */
function arrivingOften(trip: number, isComplete?: (waiting: number) => boolean) {
  let arrived = 0;
  const made = queueOf(
    [trip, 0],
    (batch, on) => {
      if (batch === 1) on.add("next");
    },
    () => isComplete?.(arrived) === true,
  );
  const { clock, queue } = made;
  const { sleep } = clock;
  Object.assign(clock, {
    sleep: (milliseconds: number) => {
      if (made.batches.length === 1) queue.add(`one more ${arrived++}`);
      return sleep(milliseconds);
    },
  });
  queue.add("first");
  return made;
}

test("who comes quickly is waited for, as long as a round trip takes", async () => {
  const { batches, clock } = arrivingOften(40);
  await idle();
  expect(clock.sleeps).toEqual([10, 10, 10, 10]);
  expect(batches[1]).toHaveLength(5);
});

test("nobody is waited for longer than 150 ms", async () => {
  const { clock } = arrivingOften(10_000);
  await idle();
  expect(clock.sleeps).toEqual(Array.from({ length: 8 }, () => 20));
});

test("nobody is waited for where nobody can come", async () => {
  const { batches, clock } = arrivingOften(10_000, (arrived) => arrived === 2);
  await idle();
  expect(clock.sleeps).toEqual([20, 20]);
  expect(batches[1]).toHaveLength(3);
});

test("a queue that has run dry starts again", async () => {
  const { queue, batches } = queueOf([]);
  queue.add("a");
  await idle();
  queue.add("b");
  await idle();
  expect(batches).toEqual([["a"], ["b"]]);
});

test("what is cleared is in no batch", async () => {
  const { queue, batches } = queueOf([]);
  queue.add("a");
  expect(queue.clear()).toEqual(["a"]);
  await idle();
  expect(batches).toEqual([]);
});
