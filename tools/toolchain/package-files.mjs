import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { repository } from "./paths.mjs";

/** npm packs what is in the package's folder, while readers look for these at the root of the repository. */
export async function copyPackageFiles() {
  for (const name of ["README.md", "LICENSE"])
    await copyFile(join(repository, name), join(repository, "provider", name));
}
