import ts from "typescript";
import { nodesOf } from "./our-program";
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

test("no function of provider/ has more than 60 lines", () => {
  const functions = sources.flatMap(({ path, text }) => {
    const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
    return [...nodesOf(file)].filter(isFunctionWithBody).map((node) => {
      const [first, last] = [node.getStart(file), node.getEnd()].map(
        (at) => file.getLineAndCharacterOfPosition(at).line,
      );
      return { place: `${path}:${(first ?? 0) + 1}`, lines: (last ?? 0) - (first ?? 0) + 1 };
    });
  });
  expect(functions.length).toBeGreaterThan(1000);
  expect(functions.filter(({ lines }) => lines > 60)).toEqual([]);
});

function isFunctionWithBody(node: ts.Node): boolean {
  return ts.isFunctionLike(node) && "body" in node && node.body !== undefined;
}
