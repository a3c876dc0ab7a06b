import { readFileSync } from "node:fs";
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

test("every program in the pages compiles", () => {
  expect(programs.size).toBeGreaterThan(3);
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
  expect(found).toEqual([]);
});

test("the program of the README is the example", () => {
  const example = readFileSync(join(repository, "examples", "dr-web-cluster", "index.ts"), "utf8");
  expect(readFileSync(join(repository, "README.md"), "utf8")).toContain(`\`\`\`ts\n${example}\`\`\`\n`);
});
