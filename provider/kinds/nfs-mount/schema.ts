import ipaddr from "ipaddr.js";
import { z } from "zod";
import { compact, yesNo } from "../../model/fields";
import { absolutePath, withoutNeedlessSlashes } from "../../model/path";

/** The desired mount. */
export interface WantedMount {
  readonly source: string;
  readonly path: string;
  readonly version?: string;
  readonly options: readonly string[];
  readonly boot: boolean;
  readonly allowNonEmpty: boolean;
  readonly createPath: boolean;
  /** Outputs, which a stored state hands back as inputs. */
  readonly live?: true;
  readonly ownSource?: string;
}

/** The observed mount: in /proc/self/mountinfo, in fstab, or in both. */
export interface Mount {
  readonly source: string;
  /** The source of ours, where that of somebody else is there: what a destroy takes away. */
  readonly ownSource?: string;
  readonly path: string;
  readonly version?: string;
  readonly options: readonly string[];
  /** Persisted: the next boot mounts it. */
  readonly boot: boolean;
  /** Mounted now. */
  readonly live: boolean;
  /** What is mounted over it, where a removal finds it so. */
  readonly under?: string;
}

const SOURCE = 'must be "server:/path", as in "192.168.2.50:/common" or "[2001:db8::50]:/common"';
const VERSION = 'must be "3", "4", "4.0", "4.1" or "4.2"';

/**
 * `192.168.2.50:/common`, `[2001:db8::50]:/common`, `nfs.example.org:/common`. A server cannot begin with "#" or "-", which in fstab
 * would make a comment of the line, or an option for mount.nfs, nor have a "=", which would make it a label of a disk.
 */
const source = z.string({ error: SOURCE }).transform((text, ctx): string => {
  const refuse = (message: string) => {
    ctx.addIssue({ code: "custom", message, input: text });
    return z.NEVER;
  };
  const [, bracketed, name = "", path] =
    /^(?:\[([^\]]+)\]|([\p{L}\p{N}_][\p{L}\p{N}_.-]*)):(\/[^]*)$/u.exec(text) ?? [];
  if (path === undefined || (bracketed !== undefined && !ipaddr.IPv6.isValid(bracketed))) return refuse(SOURCE);
  if (/[\u0000-\u001f\u007f\p{Surrogate}]/u.test(path)) {
    return refuse("must not contain line ends or other control characters, nor half of a UTF-16 pair");
  }
  const server = bracketed === undefined ? name : `[${ipaddr.IPv6.parse(bracketed).toRFC5952String()}]`;
  return `${server}:${withoutNeedlessSlashes(path)}`;
});

const versionWord = z.string({ error: VERSION }).regex(/^(?:3|4(?:\.[0-2])?)$/, { error: VERSION });

/** Options that have an argument of their own, or contradict a permanent mount. */
const ELSEWHERE: readonly (readonly [RegExp, string])[] = [
  [/^(?:nfs)?vers=|^minorversion=/, 'is what "version" is for'],
  [/^(?:no)?auto$/, 'is what "boot" is for'],
  [/^x-systemd\.automount$/, "would mount on first use; this resource mounts at once"],
  [/^remount$/, "is no option of a mount"],
];

const option = z.string({ error: 'must be an option of mount(8), such as "noatime"' }).superRefine((text, ctx) => {
  const wrong = /^[^\s,\\"'#]+$/.test(text)
    ? ELSEWHERE.find(([pattern]) => pattern.test(text))?.[1]
    : "must be one option of mount(8) or nfs(5), without blanks, commas or quotes";
  if (wrong !== undefined) ctx.addIssue({ code: "custom", message: `"${text}" ${wrong}`, input: text });
});

/** The user's arguments. `nofail` and `_netdev` are always added: a dead server must not block a boot. */
export const nfsMount = z
  .strictObject({
    source,
    path: absolutePath.refine((path) => path !== "/", { error: 'must not be "/"' }),
    version: versionWord.optional(),
    options: z
      .array(option, { error: 'must be a list of options, such as ["ro", "noatime"]' })
      .default([])
      .transform((list): readonly string[] => [...new Set(list)].filter((one) => !IMPLIED.includes(one))),
    boot: yesNo.default(true),
    allowNonEmpty: yesNo.default(false),
    createPath: yesNo.default(true),
    live: z.literal(true, { error: "is an output: this resource always mounts" }).optional(),
    ownSource: source.optional(),
  })
  .transform((input): WantedMount => {
    const { version, live, ownSource, ...rest } = input;
    return { ...rest, ...compact({ version, live, ownSource }) };
  });

export const IMPLIED = ["nofail", "_netdev", "defaults"];
