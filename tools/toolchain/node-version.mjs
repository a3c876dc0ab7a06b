import { join } from "node:path";
import { readJson } from "./json.mjs";
import { repository } from "./paths.mjs";

/** The lowest Node that the package promises to run on: `22.18`. */
export function leastNode() {
  const { engines } = /** @type {{ engines: { node: string } }} */ (
    readJson(join(repository, "provider", "package.json"))
  );
  return engines.node.replace(/^\D+/, "");
}

/**
 * @param {string} version
 * @param {string} than `22.18`
 */
export function isOlder(version, than) {
  const [[major = 0, minor = 0] = [], [leastMajor = 0, leastMinor = 0] = []] = [version, than].map((text) =>
    text.split(".").map(Number),
  );
  return major < leastMajor || (major === leastMajor && minor < leastMinor);
}
