import { step } from "./step.ts";

const failing = (work: () => unknown, seconds?: number) =>
  step("the name", work, seconds).then(
    () => {
      throw new Error("the step did not fail");
    },
    (error: unknown) => error as Error,
  );

test("a step returns what its work returns", async () => {
  expect(await step("the name", () => 7)).toBe(7);
});

test("the name of a step stands in front of the error, in its stack, too, which is what jest prints", async () => {
  const error = await failing(() => expect(1 + 1).toBe(3));
  expect(error.message).toMatch(/^Step "the name" failed\.\n\n.*toBe/);
  expect(error.stack).toMatch(/Step "the name" failed\.\n\n[^]*Expected[^]*Received[^]*step\.test\.ts/);
});

test("the names of a step in a step stand there in their order", async () => {
  const error = await failing(() => step("the inner name", () => Promise.reject(new Error("the reason"))));
  expect(error.message).toBe('Step "the name" failed.\n\nStep "the inner name" failed.\n\nthe reason');
});

test("a step that does not end fails at its deadline", async () => {
  const error = await failing(() => new Promise(() => undefined), 0.05);
  expect(error.message).toBe('Step "the name" failed.\n\nIt did not finish in 0.05 s.');
});
