import { isDeepStrictEqual } from "node:util";
import type { Files } from "../../facts/files/lines";
import type { PathState } from "../../facts/files/path-state";
import { exportsPath, exportsText } from "./exports-file";
import { declaredExports, type ExportEntry } from "./facts";
import { exportEffect, shortOptions } from "./options";
import type { Clients, Export, WantedExport } from "./schema";

/** What has to be known of a host to say what it exports. */
export interface ExportSeen {
  readonly table: readonly ExportEntry[];
  readonly files: Files;
  readonly threads: number | undefined;
  readonly names: ReadonlyMap<string, string>;
  readonly place: PathState;
  readonly folder: PathState;
  readonly before: string | undefined;
}

/** Ours is what the file of ours says, and every live client of the path that no other file speaks of. */
export function findExport(seen: ExportSeen, want: WantedExport, known?: Export): Export | undefined {
  const declared = declaredExports(seen.files);
  const own = ownFile(seen.files, want, known?.file);
  const written = declared.filter(({ file }) => file === own);
  const others = new Set(
    declared.filter(({ file, path }) => file !== own && path === want.path).map(({ client }) => client),
  );
  const live = seen.table.filter(({ path, client }) => path === want.path && !others.has(client));
  const ours = new Set([
    ...Object.keys(want.clients),
    ...Object.keys(known?.clients ?? {}),
    ...written.map(({ client }) => client),
  ]);
  // In the order in which the user wrote them.
  const clients = Object.fromEntries(
    [...ours].flatMap((name): [string, readonly string[]][] => {
      const canonical = seen.names.get(name) ?? name;
      const found = live.find(({ client }) => sameName(client, name) || sameName(client, canonical));
      return found === undefined ? [] : [[name, inWordsOf(want.clients[name], found.options)]];
    }),
  );
  if (own === undefined && Object.keys(clients).length === 0) return undefined;
  const right =
    own === exportsPath(want.file) && written.every(({ path }) => path === want.path) && says(written, want.clients);
  return { path: want.path, clients, file: nameOf(own) ?? want.file, boot: right };
}

export function liveName(client: string, { table, names }: ExportSeen): string {
  const canonical = names.get(client) ?? client;
  return table.find((one) => sameName(one.client, client) || sameName(one.client, canonical))?.client ?? client;
}

/** The file that has our export: by its first line, or by its name where nothing else is in it. */
function ownFile(files: Files, { path, file }: WantedExport, known: string | undefined): string | undefined {
  const candidates = [exportsPath(file), ...(known === undefined ? [] : [exportsPath(known)]), ...files.keys()];
  return candidates.find((one) => files.has(one) && isOwn(files, one, path));
}

export function isOwn(files: Files, file: string, path: string): boolean {
  const lines = files.get(file) ?? [];
  if (!file.startsWith("/etc/exports.d/")) return false;
  return lines[0]?.text === exportsText({ path, clients: {} }).split("\n")[0];
}

function nameOf(file: string | undefined): string | undefined {
  return file === undefined ? undefined : /([^/]*)\.exports$/.exec(file)?.[1];
}

function says(written: readonly ExportEntry[], clients: Clients): boolean {
  const said = Object.fromEntries(written.map(({ client, options }) => [client, options]));
  const names = Object.keys(clients);
  return names.length === written.length && names.every((name) => sameOptions(clients[name] ?? [], said[name]));
}

export function sameOptions(one: readonly string[], other: readonly string[] | undefined): boolean {
  return other !== undefined && isDeepStrictEqual(exportEffect(one), exportEffect(other));
}

/** Live options, in the user's own words where they mean the same. */
function inWordsOf(said: readonly string[] | undefined, live: readonly string[]): readonly string[] {
  return said !== undefined && sameOptions(said, live) ? said : shortOptions(live);
}

/** A host's name also with a domain added, as exportfs does to the name of a client that is on its way out. */
function sameName(live: string, said: string): boolean {
  const [one, other] = [live.toLowerCase(), said.toLowerCase()];
  return one === other || (isHostName(other) && one.startsWith(`${other}.`));
}

/** Not an address, a network, a pattern or a group. */
export function isHostName(client: string): boolean {
  return /^[A-Za-z0-9]/.test(client) && !/[*?:[\]/]/.test(client) && !/^[\d.]+$/.test(client);
}
