import { z } from "zod";
import { mapOf, yesNo } from "../../model/fields";
import { absolutePath } from "../../model/path";
import { checkExportOptions } from "./options";

/** Who may mount, and with which options of exports(5): `{ "192.168.2.0/24": ["rw", "no_subtree_check"] }`. */
export type Clients = Readonly<Record<string, readonly string[]>>;

/** The desired export. */
export interface WantedExport {
  readonly path: string;
  readonly clients: Clients;
  /** Name of the file in /etc/exports.d, without `.exports`. */
  readonly file: string;
  readonly createPath: boolean;
  /** An output, which a stored state hands back as an input. */
  readonly boot?: true;
}

/** The observed export. */
export interface Export {
  readonly path: string;
  readonly clients: Clients;
  readonly file: string;
  /** Persisted: the file declares the same, so the next boot exports it. */
  readonly boot: boolean;
}

/** The problem of a client's name. */
function clientProblem(name: string): string | undefined {
  if (name.startsWith("[")) return "must be an IPv6 address without brackets: exports(5) takes none";
  if (/^[^\s()"'#\\,=-][^\s()"'#\\,=]*$/.test(name)) return undefined;
  return (
    'must be a host, a network or a pattern as in exports(5), such as "192.168.2.0/24", "*.example.org" or "*", ' +
    "without blanks, quotes, commas or parentheses"
  );
}

const options = z
  .array(z.string({ error: 'must be an option of exports(5), such as "rw"' }), {
    error: 'must be a list of options as in exports(5), such as ["rw"]',
  })
  .superRefine((list, ctx) => {
    for (const message of checkExportOptions(list)) ctx.addIssue({ code: "custom", message, input: list });
  })
  // exportfs prints a warning for every export without one of the two.
  .transform((list): readonly string[] => {
    const once = list.filter((option, index) => option.startsWith("sec=") || isFirst(list, index));
    return once.some((option) => /^(?:no_)?subtree_check$/.test(option)) ? once : withSubtree(once);
  });

/** The user's arguments. */
export const nfsExport = z
  .strictObject({
    path: absolutePath,
    clients: mapOf(options, {
      error: 'must be a map from client to options, such as { "192.168.2.0/24": ["rw"] }',
    })
      .refine((clients) => Object.keys(clients).length > 0, { error: "must name at least one client" })
      .superRefine((clients, ctx) => {
        for (const name of Object.keys(clients)) {
          const message = clientProblem(name);
          if (message !== undefined) ctx.addIssue({ code: "custom", path: [name], message, input: name });
        }
      }),
    file: z
      .string({ error: "must be the name of a file in /etc/exports.d" })
      .regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]*$/, {
        error:
          'must be the name of a file in /etc/exports.d, such as "common": letters, digits, "_", "." and "-", no "/"',
      })
      .transform((name) => name.replace(/\.exports$/, ""))
      .optional(),
    createPath: yesNo.default(true),
    boot: z.literal(true, { error: "is an output: an export is always persisted" }).optional(),
  })
  .transform(({ path, clients, file, createPath, boot }): WantedExport => {
    return { path, clients, file: file ?? fileFor(path), createPath, ...(boot !== undefined && { boot }) };
  });

/** `/srv/www data` -> `srv-www-data` */
function fileFor(path: string): string {
  const name = path
    .slice(1)
    .replaceAll(/[^A-Za-z0-9_.]+/g, "-")
    .replace(/^[.-]+/, "");
  return name === "" ? "root" : name;
}

/** Adds it before the first `sec=`, where options apply to all flavours. */
function withSubtree(list: readonly string[]): string[] {
  const sec = list.findIndex((option) => option.startsWith("sec="));
  const at = sec === -1 ? list.length : sec;
  return [...list.slice(0, at), "no_subtree_check", ...list.slice(at)];
}

/** Whether the option has not occurred since the last `sec=`: it may be repeated after each. */
function isFirst(list: readonly string[], index: number): boolean {
  const from = list.slice(0, index).findLastIndex((option) => option.startsWith("sec="));
  return !list.slice(from + 1, index).includes(list[index] ?? "");
}
