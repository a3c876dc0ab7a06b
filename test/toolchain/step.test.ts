import { StepFailed, step } from "../../tools/toolchain/step.mjs";

const lines = (): unknown[][] => jest.mocked(console.log).mock.calls;

beforeEach(() => {
  jest.spyOn(console, "log").mockImplementation(() => undefined);
});

test("a step that is done already does nothing and says nothing", async () => {
  const work = jest.fn(() => Promise.resolve());
  await step({ name: "packages", done: () => true, work });
  expect(work).not.toHaveBeenCalled();
  expect(lines()).toEqual([]);
});

test("a step says in one line what it did and how long it took", async () => {
  await step({ name: "packages", done: () => false, work: () => Promise.resolve("three of them") });
  expect(lines()).toEqual([[expect.stringMatching(/^packages: three of them, \d+\.\d s$/)]]);
});

test("a step that fails names itself", async () => {
  const work = (): Promise<void> => Promise.reject(new StepFailed("no network"));
  await expect(step({ name: "packages", done: () => false, work })).rejects.toThrow(
    /^packages: no network \(after \d+\.\d s\)$/,
  );
});

test("a defect of ours keeps its stack", async () => {
  const defect = new TypeError("defect");
  await expect(step({ name: "packages", done: () => false, work: () => Promise.reject(defect) })).rejects.toBe(defect);
});
