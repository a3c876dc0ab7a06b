import { readFileSync } from "node:fs";
import { join } from "node:path";
import { importsOfRooms } from "../../tools/toolchain/architecture/graph.mjs";
import { layersOf, reduced } from "../../tools/toolchain/architecture/layers.mjs";
import { drawArchitecture } from "../../tools/toolchain/architecture/svg.mjs";
import { repository } from "../../tools/toolchain/paths.mjs";

test("docs/architecture.svg is what `npm run architecture` draws of the imports of today", async () => {
  const drawn = drawArchitecture(await importsOfRooms());
  expect(readFileSync(join(repository, "docs", "architecture.svg"), "utf8")).toBe(drawn);
}, 120_000);

const code = (from: string, to: string) => ({ from, to, typesOnly: false });
const types = (from: string, to: string) => ({ from, to, typesOnly: true });

test("a room is below all whose code imports it", () => {
  expect(layersOf([code("a", "b"), code("a", "c"), code("b", "c"), types("c", "a")])).toEqual([["a"], ["b"], ["c"]]);
});

test("what a longer way implies is left out", () => {
  const short = [code("a", "b"), code("b", "c"), types("c", "a")];
  expect(reduced([...short, code("a", "c"), types("a", "c")])).toEqual(short);
});

test("a circle of code is an error", () => {
  expect(() => layersOf([code("a", "b"), code("b", "a")])).toThrow("a circle of imports: a -> b -> a");
});
