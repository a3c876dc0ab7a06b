import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { jsonSchemas } from "./make.mjs";
import { sentencesOf } from "./sentences.mjs";

const ENTRY = `
  export * as z from "zod";
  export { formsAt } from "./model/input/forms";
  export { hosts } from "./model/hosts";
  export { clusterConfig } from "./schemas/stack";
`;

/**
 * Writes the JSON schemas of the package, for editors, into its folder `schemas`.
 * @param {string} sources
 * @param {string} folder
 */
export async function writeJsonSchemas(sources, folder) {
  const schemas = jsonSchemas(await load(sources), await sentencesOf(sources));
  await mkdir(join(folder, "schemas"), { recursive: true });
  for (const [name, schema] of Object.entries(schemas))
    await writeFile(join(folder, "schemas", name), `${JSON.stringify(schema, undefined, 1)}\n`);
}

/**
 * The sources are TypeScript that Node does not load by itself.
 * @param {string} sources
 * @returns {Promise<import("./make.mjs").Sources>}
 */
async function load(sources) {
  const { build } = await import("esbuild");
  const { outputFiles } = await build({
    stdin: { contents: ENTRY, resolveDir: sources },
    bundle: true,
    platform: "node",
    format: "esm",
    logLevel: "silent",
    write: false,
  });
  const text = Buffer.concat(outputFiles.map(({ contents }) => contents)).toString("base64");
  /** @type {unknown} */
  const loaded = await import(`data:text/javascript;base64,${text}`);
  return /** @type {import("./make.mjs").Sources} */ (loaded);
}
