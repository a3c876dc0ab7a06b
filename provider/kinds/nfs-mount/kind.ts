import { isDeepStrictEqual } from "node:util";
import { createdFrom } from "../../dialects/created-directory";
import { fileLines } from "../../facts/files/lines";
import { originalState } from "../../facts/files/original-state";
import { fileText } from "../../facts/files/text";
import { defineKind } from "../define-kind";
import { CLIENT_CONFIG } from "./client-config";
import { linkedMountPoints, missingPrograms, mountPoint } from "./facts";
import { desiredEntry, findMount, findOwnMount, type MountSeen } from "./find";
import { FSTAB, findEntry, formatEntry, lineProblem } from "./fstab";
import { mountUnitFiles } from "./mount-unit";
import { OBSERVED } from "./properties";
import { type MountChange, renderMount } from "./render";
import { type Mount, nfsMount as schema, type WantedMount } from "./schema";
import { serverName } from "./source";
import { sources } from "./sources";

/** A mounted directory of an NFS server, persisted by a line of /etc/fstab. */
export const nfsMount = defineKind<WantedMount, Mount, MountSeen, MountChange>({
  name: "NfsMount",
  schema: schema.superRefine((want, ctx) => {
    const message = lineProblem(desiredEntry(want));
    if (message !== undefined) ctx.addIssue({ code: "custom", path: ["path"], message, input: want.path });
  }),
  identity: ["path"],
  observedProperties: OBSERVED,
  renamed: { hideNonEmpty: "allowNonEmpty" },
  key: ({ path }) => path,
  commands: (want) => [formatEntry(desiredEntry(want))],
  facts: ({ path, source, ownSource = source }) => ({
    at: mountPoint(path, ownSource, serverName(ownSource)),
    fstab: fileText(FSTAB),
    links: linkedMountPoints,
    before: originalState,
    config: fileLines(...CLIENT_CONFIG),
    units: mountUnitFiles(path),
    missing: missingPrograms,
  }),
  observe: findMount,
  observeOwn: findOwnMount,
  plan,
  render: renderMount,
  parts: sources,
  cleanup: (seen, { path }) => {
    if (createdFrom(seen.before, "NfsMount", path) === undefined) return [];
    const isUnused = "unmounted" in seen.at && findEntry(seen.fstab, path) === undefined;
    // Somebody else who uses it has it from now on.
    return [isUnused ? { op: "removeDirectory", path } : { op: "keepDirectory", path }];
  },
  advice: [
    {
      when: /helper program|unknown filesystem type 'nfs|bad option;/,
      say: 'This host has no NFS client. Install it: new Package(..., { name: "nfs-client" }).',
    },
    {
      when: /access denied by server/,
      say: "The server does not export this directory to this host: run exportfs -v there.",
    },
    { when: /Connection refused/, say: "The server is up, but its NFS service is not: start nfs-server there." },
    {
      // A shell says "Killed" where GNU's timeout kills itself, too; that of uutils says nothing.
      when: /^$|Killed|timed out|No route to host|Network is unreachable/,
      say:
        "This host cannot reach the server, so mount or umount was killed: is the server up, and does a firewall pass TCP port " +
        "2049? To give up its mount, with data that is not written yet, run umount -f -l PATH on the host.",
    },
    {
      when: /an incorrect mount option was specified|Protocol not supported/,
      say: 'The kernel of this host does not support that option or version: see "options" and "version".',
    },
    {
      when: /is in use by/,
      say: "Stop that process, or let its resource depend on this mount so that Pulumi stops it first; then run again.",
    },
  ],
});

export function plan(want: WantedMount | undefined, have: Mount | undefined): readonly MountChange[] {
  if (want === undefined) return have === undefined ? [] : planRemoval(have);
  const op = liveChange(want, have);
  if (op === undefined && have?.boot === want.boot) return [];
  // A mount that is in use keeps its line.
  if (op === "replace") {
    return [
      { op: "unmount", path: want.path },
      { op: "write", want },
      { op: "mount", want },
    ];
  }
  return [{ op: "write", want }, ...(op === undefined ? [] : [{ op, want }])];
}

/** The entry goes last: a mount that is in use stays in fstab, too. */
function planRemoval({ path, source, live, under }: Mount): readonly MountChange[] {
  const unmount = { op: "unmount", path, ...(under !== undefined && { under }) } as const;
  return [...(live ? [unmount] : []), { op: "removeEntry", path, source }];
}

/** The change of the live mount, besides that of its entry. */
function liveChange(want: WantedMount, have: Mount | undefined): "mount" | "replace" | "remount" | undefined {
  if (have === undefined || !have.live) return "mount";
  if (have.source !== want.source || have.version !== want.version) return "replace";
  return isDeepStrictEqual(have.options, want.options) ? undefined : "remount";
}
