import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { repository } from "../../tools/toolchain/paths.mjs";
import { allPages } from "./pages";

/** Programs in the pages: what a reader copies has to compile against the sources, by the compiler's settings of ours. */
const programs = new Map(
  allPages().flatMap(({ path, blocks }) =>
    blocks
      .filter(({ language, text }) => language === "ts" && text.includes("import "))
      .map(({ line, text }) => {
        const name = `${path.replaceAll(/\W+/g, "-")}-${line}.ts`;
        return [join(repository, "examples", "dr-web-cluster", name), { from: `${path}:${line}`, text }] as const;
      }),
  ),
);

/** Examples in doc comments, which an editor shows: without imports, and with resources of other examples. */
const PRELUDE = `import type * as pulumi from "@pulumi/pulumi";
import * as lvs from "pulumi-lvs";
declare const tuning: pulumi.Resource, mount: pulumi.Resource, nfsServer: pulumi.Resource, web: lvs.VirtualService;
`;

const examples = new Map(
  ["resources", "resources/configured", "components", "components/cluster", "components/shared-document-root"].flatMap(
    (folder) =>
      readdirSync(join(repository, "provider", folder))
        .filter((name) => name.endsWith(".ts"))
        .flatMap((name) => examplesIn(join("provider", folder, name))),
  ),
);

function examplesIn(path: string) {
  const blocks = [...readFileSync(join(repository, path), "utf8").matchAll(/^ \* ```ts\n([\s\S]*?)^ \* ```$/gm)];
  return blocks.map(({ 1: block = "" }, index) => {
    const name = `${path.replaceAll(/\W+/g, "-")}-${index}.ts`;
    const text = `${PRELUDE}{\n${block.replaceAll(/^ \* ?/gm, "")}}\n`;
    return [
      join(repository, "examples", "dr-web-cluster", name),
      { from: `${path}, example ${index + 1}`, text },
    ] as const;
  });
}

test("every program in the pages compiles", () => {
  expect(programs.size).toBeGreaterThan(3);
  expect(problemsIn(programs)).toEqual([]);
});

test("every example in a doc comment of a class compiles; clusters and VirtualService have several", () => {
  expect(problemsIn(examples)).toEqual([]);
  for (const [name, least] of [
    ["dr-cluster", 3],
    ["nat-cluster", 3],
    ["tun-cluster", 2],
    ["shared-document-root", 2],
    ["virtual-service", 4],
  ] as const) {
    const found = [...examples.values()].filter(({ from }) => from.includes(`/${name}.ts`));
    expect(found.length).toBeGreaterThanOrEqual(least);
  }
});

type Programs = ReadonlyMap<string, { readonly from: string; readonly text: string }>;

function problemsIn(programs: Programs): readonly string[] {
  const { config } = ts.readConfigFile(join(repository, "tsconfig.json"), (path) => ts.sys.readFile(path)) as {
    config: object;
  };
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: [] }, ts.sys, repository);
  const { incremental: _, tsBuildInfoFile: __, ...rest } = options;
  const settings = { ...rest, types: ["node"] };
  const disk = ts.createCompilerHost(settings);
  const program = ts.createProgram([...programs.keys()], settings, {
    ...disk,
    fileExists: (path) => programs.has(path) || disk.fileExists(path),
    readFile: (path) => programs.get(path)?.text ?? disk.readFile(path),
    getSourceFile: (path, version, ...rest) => {
      const found = programs.get(path);
      if (found === undefined) return disk.getSourceFile(path, version, ...rest);
      return ts.createSourceFile(path, found.text, version);
    },
  });
  const found = [...programs].flatMap(([path, { from }]) =>
    ts
      .getPreEmitDiagnostics(program, program.getSourceFile(path))
      .map(({ messageText }) => `${from}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`),
  );
  return found;
}

test("the program of the README is the example", () => {
  const example = readFileSync(join(repository, "examples", "dr-web-cluster", "index.ts"), "utf8");
  expect(readFileSync(join(repository, "README.md"), "utf8")).toContain(`\`\`\`ts\n${example}\`\`\`\n`);
});
