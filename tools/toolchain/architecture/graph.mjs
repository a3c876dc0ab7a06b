import { join } from "node:path";
import { run } from "../command.mjs";
import { npmBin, repository } from "../paths.mjs";
import { StepFailed } from "../step.mjs";

/** @typedef {{ readonly from: string, readonly to: string, readonly typesOnly: boolean }} Edge */
/** @typedef {{ readonly source: string, readonly dependencies: readonly { resolved: string, dependencyTypes: string[] }[] }} Module */

/**
 * Which room of provider/ imports which, by dependency-cruiser.
 * @returns {Promise<readonly Edge[]>}
 */
export async function importsOfRooms() {
  const words = ["provider", "--config", ".dependency-cruiser.cjs", "--no-progress", "--output-type", "json"];
  const { output } = await run([join(npmBin, "node"), join(npmBin, "depcruise"), ...words], { cwd: repository });
  if (!output.startsWith("{")) throw new StepFailed(`dependency-cruiser: ${output.slice(0, 500)}`);
  /** @type {unknown} */
  const graph = JSON.parse(output);
  const { modules } = /** @type {{ modules: readonly Module[] }} */ (graph);
  /** @type {Map<string, Edge>} */
  const edges = new Map();
  for (const { source, dependencies } of modules)
    for (const { resolved, dependencyTypes } of dependencies) {
      const [from, to] = [roomOf(source), roomOf(resolved)];
      if (from === undefined || to === undefined || from === to) continue;
      const key = `${from} ${to}`;
      const typesOnly = dependencyTypes.includes("type-only") && edges.get(key)?.typesOnly !== false;
      edges.set(key, { from, to, typesOnly });
    }
  return [...edges.values()].sort((one, other) => `${one.from} ${one.to}`.localeCompare(`${other.from} ${other.to}`));
}

/**
 * A folder of provider/ is a room; host/ has four, and what lies beside the folders is one.
 * @param {string} path
 */
function roomOf(path) {
  const [, first = "", second = "", third] = path.split("/");
  if (!path.startsWith("provider/")) return undefined;
  if (first === "schemas.ts") return "schemas";
  if (second === "") return first === "index.ts" || first === "runtime.ts" ? first : "steps and errors";
  if (first !== "host") return first;
  return third === undefined ? "host/*.ts" : `host/${second}`;
}
