import { madeFrom, makeDirectory, unmakeDirectory } from "../../dialects/created-directory";
import { originalState } from "../../facts/files/original-state";
import { pathState } from "../../facts/files/path-state";
import type { Step } from "../../step";
import type { Kind } from "../kind";
import { EXPORTS_FOLDER, exportLine, exportsPath, exportsText } from "./exports-file";
import { canonicalNames, exportFiles, exportTable, nfsThreads } from "./facts";
import { type ExportSeen, findExport, isHostName, liveName, sameOptions } from "./find";
import { refuseExport } from "./refuse";
import { type Export, nfsExport as schema, type WantedExport } from "./schema";

type Change =
  | { readonly op: "write"; readonly want: WantedExport }
  | { readonly op: "export"; readonly want: WantedExport; readonly clients: readonly string[] }
  | { readonly op: "unexport"; readonly path: string; readonly clients: readonly string[] }
  | { readonly op: "erase"; readonly file: string }
  | { readonly op: "unmake"; readonly path: string; readonly from: string };

/** One directory, exported to some clients: live by exportfs, at boot by a file of its own. */
export const nfsExport: Kind<WantedExport, Export, ExportSeen, Change> = {
  name: "NfsExport",
  schema,
  identity: ["path"],
  observedProperties: ["path", "clients", "file", "boot"],
  key: ({ path }) => path,
  commands: (want) => [exportLine(want)],
  facts: ({ path, clients }) => ({
    table: exportTable,
    files: exportFiles,
    threads: nfsThreads,
    names: canonicalNames(Object.keys(clients).filter(isHostName).sort()),
    place: pathState(path),
    folder: pathState(EXPORTS_FOLDER),
    before: originalState,
  }),
  observe: findExport,
  plan,
  render,
  cleanup: ({ before: text, folder }, { path }) =>
    [path, ...(folder.state === "empty" ? [EXPORTS_FOLDER] : [])].flatMap((made) => {
      const from = madeFrom(text, "NfsExport", made);
      return from === undefined ? [] : [{ op: "unmake", path: made, from }];
    }),
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
      say: "The host cannot look up the name of that client: check DNS or /etc/hosts, or give its address.",
    },
    { when: /Failed to stat|No such file/, say: "The directory is missing: create it, or leave createPath at true." },
  ],
};

export function plan(want: WantedExport | undefined, have: Export | undefined): readonly Change[] {
  if (want === undefined) {
    if (have === undefined) return [];
    const clients = Object.keys(have.clients);
    return [
      ...(clients.length > 0 ? [{ op: "unexport", path: have.path, clients } as const] : []),
      { op: "erase", file: exportsPath(have.file) },
    ];
  }
  const there = have?.clients ?? {};
  const wrong = Object.entries(want.clients).filter(([client, options]) => !sameOptions(options, there[client]));
  const gone = Object.keys(there).filter((client) => want.clients[client] === undefined);
  const moved = have !== undefined && have.file !== want.file;
  return [
    ...(have?.boot === true && !moved && wrong.length === 0 && gone.length === 0
      ? []
      : [{ op: "write", want } as const]),
    ...(wrong.length > 0 ? [{ op: "export", want, clients: wrong.map(([client]) => client) } as const] : []),
    ...(gone.length > 0 ? [{ op: "unexport", path: want.path, clients: gone } as const] : []),
    ...(moved ? [{ op: "erase", file: exportsPath(have.file) } as const] : []),
  ];
}

function render(change: Change, seen: ExportSeen): readonly Step[] {
  switch (change.op) {
    case "write":
      refuseExport(change.want, seen);
      return [
        ...makeDirectory("NfsExport", change.want.path, seen.place),
        ...makeDirectory("NfsExport", EXPORTS_FOLDER, seen.folder),
        {
          file: exportsPath(change.want.file),
          summary: exportLine(change.want),
          edit: () => exportsText(change.want),
        },
      ];
    case "export":
      return exportSteps(change.want, change.clients);
    case "unexport":
      return [
        {
          command: {
            run: ["exportfs", "-u", ...change.clients.map((client) => target(liveName(client, seen), change.path))],
          },
        },
      ];
    case "erase":
      return [{ file: change.file, summary: "remove it", edit: () => undefined }];
    case "unmake":
      return unmakeDirectory("NfsExport", change.path, change.from);
  }
}

/**
 * Each by its own name, with nothing but these options (-i). `exportfs -ra` would do, too, and would end every export that an
 * operator made by hand, and carry out what somebody has half written in /etc/exports.
 */
function exportSteps({ path, clients }: WantedExport, names: readonly string[]): readonly Step[] {
  const optionsOf = (name: string) => (clients[name] ?? []).join(",");
  return [...new Set(names.map(optionsOf))].map((options) => {
    const members = names.filter((name) => optionsOf(name) === options).map((client) => target(client, path));
    return { command: { run: ["exportfs", "-i", "-o", options, ...members] } };
  });
}

/** `192.0.2.1:/common`; the command line, unlike the file, wants brackets around IPv6. */
function target(client: string, path: string): string {
  return `${client.includes(":") ? `[${client}]` : client}:${path}`;
}
