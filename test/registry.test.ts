import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as library from "../provider/index";
import type { DefinedKind, RuntimeKind } from "../provider/kinds/runtime-kind";
import * as runtime from "../provider/runtime";
import { drifts, notByHand } from "./e2e/every-kind/drifts";
import { rows } from "./e2e/every-kind/ipvs-rows";
import { resources } from "./e2e/every-kind/resources";

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
  const { folder } = homeOf(file);

  test("has a class of its name, with its type", () => {
    const found = (library as unknown as Record<string, { __pulumiType?: string }>)[kind];
    expect(found?.__pulumiType).toBe(`pulumi-nodejs:dynamic/lvs:${kind}`);
  });

  test(`has test/kinds/${folder}/${file}.test.ts`, () => {
    expect(existsSync(join(root, "test", "kinds", folder, `${file}.test.ts`))).toBe(true);
  });

  test(`has docs/${file}.md`, () => {
    expect(existsSync(join(root, "docs", `${file}.md`))).toBe(true);
  });

  test("is used in an example", () => {
    expect(examples).toContain(`new lvs.${kind}(`);
  });

  test("has a change in place on real hosts", () => {
    expect(resources.some((one) => one.kind === kind && one.after !== undefined)).toBe(true);
  });

  test("has a change by hand on real hosts of each field that a host tells", () => {
    const { observedProperties: observed, identity } = kindOf(kind);
    const fields = observed.filter((field) => !identity.includes(field));
    const touched = new Set([...driftsOf(kind), ...rowsOf(kind)]);
    expect(fields.filter((field) => !touched.has(field))).toEqual(notByHand[kind] ?? []);
  });
});

test("what is exported is a kind, a component, or one of the functions that tell a program of its hosts", () => {
  expect(components.map(([name]) => name)).toEqual([
    "DrCluster",
    "FailoverPair",
    "NatCluster",
    "SharedDocumentRoot",
    "TunCluster",
  ]);
  const named = new Set([...components.map(([name]) => name), ...Object.keys(runtime)]);
  expect(classes.map(([name]) => name).filter((name) => !named.has(name))).toEqual(["hostNamed", "hostNames"]);
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

/** A kind has a folder of its own; the tunings of two forwarding methods share what they do, and so a folder. */
function homeOf(file: string): { readonly folder: string; readonly module: string } {
  const shared = /^(?<method>dr|nat)-(?<folder>kernel-tuning)$/.exec(file)?.groups;
  return { folder: shared?.["folder"] ?? file, module: shared?.["method"] ?? "kind" };
}

function kindOf(name: string): RuntimeKind {
  const { folder, module } = homeOf(fileOf(name));
  const file = join(root, "provider", "kinds", folder, module);
  const found = Object.values(jest.requireActual<Record<string, DefinedKind>>(file)).find((one) => one.name === name);
  if (found === undefined) throw new Error(`${file} exports no kind ${name}`);
  return found.runtime;
}

function driftsOf(kind: string): string[] {
  const mine = resources.filter((one) => one.kind === kind).map(({ name }) => name);
  return drifts.filter(({ resource }) => mine.includes(resource)).flatMap(({ fields }) => fields);
}

/** "service scheduler", "server tunnel port": the field is the second word. */
function rowsOf(kind: string): (string | undefined)[] {
  return rows.filter((row) => row.kind === kind && row.byHand !== undefined).map(({ field }) => field.split(" ")[1]);
}
