import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { repository } from "../../tools/toolchain/paths.mjs";

/** A source file of the package. */
export interface Source {
  /** Relative to the repository, with forward slashes: `provider/step.ts`. */
  readonly path: string;
  readonly folder: string;
  readonly text: string;
}

/** Every source file of provider/; what a build or npm puts there is none. */
export function providerSources(): readonly Source[] {
  return filesBelow("provider")
    .filter((path) => path.endsWith(".ts"))
    .map((path) => ({ path, folder: dirname(path), text: readFileSync(join(repository, path), "utf8") }));
}

function filesBelow(folder: string): string[] {
  return readdirSync(join(repository, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (!entry.isDirectory()) return [path];
    return /^(?:dist|node_modules|\..*)$/.test(entry.name) ? [] : filesBelow(path);
  });
}
