import type { Clients } from "./schema";

interface Declared {
  readonly path: string;
  readonly clients: Clients;
}

/** Files of others in it stay; Debian's package does not make it. */
export const EXPORTS_FOLDER = "/etc/exports.d";

/** The file in which exportfs finds this export at boot. */
export function exportsPath(name: string): string {
  return `${EXPORTS_FOLDER}/${name}.exports`;
}

/** The whole file. Its first line tells a file of ours from others. */
export function exportsText(want: Declared): string {
  return `# ${escaped(want.path)}: kept by pulumi-lvs as a whole\n${exportLine(want)}\n`;
}

/** `/common 192.168.2.0/24(rw,no_subtree_check)`: never a blank before the parenthesis, which would export to the world. */
export function exportLine({ path, clients }: Declared): string {
  return [escaped(path), ...Object.entries(clients).map(([client, options]) => `${client}(${options.join(",")})`)].join(
    " ",
  );
}

/** As exports(5) wants it: what would end or quote a word, as an octal code. */
function escaped(path: string): string {
  return path.replaceAll(/[ "#\\]/g, (character) => `\\${character.charCodeAt(0).toString(8).padStart(3, "0")}`);
}
