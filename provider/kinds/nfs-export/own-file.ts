import { trimEnd } from "../../facts/files/blanks";
import type { Files } from "../../facts/files/lines";
import { unescapeOctal } from "../../facts/files/octal";
import { EXPORTS_FOLDER, exportsPath, exportsText } from "./exports-file";

/** The file of our export, whatever its name: by the name in the program, by the name in the state, or by its mark alone. */
export function ownFile(
  files: Files,
  { path, file }: { readonly path: string; readonly file: string },
  known: string | undefined,
): string | undefined {
  const candidates = [exportsPath(file), ...(known === undefined ? [] : [exportsPath(known)]), ...files.keys()];
  return candidates.find((one) => isOwnFile(files, one, path));
}

/**
 * Whether a file has the comment that we write for this path, on any line and with any line end: an editor may have put a line above it,
 * or carriage returns.
 */
export function isOwnFile(files: Files, file: string, path: string): boolean {
  if (!file.startsWith(`${EXPORTS_FOLDER}/`)) return false;
  const [mark] = exportsText({ path, clients: {} }).split("\n");
  return files.get(file)?.some(({ text }) => trimEnd(text) === mark) === true;
}

/** The directory whose export has this file, by the first line that we write; undefined for a file of somebody else. */
export function pathIn(files: Files, file: string): string | undefined {
  const [, escaped] = /^# (\/.*): kept by pulumi-lvs as a whole$/.exec(files.get(file)?.[0]?.text ?? "") ?? [];
  return escaped === undefined ? undefined : unescapeOctal(escaped);
}

export function nameOfFile(path: string): string {
  return path.slice(`${EXPORTS_FOLDER}/`.length).replace(/\.exports$/, "");
}
