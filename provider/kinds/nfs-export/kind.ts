import { createDirectory, createdFrom, removeCreatedDirectory, useOf } from "../../dialects/created-directory";
import { originalState } from "../../facts/files/original-state";
import { pathState } from "../../facts/files/path-state";
import { ownValue } from "../../model/own-value";
import type { Step } from "../../step";
import { defineKind } from "../define-kind";
import { sortOf } from "./clients";
import { sameOptions } from "./effect";
import { EXPORTS_FOLDER, exportLine, exportsPath, exportsText } from "./exports-file";
import { exportFiles, exportTable, hasExportfs, meanings, nfsThreads } from "./facts";
import { type ExportSeen, findExport, liveName } from "./find";
import { hasOwnFile, ownFiles } from "./own-file";
import { OBSERVED } from "./properties";
import { refuseExport } from "./refuse";
import { type Export, nfsExport as schema, type WantedExport } from "./schema";
import { refuseUnwritable } from "./writable";

type Change =
  | { readonly op: "makeDirectory" | "announce" | "write"; readonly want: WantedExport }
  | { readonly op: "export"; readonly want: WantedExport; readonly clients: readonly string[] }
  | { readonly op: "unexport"; readonly path: string; readonly clients: readonly string[] }
  /** But for that one, all files of ours that export the path. */
  | { readonly op: "removeFiles"; readonly path: string; readonly except?: string }
  | { readonly op: "removeDirectory"; readonly path: string };

/** A directory exported to some clients: live by exportfs, persisted by a file of its own in /etc/exports.d. */
export const nfsExport = defineKind<WantedExport, Export, ExportSeen, Change>({
  name: "NfsExport",
  schema: schema.superRefine(refuseUnwritable),
  identity: ["path"],
  observedProperties: OBSERVED,
  key: ({ path }) => path,
  exclusive: ({ file }) => [{ property: "file", thing: exportsPath(file) }],
  conflictsWith: (olds, news) => olds.file === news.file && olds.path !== news.path,
  commands: (want) => [exportLine(want)],
  facts: ({ path, clients }) => ({
    table: exportTable,
    files: exportFiles,
    threads: nfsThreads,
    hasExportfs,
    meanings: meanings(
      Object.keys(clients)
        .filter((client) => sortOf(client) === "host")
        .sort(),
    ),
    place: pathState(path),
    folder: pathState(EXPORTS_FOLDER),
    before: originalState,
  }),
  observe: findExport,
  plan,
  render,
  cleanup: ({ before, files }, { path }) =>
    [path, ...(hasOwnFile(files) ? [] : [EXPORTS_FOLDER])].flatMap((directory) =>
      createdFrom(before, "NfsExport", directory) === undefined ? [] : [{ op: "removeDirectory", path: directory }],
    ),
  advice: [
    {
      when: /exportfs.*not found/i,
      say: 'This host has no NFS server. Install it: new Package(..., { name: "nfs-server" }).',
    },
    {
      when: /does not support NFS export|requires fsid=/,
      say: 'This file system has no identity of its own (tmpfs, overlay): give each client the option "fsid=1", or another number.',
    },
    {
      when: /Failed to resolve/,
      say: "The host cannot resolve the name of that client: check DNS or /etc/hosts, or use its address.",
    },
    { when: /Failed to stat|No such file/, say: "The directory is missing: create it, or leave createPath at true." },
  ],
});

export function plan(want: WantedExport | undefined, have: Export | undefined): readonly Change[] {
  if (want === undefined) {
    if (have === undefined) return [];
    const clients = Object.keys(have.clients);
    return [
      ...(clients.length > 0 ? [{ op: "unexport", path: have.path, clients } as const] : []),
      { op: "removeFiles", path: have.path },
    ];
  }
  const live = have?.clients ?? {};
  const differing = Object.keys(want.clients).filter(
    (name) => !sameOptions(ownValue(want.clients, name) ?? [], ownValue(live, name)),
  );
  const undeclared = Object.keys(live).filter((name) => ownValue(want.clients, name) === undefined);
  const isRenamed = have !== undefined && have.file !== want.file;
  const isPersisted = have?.boot === true && !isRenamed;
  const isLive = differing.length === 0 && undeclared.length === 0;
  const write = isPersisted && isLive ? [] : [{ op: "write", want } as const];
  const enter = differing.length > 0 ? [{ op: "export", want, clients: differing } as const] : [];
  const unexport = undeclared.length > 0 ? [{ op: "unexport", path: want.path, clients: undeclared } as const] : [];
  const isNew = Object.keys(want.clients).some((name) => ownValue(live, name) === undefined);
  const all = { ...want, clients: { ...live, ...want.clients } };
  const keep = [{ op: "makeDirectory", want }, ...(isNew ? [{ op: "announce", want: all } as const] : [])] as const;
  return [
    // Our file has those that come before they do, and those that leave until they have: whoever looks after a cut knows that they are ours.
    ...(undeclared.length > 0 && !isRenamed
      ? [...keep, ...enter, ...unexport, ...write]
      : [...write, ...enter, ...unexport]),
    ...(isRenamed ? [{ op: "removeFiles", path: want.path, except: exportsPath(want.file) } as const] : []),
  ];
}

function render(change: Change, seen: ExportSeen): readonly Step[] {
  switch (change.op) {
    case "makeDirectory":
      return createDirectory("NfsExport", change.want.path, seen.place, seen.before);
    case "write":
      refuseExport(change.want, seen);
      return [
        ...createDirectory("NfsExport", change.want.path, seen.place, seen.before),
        ...createDirectory("NfsExport", EXPORTS_FOLDER, seen.folder, seen.before),
        writeFile(change.want, seen),
      ];
    case "announce":
      return [writeFile(change.want, seen)];
    case "export":
      return exportSteps(change.want, change.clients);
    case "unexport":
      return [
        {
          command: {
            run: [
              "exportfs",
              "-u",
              ...change.clients.map((client) => target(liveName(client, change.path, seen), change.path)),
            ],
          },
        },
      ];
    case "removeFiles":
      return [
        ...ownFiles(seen.files, change.path)
          .filter((file) => file !== change.except)
          .map((file) => ({ file, summary: "remove it", edit: () => undefined })),
        ...(change.except === undefined ? leaveDirectories(change.path, seen) : []),
      ];
    case "removeDirectory":
      return removeCreatedDirectory("NfsExport", change.path, seen.before);
  }
}

/** The directories that we made go with the export: its own, and the folder of exports with the last file of ours. */
function leaveDirectories(path: string, { files, before }: ExportSeen): readonly Step[] {
  const directories = [path, ...(hasOwnFile(files, path) ? [] : [EXPORTS_FOLDER])];
  return directories.flatMap((directory) => removeCreatedDirectory("NfsExport", directory, before));
}

function writeFile(want: WantedExport, { folder, before }: ExportSeen): Step {
  const claims = useOf(EXPORTS_FOLDER, folder, before);
  return { file: exportsPath(want.file), summary: exportLine(want), edit: () => exportsText(want), claims };
}

/**
 * Exports each client by its name, with these options only (-i). Not by `exportfs -ra`: that would end every export that an
 * operator made by hand, and apply a half-edited /etc/exports.
 */
function exportSteps({ path, clients }: WantedExport, names: readonly string[]): readonly Step[] {
  const optionsOf = (name: string) => (ownValue(clients, name) ?? []).join(",");
  return [...new Set(names.map(optionsOf))].map((options) => {
    const members = names.filter((name) => optionsOf(name) === options).map((client) => target(client, path));
    return { command: { run: ["exportfs", "-i", "-o", options, ...members] } };
  });
}

/** `192.0.2.1:/common`. Unlike the file, the command line takes an IPv6 address in brackets. */
function target(client: string, path: string): string {
  return `${client.includes(":") ? `[${client}]` : client}:${path}`;
}
