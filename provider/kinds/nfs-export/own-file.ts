import { trimEnd } from "../../facts/files/blanks";
import type { Files } from "../../facts/files/lines";
import { unescapeOctal } from "../../facts/files/octal";
import { EXPORTS_FOLDER, exportsPath, exportsText } from "./exports-file";

/** The files of our export, whatever their names. A run that was cut between the new file and the removal of the old one left two. */
export function ownFiles(files: Files, path: string): readonly string[] {
  return [...files.keys()].filter((one) => isOwnFile(files, one, path));
}

/** One that has to go, where there is any. */
export function ownFile(
  files: Files,
  { path, file }: { readonly path: string; readonly file: string },
): string | undefined {
  const own = ownFiles(files, path);
  return own.find((one) => one !== exportsPath(file)) ?? own[0];
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
  return pathOf(files.get(file)?.[0]?.text ?? "");
}

function pathOf(line: string): string | undefined {
  const [, escaped] = /^# (\/.*): kept by pulumi-lvs as a whole$/.exec(line) ?? [];
  return escaped === undefined ? undefined : unescapeOctal(escaped);
}

/** Whether the folder of exports has a file of ours, but for those of this export. */
export function hasOwnFile(files: Files, except?: string): boolean {
  const paths = [...files].flatMap(([file, lines]) =>
    file.startsWith(`${EXPORTS_FOLDER}/`) ? lines.map(({ text }) => pathOf(trimEnd(text))) : [],
  );
  return paths.some((path) => path !== undefined && path !== except);
}

export function nameOfFile(path: string): string {
  return path.slice(`${EXPORTS_FOLDER}/`.length).replace(/\.exports$/, "");
}
