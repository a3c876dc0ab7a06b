import { providerSources } from "./sources";

const sources = providerSources();

test("there are sources", () => {
  expect(sources.length).toBeGreaterThan(150);
});

test("no folder of provider/ has more than 16 source files", () => {
  const sizes = new Map<string, number>();
  for (const { folder } of sources) sizes.set(folder, (sizes.get(folder) ?? 0) + 1);
  expect([...sizes].filter(([, size]) => size > 16)).toEqual([]);
});

test("no source file of provider/ has more than 200 lines", () => {
  const lengths = sources.map(({ path, text }) => ({ path, lines: text.trimEnd().split("\n").length }));
  expect(lengths.filter(({ lines }) => lines > 200)).toEqual([]);
});
