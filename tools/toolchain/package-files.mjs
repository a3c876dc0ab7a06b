import { copyFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readJson } from "./json.mjs";
import { absoluteLinks } from "./links.mjs";
import { repository } from "./paths.mjs";

/** npm packs what is in the package's folder, while readers look for these at the root of the repository. */
export async function copyPackageFiles() {
  const provider = join(repository, "provider");
  await copyFile(join(repository, "LICENSE"), join(provider, "LICENSE"));
  const page = await readFile(join(repository, "README.md"), "utf8");
  await writeFile(join(provider, "README.md"), absoluteLinks(page, published()));
}

/** Where readers of the package find the rest: the address in package.json, at the tag of its version. */
export function published() {
  const manifest = /** @type {{ version: string, homepage: string }} */ (
    readJson(join(repository, "provider", "package.json"))
  );
  return { repository: manifest.homepage.replace(/#.*$/, ""), ref: `v${manifest.version}` };
}
