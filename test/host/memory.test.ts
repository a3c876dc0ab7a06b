import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const SOURCE = readFileSync(join(__dirname, "..", "..", "provider", "host", "memory.ts"), "utf8");

/** Keeps what is new for a while, as much of it as makes V8 ask for more room. Prints the MB of that room, and the size of the pool. */
const BUSY = `import { getHeapSpaceStatistics } from "node:v8";
const kept = [];
for (let round = 0; round < 500; round += 1) {
  kept[round % 200] = Array.from({ length: 2000 }, (_, index) => ({ round, index }));
}
const { space_size } = getHeapSpaceStatistics().find(({ space_name }) => space_name === "new_space");
console.log(space_size / 2 ** 20, Buffer.poolSize);`;

function run(before: string): readonly number[] {
  const words = ["--input-type=module-typescript", "--eval", `${SOURCE}\n${before}\n${BUSY}`];
  // What Node thinks of the flag, it says among other words.
  return execFileSync(process.execPath, words, { encoding: "utf8" }).trim().split(" ").map(Number);
}

test("what is new gets no more room than it had, and small pieces of bytes keep no large pool", () => {
  const [room = Number.NaN, pool] = run("saveMemory();");
  const [usual = Number.NaN] = run("");
  expect(room).toBeLessThanOrEqual(usual / 4);
  expect(pool).toBe(8192);
});
