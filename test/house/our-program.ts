import { join } from "node:path";
import ts from "typescript";
import { repository } from "../../tools/toolchain/paths.mjs";
import { providerSources } from "./sources";

/** provider/ as the compiler reads it, with the places of its files relative to the repository. */
export interface OurProgram {
  readonly checker: ts.TypeChecker;
  readonly files: readonly { readonly path: string; readonly file: ts.SourceFile }[];
}

/** Files of ours alone: the types of Node and of packages would take seconds. */
export function ourProgram(): OurProgram {
  const options: ts.CompilerOptions = {
    noLib: true,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
  };
  const disk = ts.createCompilerHost(options);
  const paths = providerSources().map(({ path }) => path);
  const program = ts.createProgram(
    paths.map((path) => join(repository, path)),
    options,
    {
      ...disk,
      resolveModuleNameLiterals: (names, from) =>
        names.map(({ text }) =>
          text.startsWith(".") ? ts.resolveModuleName(text, from, options, disk) : { resolvedModule: undefined },
        ),
    },
  );
  return {
    checker: program.getTypeChecker(),
    files: paths.map((path) => {
      const file = program.getSourceFile(join(repository, path));
      if (file === undefined) throw new Error(`the compiler did not read ${path}`);
      return { path, file };
    }),
  };
}

/** Every node of a tree, from the top. */
export function* nodesOf(node: ts.Node): Generator<ts.Node> {
  yield node;
  const children: ts.Node[] = [];
  ts.forEachChild(node, (child) => {
    children.push(child);
  });
  for (const child of children) yield* nodesOf(child);
}
