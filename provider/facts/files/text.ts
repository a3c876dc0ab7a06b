import { parseFile, readFile } from "../../file-step";
import type { Fact } from "../fact";

/** The text of a file; undefined when there is none. */
export function fileText(path: string): Fact<string | undefined> {
  return { command: readFile(path), parse: parseFile };
}
