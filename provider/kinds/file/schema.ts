import { z } from "zod";
import { isPlainText } from "../../model/bytes";
import { yesNo } from "../../model/fields";
import { absolutePath } from "../../model/path";
import { unitName } from "../../model/unit-name";
import { CANDIDATE, foreignPath, isOfSudo, MOST } from "./options";

/** The user's arguments, read. */
export interface GivenFile {
  readonly path: string;
  readonly content?: string;
  /** Of bytes that are no text. */
  readonly contentBase64?: string;
  /** Of a record that has no content, as the owners of a file know it of each other. */
  readonly sha256?: string;
  readonly mode: string;
  readonly owner: string;
  readonly group: string;
  readonly createPath: boolean;
  /** Empty: nothing validates it. */
  readonly validate: readonly string[];
  readonly reload?: string;
  readonly secret: boolean;
  readonly allowCuttingOff: boolean;
  /** An output, which a stored state hands back as an input. */
  readonly loaded?: true;
}

/** The desired file. */
export interface WantedFile extends GivenFile {
  readonly sha256: string;
}

/** The observed file. */
export interface HostFile {
  readonly path: string;
  /** Absent where it is no text, or larger than a file of ours may be. */
  readonly content?: string | undefined;
  readonly contentBase64?: string | undefined;
  readonly sha256: string;
  readonly mode: string;
  readonly owner: string;
  readonly group: string;
  /** False: a change of it was begun and not ended, so the unit may not know of it. */
  readonly loaded: boolean;
  /** What was there before us: `missing`, or the path of a copy on the host. */
  readonly before?: string;
  /** Copied from the desired state, for a delete. */
  readonly reload?: string | undefined;
}

const TOO_LARGE = `must not have more than ${MOST / 1024} KiB: larger files are for packages, and for a file server`;
const MODE =
  'must be octal digits in quotes, such as "0644"; setuid, setgid and sticky bits are not for files of this kind';
const NAME = 'must be a name, such as "www-data", or a number';
const VALIDATE =
  `must be a list of words, which no shell reads, such as ["nginx", "-t", "-c", "${CANDIDATE}"]: ` +
  `${CANDIDATE} stands for the path of the new file, before it has its place`;

const text = z
  .string({ error: "must be a text; for bytes, give source or contentBase64" })
  .refine(isPlainText, {
    error: "must be a text, without NUL characters and halves of UTF-16 pairs: for bytes, give source or contentBase64",
    abort: true,
  })
  .refine((value) => Buffer.byteLength(value) <= MOST, { error: TOO_LARGE });

const base64 = z
  .string({ error: "must be bytes in base64" })
  .refine((value) => Buffer.from(value, "base64").toString("base64") === value, {
    error: "must be bytes in base64, without line ends",
    abort: true,
  })
  .refine((value) => Buffer.from(value, "base64").length <= MOST, { error: TOO_LARGE });

const account = z
  .union([z.string(), z.int({ error: NAME }).nonnegative({ error: NAME })], { error: NAME })
  .transform(String)
  .refine((name) => /^[A-Za-z0-9_][A-Za-z0-9_.@\\-]*\$?$/.test(name), { error: NAME });

const words = z
  .array(z.string({ error: VALIDATE }).regex(/^[^\u0000-\u001f\u007f]+$/, { error: VALIDATE }), { error: VALIDATE })
  .superRefine(([program], ctx) => {
    if (program?.includes(CANDIDATE) === true) ctx.addIssue({ code: "custom", message: VALIDATE, input: program });
  });

const path = absolutePath.superRefine((given, ctx) => {
  const message = foreignPath(given);
  if (message !== undefined) ctx.addIssue({ code: "custom", message, input: given });
  if (given.length > 1000) ctx.addIssue({ code: "custom", message: "is longer than 1000 characters", input: given });
});

/** The user's arguments. */
export const file = z
  .strictObject({
    path,
    content: text.optional(),
    contentBase64: base64.optional(),
    sha256: z
      .string({ error: "is an output" })
      .regex(/^[0-9a-f]{64}$/, { error: "is an output" })
      .optional(),
    mode: z
      .string({ error: MODE })
      .regex(/^0?[0-7]{3}$/, { error: MODE })
      .transform((mode) => mode.padStart(4, "0"))
      .default("0644"),
    owner: account.default("root"),
    group: account.default("root"),
    createPath: yesNo.default(true),
    validate: words.default([]),
    reload: unitName('must be the name of a unit, such as "nginx"').optional(),
    secret: yesNo.default(false),
    allowCuttingOff: yesNo.default(false),
    loaded: z.literal(true, { error: "is an output" }).optional(),
    before: z.undefined({ error: "is an output" }).optional(),
  })
  .superRefine(({ path: given, content, contentBase64, sha256, validate }, ctx) => {
    const add = (property: string, message: string) =>
      ctx.addIssue({ code: "custom", path: [property], message, input: property });
    if (content !== undefined && contentBase64 !== undefined)
      add("contentBase64", "is beside another content: give one of content, contentBase64 and source");
    if (content === undefined && contentBase64 === undefined && sha256 === undefined)
      add("content", "is missing: give one of content, contentBase64 and source");
    // Owners know of each other what they want, and not how it is validated.
    if (content === undefined && contentBase64 === undefined) return;
    if (isOfSudo(given) && !validate.some((word) => word.includes(CANDIDATE)))
      add("validate", `is required for this file, as a mistake in it ends sudo: ["visudo", "-cf", "${CANDIDATE}"]`);
  })
  .transform(({ before: _, content, contentBase64, sha256, reload, loaded, ...rest }): GivenFile => {
    return {
      ...rest,
      ...(content !== undefined && { content }),
      ...(contentBase64 !== undefined && { contentBase64 }),
      ...(sha256 !== undefined && { sha256 }),
      ...(reload !== undefined && { reload }),
      ...(loaded !== undefined && { loaded }),
    };
  });
