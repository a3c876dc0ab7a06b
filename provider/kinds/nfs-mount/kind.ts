import { isDeepStrictEqual } from "node:util";
import { madeFrom } from "../../dialects/created-directory";
import { originalState } from "../../facts/files/original-state";
import { fileText } from "../../facts/files/text";
import type { Kind } from "../kind";
import { mountPoint } from "./facts";
import { entryOf, findMount, type MountSeen } from "./find";
import { entryFor, entryText, FSTAB } from "./fstab";
import { type MountChange, renderMount } from "./render";
import { type Mount, nfsMount as schema, type WantedMount } from "./schema";

/** A directory of an NFS server: mounted now, and at boot by its line of /etc/fstab. */
export const nfsMount: Kind<WantedMount, Mount, MountSeen, MountChange> = {
  name: "NfsMount",
  schema,
  identity: ["path"],
  observedProperties: ["source", "path", "version", "options", "boot", "live"],
  renamed: { hideNonEmpty: "allowNonEmpty" },
  key: ({ path }) => path,
  commands: (want) => [entryText(entryOf(want))],
  facts: ({ path }) => ({ at: mountPoint(path), fstab: fileText(FSTAB), before: originalState }),
  observe: findMount,
  plan,
  render: renderMount,
  cleanup: (seen, { path }) => {
    const from = madeFrom(seen.before, "NfsMount", path);
    const idle = "nothing" in seen.at && entryFor(seen.fstab, path) === undefined;
    return from === undefined || !idle ? [] : [{ op: "unmake", path, from }];
  },
  advice: [
    {
      when: /helper program|unknown filesystem type 'nfs|bad option;/,
      say: 'This host has no NFS client. Install it: new Package(..., { name: "nfs-client" }).',
    },
    {
      when: /access denied by server/,
      say: "The server does not export this directory to this host: look at exportfs -v there.",
    },
    { when: /Connection refused/, say: "The server is up and its NFS service is not: start nfs-server there." },
    {
      when: /Killed|the host said nothing|timed out|No route to host|Network is unreachable/,
      say:
        "The server cannot be reached from this host, so mount or umount had to be ended: is it up, and does a firewall let TCP " +
        "port 2049 through? To give up a mount of it, with what was not written yet: umount -f -l PATH on the host.",
    },
    {
      when: /an incorrect mount option was specified|Protocol not supported/,
      say: 'The kernel of this host does not know that option or version: see "options" and "version".',
    },
    {
      when: /is in use by/,
      say: "Stop what uses it, or let it depend on this mount so that Pulumi stops it first, then run again.",
    },
  ],
};

export function plan(want: WantedMount | undefined, have: Mount | undefined): readonly MountChange[] {
  if (want === undefined) {
    if (have === undefined) return [];
    return [...(have.live ? [{ op: "unmount", path: have.path } as const] : []), { op: "erase", path: have.path }];
  }
  if (have === undefined)
    return [
      { op: "write", want },
      { op: "mount", want },
    ];
  const other = have.source !== want.source || have.version !== want.version;
  const changed = !isDeepStrictEqual(have.options, want.options);
  if (!other && !changed && have.live && have.boot === want.boot) return [];
  return [
    { op: "write", want },
    ...(have.live ? [] : [{ op: "mount", want } as const]),
    ...(have.live && other ? [{ op: "mount anew", want } as const] : []),
    ...(have.live && !other && changed ? [{ op: "remount", want } as const] : []),
  ];
}
