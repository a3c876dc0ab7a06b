import { escapeOctal } from "../../facts/files/octal";
import type { Clients } from "./schema";

interface ExportText {
  readonly path: string;
  readonly clients: Clients;
}

/** exportfs reads each `*.exports` file in it. Debian's package does not create it. */
export const EXPORTS_FOLDER = "/etc/exports.d";

/** The file that persists an export. */
export function exportsPath(name: string): string {
  return `${EXPORTS_FOLDER}/${name}.exports`;
}

/** The text of that file. A comment marks it as ours. */
export function exportsText(want: ExportText): string {
  return `# ${escaped(want.path)}: kept by pulumi-lvs as a whole\n${exportLine(want)}\n`;
}

/** `/common 192.168.2.0/24(rw,no_subtree_check)`. A blank before the parenthesis would export to everyone. */
export function exportLine({ path, clients }: ExportText): string {
  const words = Object.entries(clients).map(([client, options]) => `${client}(${options.join(",")})`);
  return [escaped(path), ...words].join(" ");
}

/** Escapes what would end, quote or comment out a word of exports(5). */
function escaped(path: string): string {
  return escapeOctal(path, /[ "#\\]/g);
}
