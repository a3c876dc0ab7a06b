/** Writes docs/architecture.svg, drawn from the imports of provider/. */
import "../begin.mjs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { repository } from "../paths.mjs";
import { importsOfRooms } from "./graph.mjs";
import { drawArchitecture } from "./svg.mjs";

await writeFile(join(repository, "docs", "architecture.svg"), drawArchitecture(await importsOfRooms()));
