import { cpSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { repository } from "../../../tools/toolchain/paths.mjs";

/** An example's name, the repository's own stack (all configuration, no code), or a text and how it is run. */
export type Program = { readonly example: string } | { readonly root: true } | TextProgram;

export interface TextProgram {
  readonly text: string;
  /** `index.ts` unless told. */
  readonly file?: "index.ts" | "index.js";
  /** ES modules unless told. */
  readonly modules?: "module" | "commonjs";
  /** Pulumi's own TypeScript loader; Node's own type stripping unless told. */
  readonly typescript?: boolean;
}

/** Puts the packages where the program in `folder` finds them. */
export type Install = (folder: string) => void;

/** As the repository's examples have them: one folder of packages, ours linked into it by the workspace. */
export const linkWorkspace: Install = (folder) => {
  symlinkSync(join(repository, "node_modules"), join(folder, "node_modules"));
};

/**
 * As npm link leaves it: the packages are somewhere else, and so are their own. In each run Pulumi's language host looks for plugins in all
 * folders below node_modules, which takes a tenth of the run where this repository's tools are among them.
 */
export const linkPackages: Install = (folder) => {
  mkdirSync(join(folder, "node_modules", "@pulumi"), { recursive: true });
  for (const name of ["@pulumi/pulumi", "pulumi-lvs", "ssh2", "typescript"])
    symlinkSync(join(repository, "node_modules", name), join(folder, "node_modules", name));
};

export function layOut(program: Program, folder: string): void {
  if ("example" in program) copy(join("examples", program.example), folder);
  else if ("root" in program) {
    copy(join("examples", "cluster-from-config"), join(folder, "examples", "cluster-from-config"));
    copy("Pulumi.yaml", join(folder, "Pulumi.yaml"));
  } else {
    const { text, file = "index.ts", modules = "module", typescript = false } = program;
    mkdirSync(folder);
    writeFileSync(join(folder, file), text);
    writeFileSync(join(folder, "package.json"), JSON.stringify({ type: modules, main: file }));
    const runtime = { name: "nodejs", options: { typescript } };
    writeFileSync(join(folder, "Pulumi.yaml"), JSON.stringify({ name: "t", runtime }));
  }
}

function copy(from: string, to: string): void {
  cpSync(join(repository, from), to, { recursive: true, filter: (path) => !path.endsWith("node_modules") });
}
