import { Dials } from "../../../provider/host/shell/dials";

/** What is said of so many dials, so many at a time, each of which takes so many milliseconds. */
async function said(count: number, { atOnce, ms }: { readonly atOnce: number; readonly ms: number }) {
  const lines: string[] = [];
  const dials = new Dials((line) => lines.push(line));
  let now = 0;
  const clock = { now: () => now, sleep: () => Promise.resolve() };
  for (let made = 0; made < count; made += atOnce) {
    const ends: (() => void)[] = [];
    const started = Array.from({ length: atOnce }, () =>
      dials.count(() => new Promise<void>((resolve) => ends.push(resolve)), clock),
    );
    now += ms;
    for (const end of ends) end();
    await Promise.all(started);
  }
  return lines;
}

test("who waits for many dials, few at a time, is told once how more are made at once", async () => {
  const [line, ...rest] = await said(200, { atOnce: 8, ms: 2500 });
  expect(rest).toEqual([]);
  expect(line).toBe(
    "pulumi-lvs: 32 hosts were reached so far, in 10 s, and no more than 8 at a time: Pulumi works on so many resources at once. " +
      "--parallel 64, or PULUMI_PARALLEL=64 in the environment, reaches more of them at once.",
  );
});

test.each([
  ["they are quick", 200, { atOnce: 8, ms: 100 }],
  ["all are made at once", 200, { atOnce: 200, ms: 20_000 }],
  ["there are few", 16, { atOnce: 8, ms: 20_000 }],
])("nothing is said where %s", async (_, count, way) => {
  expect(await said(count, way)).toEqual([]);
});

test("one that fails is not counted", async () => {
  const lines: string[] = [];
  const dials = new Dials((line) => lines.push(line));
  const clock = { now: () => 0, sleep: () => Promise.resolve() };
  const failed = dials.count(() => Promise.reject(new Error("down")), clock);
  await expect(failed).rejects.toThrow("down");
  expect(lines).toEqual([]);
});
