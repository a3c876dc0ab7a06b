import { isIP } from "node:net";
import type { Files } from "../../facts/files/lines";
import type { OriginalState } from "../../facts/files/original-state";
import type { PathState } from "../../facts/files/path-state";
import { ownValue } from "../../model/own-value";
import { overlap, sortOf } from "./clients";
import { sameOptions, shortOptions } from "./effect";
import { declaredExports, type ExportEntry } from "./exports-facts";
import { exportsPath } from "./exports-file";
import type { KnownHost, Meanings } from "./facts";
import { nameOfFile, ownFile, ownFiles } from "./own-file";
import { rivalsOf } from "./rivals";
import type { Clients, Export, WantedExport } from "./schema";
import { serverConfigProblem } from "./server-config-facts";

/** The observation of a host that may export directories. */
export interface ExportSeen {
  readonly table: readonly ExportEntry[];
  readonly files: Files;
  readonly threads: number | undefined;
  readonly hasExportfs: boolean;
  readonly meanings: Meanings;
  readonly place: PathState;
  readonly folder: PathState;
  readonly before: OriginalState;
}

/** The export as our file declares it, with the live options of each client that no other file declares. */
export function findExport(
  seen: ExportSeen,
  want: WantedExport,
  known?: Export,
  requested?: WantedExport,
): Export | undefined {
  const file = ownFile(seen.files, want);
  const own = ownFiles(seen.files, want.path);
  const written = declaredExports(seen.files).filter((entry) => own.includes(entry.file));
  // The user's clients come first, in the user's order.
  const names = [
    ...Object.keys(want.clients),
    ...Object.keys(known?.clients ?? {}),
    ...Object.keys(requested?.clients ?? {}),
    ...written.map(({ client }) => client),
  ];
  const rivals = rivalsOf(seen, want.path, names).filter(({ isSamePath }) => isSamePath);
  const foreign = new Set(rivals.filter(({ isSameHost }) => isSameHost).map(({ client }) => client));
  const clients = liveClients(seen, want, new Set(names), foreign);
  if (file === undefined && Object.keys(clients).length === 0) return undefined;
  return {
    path: want.path,
    clients,
    file: file === undefined ? want.file : nameOfFile(file),
    boot:
      file === exportsPath(want.file) &&
      declares(written, want) &&
      rivals.length === 0 &&
      serverConfigProblem(seen.files) === undefined,
  };
}

/** The live options of those of the names that are in exportfs's table and in no file of others. */
function liveClients(
  seen: ExportSeen,
  want: WantedExport,
  names: ReadonlySet<string>,
  foreign: ReadonlySet<string>,
): Clients {
  const live = seen.table.filter(({ path }) => path === want.path);
  return Object.fromEntries(
    [...names].flatMap((name): [string, readonly string[]][] => {
      const entry = foreign.has(name) ? undefined : entryOfClient(live, name, seen.meanings.hosts);
      return entry === undefined ? [] : [[name, preferUserWords(ownValue(want.clients, name), entry.options)]];
    }),
  );
}

/** The name under which exportfs has a client in its table. */
export function liveName(client: string, path: string, { table, meanings }: ExportSeen): string {
  const live = table.filter((entry) => entry.path === path);
  return entryOfClient(live, client, meanings.hosts)?.client ?? client;
}

/** exportfs keeps a host under its canonical name, or under another name or an address that it read for the same host before. */
function entryOfClient(
  live: readonly ExportEntry[],
  client: string,
  hosts: ReadonlyMap<string, KnownHost>,
): ExportEntry | undefined {
  const canonical = hosts.get(client)?.canonical ?? client;
  return (
    live.find((entry) => isClient(entry.client, client) || isClient(entry.client, canonical)) ??
    live.find((entry) => sortOf(client) === "host" && overlap(entry.client, client, hosts) === true)
  );
}

/** exportfs may add the domain to a host's name: it does so with the name of a client that is being removed. */
function isClient(live: string, name: string): boolean {
  const [one, other] = [live.toLowerCase(), name.toLowerCase()];
  return one === other || (isIP(other) === 0 && sortOf(other) === "host" && one.startsWith(`${other}.`));
}

/** Whether the entries of our file are those of the program, and no others. */
function declares(written: readonly ExportEntry[], { path, clients }: WantedExport): boolean {
  const options = new Map(written.map((entry) => [entry.client, entry.options]));
  const names = Object.keys(clients);
  return (
    written.every((entry) => entry.path === path) &&
    names.length === written.length &&
    names.every((name) => sameOptions(ownValue(clients, name) ?? [], options.get(name)))
  );
}

/** Live options, in the user's own words where they mean the same. */
function preferUserWords(written: readonly string[] | undefined, live: readonly string[]): readonly string[] {
  return written !== undefined && sameOptions(written, live) ? written : shortOptions(live);
}
