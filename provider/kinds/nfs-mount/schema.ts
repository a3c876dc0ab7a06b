import ipaddr from "ipaddr.js";
import { z } from "zod";
import { absolutePath } from "../../model/path";

/** What a user wants mounted. */
export interface WantedMount {
  readonly source: string;
  readonly path: string;
  readonly version?: string;
  readonly options: readonly string[];
  readonly boot: boolean;
  readonly allowNonEmpty: boolean;
  readonly createPath: boolean;
  /** Only in a record that a host told: an output, which a state hands back. */
  readonly live?: true;
}

/** What a host has mounted, or would mount. */
export interface Mount {
  readonly source: string;
  readonly path: string;
  readonly version?: string;
  readonly options: readonly string[];
  /** Mounted by the next boot. */
  readonly boot: boolean;
  /** Mounted now. */
  readonly live: boolean;
}

const flag = z.boolean({ error: "must be true or false" });

/** `192.168.2.50:/common`, `[2001:db8::50]:/common`, `nfs.example.org:/common`. */
const source = z.string({ error: SOURCE() }).transform((text, ctx): string => {
  const [, bracketed, name = "", path = ""] = /^(?:\[([^\]\s]+)\]|([^\s:[\]/]+)):(\/[^\n]*)$/.exec(text) ?? [];
  if (path === "" || (bracketed !== undefined && !ipaddr.IPv6.isValid(bracketed))) {
    ctx.addIssue({ code: "custom", message: SOURCE(), input: text });
    return z.NEVER;
  }
  const server = bracketed === undefined ? name : `[${ipaddr.IPv6.parse(bracketed).toRFC5952String()}]`;
  return `${server}:${path.replaceAll(/\/+/g, "/").replace(/(?<=.)\/$/, "")}`;
});

const versionWord = z.string({ error: VERSION() }).regex(/^(?:3|4(?:\.[0-2])?)$/, { error: VERSION() });

/** Said by other arguments, or meant for something else than a mount that is always there. */
const ELSEWHERE: readonly (readonly [RegExp, string])[] = [
  [/^(?:nfs)?vers=|^minorversion=/, 'is what "version" is for'],
  [/^(?:no)?auto$/, 'is what "boot" is for'],
  [/^x-systemd\.automount$/, "would mount on first use; this resource mounts now and keeps it so"],
  [/^remount$/, "is no option of a mount"],
];

const option = z.string().superRefine((text, ctx) => {
  const wrong = /^[^\s,\\"'#]+$/.test(text)
    ? ELSEWHERE.find(([pattern]) => pattern.test(text))?.[1]
    : "must be one option of mount(8) or nfs(5), without blanks, commas or quotes";
  if (wrong !== undefined) ctx.addIssue({ code: "custom", message: `"${text}" ${wrong}`, input: text });
});

/** What the user says. `nofail` and `_netdev` are always there: a dead server must not stop a boot. */
export const nfsMount = z
  .strictObject({
    source,
    path: absolutePath.refine((path) => path !== "/", { error: 'must not be "/"' }),
    version: versionWord.optional(),
    options: z
      .array(option, { error: 'must be a list of options, such as ["ro", "noatime"]' })
      .default([])
      .transform((list): readonly string[] => [...new Set(list)].filter((one) => !IMPLIED.includes(one))),
    boot: flag.default(true),
    allowNonEmpty: flag.default(false),
    createPath: flag.default(true),
    live: z.literal(true, { error: "is an output: this resource always mounts" }).optional(),
  })
  .transform(({ version, live, ...rest }): WantedMount => {
    return { ...rest, ...(version !== undefined && { version }), ...(live !== undefined && { live }) };
  });

export const IMPLIED = ["nofail", "_netdev", "defaults"];

function SOURCE(): string {
  return 'must be "server:/path", as in "192.168.2.50:/common" or "[2001:db8::50]:/common"';
}

function VERSION(): string {
  return 'must be "3", "4", "4.0", "4.1" or "4.2"';
}
