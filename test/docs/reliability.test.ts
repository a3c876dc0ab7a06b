import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { repository } from "../../tools/toolchain/paths.mjs";
import { pathOf } from "../../tools/toolchain/soak/areas.mjs";
import { FAULTS, orderOf } from "../../tools/toolchain/soak/faults.mjs";
import {
  faultTable,
  PAGE,
  readReliability,
  withFault,
  withReliability,
} from "../../tools/toolchain/soak/reliability.mjs";

test("the page on reliability says of a soak what the record says, and nothing else", () => {
  const page = readFileSync(PAGE, "utf8");
  expect(withReliability(page, readReliability())).toBe(page);
});

test("every fault has its test, which reads the variable that tells it how many", () => {
  for (const { file, variable } of Object.values(FAULTS)) {
    expect([file, existsSync(join(repository, pathOf(file)))]).toEqual([file, true]);
    const folder = join(repository, pathOf(file), "..");
    const texts = ["lives.ts", `${file.split("/").at(-1) ?? ""}.test.ts`]
      .map((name) => join(folder, name))
      .filter((path) => existsSync(path))
      .map((path) => readFileSync(path, "utf8"));
    expect([file, texts.some((text) => text.includes(variable))]).toEqual([file, true]);
  }
});

test.each([
  ["cuts 500 --seed 7", { name: "cuts", amount: "500", seed: 7, isAnew: false }],
  ["cuts --stack whole --anew", { name: "cuts", amount: "500", stack: "whole", isAnew: true }],
  ["crash-points VipAlias", { name: "crash-points", amount: "VipAlias", isSample: false }],
  ["crash-points VipAlias --seed 7", { name: "crash-points", amount: "VipAlias", isSample: true, seed: 7 }],
  ["kills 3", { name: "kills", amount: "3", stack: undefined }],
])("%s", (words, order) => {
  expect(orderOf(words.split(" "))).toMatchObject(order);
});

test.each(["cut 500", "cuts many", "cuts 0", "cuts 5 6", "kills 5 --stack whole", "cuts --seed", "bullseye", ""])(
  "%j is no order",
  (words) => {
    expect(orderOf(words.split(" "))).toBeUndefined();
  },
);

test("runs of a sort add up, unless one begins anew", () => {
  const run = (date: string, seed: number) => ({ date, amount: "2", seed });
  const one = { runs: [run("2026-01-30", 1)], rows: { reset: { create: 1 }, close: { create: 1 } } };
  const other = { runs: [run("2026-01-31", 9)], rows: { reset: { create: 1, differed: 1 } } };
  const both = withFault({ cuts: one, kills: one }, "cuts", other, false);
  expect(both["kills"]).toBe(one);
  expect(faultTable(both["cuts"] ?? one, ["create", "differed"])).toBe(
    [
      "From 2026-01-30 to 2026-01-31: 2 from seed 1, 2 from seed 9.",
      "",
      "|       | create | differed |",
      "| ----- | ------ | -------- |",
      "| close | 1      | 0        |",
      "| reset | 2      | 1        |",
      "| all   | 3      | 1        |",
    ].join("\n"),
  );
  expect(withFault({ cuts: one }, "cuts", other, true)).toEqual({ cuts: other });
});
