import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as library from "../provider/index";
import * as runtime from "../provider/runtime";

const root = join(__dirname, "..");
const examples = readdirSync(join(root, "examples"))
  .map((name) => join(root, "examples", name, "index.ts"))
  .filter((path) => existsSync(path))
  .map((path) => readFileSync(path, "utf8"))
  .join("\n");

const fileOf = (name: string) => name.replaceAll(/(?<=[a-z])[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
const classes = Object.entries(library as unknown as Record<string, { __pulumiType?: string }>);
const components = classes.filter(([, of]) => of.__pulumiType?.startsWith("lvs:index:"));

/** A kind is more than code. */
describe.each(Object.keys(runtime))("%s", (kind) => {
  const file = fileOf(kind);

  test("has a class of its name, with its type", () => {
    const found = (library as unknown as Record<string, { __pulumiType?: string }>)[kind];
    expect(found?.__pulumiType).toBe(`pulumi-nodejs:dynamic/lvs:${kind}`);
  });

  test(`has test/kinds/${file}.test.ts`, () => {
    expect(existsSync(join(root, "test", "kinds", `${file}.test.ts`))).toBe(true);
  });

  test(`has docs/${file}.md`, () => {
    expect(existsSync(join(root, "docs", `${file}.md`))).toBe(true);
  });

  test("is used in an example", () => {
    expect(examples).toContain(`new lvs.${kind}(`);
  });
});

test("every class is a kind or a component", () => {
  expect(components.map(([name]) => name)).toEqual(["DrCluster", "NatCluster", "SharedDocumentRoot", "TunCluster"]);
  expect(components.length + Object.keys(runtime).length).toBe(classes.length);
});

/** So is a component. */
describe.each(components)("%s", (name) => {
  test.each([`test/components/${fileOf(name)}.test.ts`, `docs/${fileOf(name)}.md`])("has %s", (path) => {
    expect(existsSync(join(root, path))).toBe(true);
  });

  test("is used in an example", () => {
    expect(examples).toContain(`new lvs.${name}(`);
  });

  test("is in the README's table of components", () => {
    expect(readFileSync(join(root, "README.md"), "utf8")).toContain(`[${name}](docs/${fileOf(name)}.md)`);
  });
});
