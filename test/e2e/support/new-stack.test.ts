import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Stack, type StackOptions } from "./stack.ts";

const environment = process.env;
let folder: string;
const stacks: Stack[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pulumi-lvs-new-stack-"));
  process.env = { ...environment, PULUMI_LVS_NEW_STACK: join(folder, "stack.json") };
});

afterEach(() => {
  process.env = environment;
  for (const stack of stacks.splice(0)) stack.remove();
  rmSync(folder, { recursive: true });
});

async function created(options: StackOptions): Promise<Stack> {
  const stack = await Stack.create(undefined, options);
  stacks.push(stack);
  return stack;
}

/** What makes up a stack that is new, without its time and its key, and however YAML has its words and their order. */
function contents({ folder: backend, program }: Stack, project: string, name: string): readonly string[] {
  const files = [
    join(backend, ".pulumi", "meta.yaml"),
    join(backend, ".pulumi", "stacks", project, `${name}.json`),
    join(program, `Pulumi.${name}.yaml`),
  ];
  return files.map((file) =>
    readFileSync(file, "utf8")
      .replaceAll(/(encryptedkey['"]?: ?)['"]?[\w+/=]+/g, "$1KEY")
      .replace(/"time":"[^"]*"/, "TIME")
      .replaceAll(/["'\s]/g, ""),
  );
}

test("a copy of a new stack is what the CLI makes, and the CLI works on it", async () => {
  await created({ program: { text: "" }, name: "first" });
  const options = { program: { example: "dr-web-cluster" }, name: "second", config: { "lvs:none": "here" } } as const;
  const copy = await created(options);
  const { PULUMI_LVS_NEW_STACK: kept = "" } = process.env;
  delete process.env["PULUMI_LVS_NEW_STACK"];
  const made = await created(options);
  const said = contents(made, "dr-web-cluster", "second");
  expect(said.join("\n")).toMatch(
    /version:1\n.*stack:organization\/dr-web-cluster\/second.*encryptedkey:KEY.*\n.*here.*secretsprovider:hashivault.*KEY/,
  );
  expect(contents(copy, "dr-web-cluster", "second")).toEqual(said);
  const { encryption } = JSON.parse(readFileSync(kept, "utf8")) as { encryption: Readonly<Record<string, string>> };
  const configuration = () => readFileSync(join(copy.program, "Pulumi.second.yaml"), "utf8");
  expect(configuration()).toContain(encryption["encryptedkey"]);
  await copy.run(["config", "set", "--secret", "word"], { input: "hidden" });
  expect((await copy.pulumi("config", "get", "word")).text.trim()).toBe("hidden");
  expect(configuration()).not.toContain("hidden");
});
