import type { Files } from "../../facts/files/lines";
import type { OriginalState } from "../../facts/files/original-state";
import type { PathState } from "../../facts/files/path-state";
import { sameOptions, shortOptions } from "./effect";
import { EXPORTS_FOLDER, exportsPath, exportsText } from "./exports-file";
import { declaredExports, type ExportEntry } from "./facts";
import type { Clients, Export, WantedExport } from "./schema";

/** The observation of a host that may export directories. */
export interface ExportSeen {
  readonly table: readonly ExportEntry[];
  readonly files: Files;
  readonly threads: number | undefined;
  /** Name of a client → its canonical name. */
  readonly names: ReadonlyMap<string, string>;
  readonly place: PathState;
  readonly folder: PathState;
  readonly before: OriginalState;
}

/** The export as our file declares it, with the live options of each client that no other file declares. */
export function findExport(seen: ExportSeen, want: WantedExport, known?: Export): Export | undefined {
  const file = ownFile(seen.files, want, known?.file);
  const declared = declaredExports(seen.files);
  const written = declared.filter((entry) => entry.file === file);
  const foreign = declared.filter((entry) => entry.file !== file && entry.path === want.path);
  // The user's clients come first, in the user's order.
  const names = [
    ...Object.keys(want.clients),
    ...Object.keys(known?.clients ?? {}),
    ...written.map(({ client }) => client),
  ];
  const clients = liveClients(seen, want, new Set(names), new Set(foreign.map(({ client }) => client)));
  if (file === undefined && Object.keys(clients).length === 0) return undefined;
  return {
    path: want.path,
    clients,
    file: file === undefined ? want.file : nameOfFile(file),
    boot: file === exportsPath(want.file) && declares(written, want),
  };
}

/** The live options of those of the names that are in exportfs's table and in no file of others. */
function liveClients(
  seen: ExportSeen,
  want: WantedExport,
  names: ReadonlySet<string>,
  foreign: ReadonlySet<string>,
): Clients {
  const live = seen.table.filter(({ path, client }) => path === want.path && !foreign.has(client));
  return Object.fromEntries(
    [...names].flatMap((name): [string, readonly string[]][] => {
      const entry = entryOfClient(live, name, seen.names);
      return entry === undefined ? [] : [[name, preferUserWords(want.clients[name], entry.options)]];
    }),
  );
}

/** The name under which exportfs has a client in its table. */
export function liveName(client: string, { table, names }: ExportSeen): string {
  return entryOfClient(table, client, names)?.client ?? client;
}

function entryOfClient(
  table: readonly ExportEntry[],
  client: string,
  names: ReadonlyMap<string, string>,
): ExportEntry | undefined {
  const canonical = names.get(client) ?? client;
  return table.find((entry) => isClient(entry.client, client) || isClient(entry.client, canonical));
}

/** exportfs may add the domain to a host's name: it does so with the name of a client that is being removed. */
function isClient(live: string, name: string): boolean {
  const [one, other] = [live.toLowerCase(), name.toLowerCase()];
  return one === other || (isHostName(other) && one.startsWith(`${other}.`));
}

/** Whether a client is given by its name, and not as an address, a network, a pattern or a group. */
export function isHostName(client: string): boolean {
  return /^[A-Za-z0-9]/.test(client) && !/[*?:[\]/]/.test(client) && !/^[\d.]+$/.test(client);
}

/** The file of our export, whatever its name: by the name in the program, by the name in the state, or by its first line alone. */
function ownFile(files: Files, { path, file }: WantedExport, known: string | undefined): string | undefined {
  const candidates = [exportsPath(file), ...(known === undefined ? [] : [exportsPath(known)]), ...files.keys()];
  return candidates.find((one) => isOwnFile(files, one, path));
}

/** Whether a file has the first line that we write for this path. */
export function isOwnFile(files: Files, file: string, path: string): boolean {
  if (!file.startsWith(`${EXPORTS_FOLDER}/`)) return false;
  return files.get(file)?.[0]?.text === exportsText({ path, clients: {} }).split("\n")[0];
}

function nameOfFile(path: string): string {
  return path.slice(`${EXPORTS_FOLDER}/`.length).replace(/\.exports$/, "");
}

/** Whether the entries of our file are those of the program, and no others. */
function declares(written: readonly ExportEntry[], { path, clients }: WantedExport): boolean {
  const options = new Map(written.map((entry) => [entry.client, entry.options]));
  const names = Object.keys(clients);
  return (
    written.every((entry) => entry.path === path) &&
    names.length === written.length &&
    names.every((name) => sameOptions(clients[name] ?? [], options.get(name)))
  );
}

/** Live options, in the user's own words where they mean the same. */
function preferUserWords(written: readonly string[] | undefined, live: readonly string[]): readonly string[] {
  return written !== undefined && sameOptions(written, live) ? written : shortOptions(live);
}
