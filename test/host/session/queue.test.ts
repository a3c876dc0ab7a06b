import { Queue } from "../../../provider/host/session/queue";
import { FakeClock } from "../fake-clock";

/** A queue whose batches take some time, during which more may arrive. */
function queueOf(
  durations: readonly number[],
  during: (batch: number, queue: Queue<string>) => void = () => undefined,
) {
  const clock = new FakeClock();
  const batches: (readonly string[])[] = [];
  const queue = new Queue<string>((batch) => {
    clock.advance(durations[batches.length] ?? 0);
    batches.push(batch);
    during(batches.length, queue);
    return Promise.resolve();
  }, clock);
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

test("what arrives during a batch is in the next one, after a quarter of the batch's time or 60 ms", async () => {
  const { queue, batches, clock } = queueOf([100, 1000, 0], (batch, on) => {
    if (batch < 3) on.add(`arrived in ${batch}`);
  });
  queue.add("first");
  await idle();
  expect(batches).toEqual([["first"], ["arrived in 1"], ["arrived in 2"]]);
  expect(clock.sleeps).toEqual([0, 25, 60]);
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
