import { nearest } from "../../model/nearest";

/** A pair of words of exports(5), and which one applies by default. */
export interface Flag {
  readonly on: string;
  readonly off: string;
  readonly byDefault: boolean;
  /** May differ from one `sec=` flavour to the next. */
  readonly perFlavour?: true;
}

export const FLAGS: readonly Flag[] = [
  { on: "ro", off: "rw", byDefault: true, perFlavour: true },
  { on: "insecure", off: "secure", byDefault: false, perFlavour: true },
  { on: "root_squash", off: "no_root_squash", byDefault: true, perFlavour: true },
  { on: "all_squash", off: "no_all_squash", byDefault: false, perFlavour: true },
  { on: "async", off: "sync", byDefault: false },
  { on: "wdelay", off: "no_wdelay", byDefault: true },
  { on: "nohide", off: "hide", byDefault: false },
  { on: "crossmnt", off: "nocrossmnt", byDefault: false },
  { on: "no_subtree_check", off: "subtree_check", byDefault: true },
  { on: "insecure_locks", off: "secure_locks", byDefault: false },
  { on: "no_acl", off: "acl", byDefault: false },
  { on: "pnfs", off: "no_pnfs", byDefault: false },
  { on: "nordirplus", off: "rdirplus", byDefault: false },
  { on: "security_label", off: "no_security_label", byDefault: false },
];

/** Words with the same meaning. */
export const SYNONYMS: Readonly<Record<string, string>> = {
  no_auth_nlm: "insecure_locks",
  auth_nlm: "secure_locks",
  mp: "mountpoint",
};

/** Options that have a value. */
const VALUES: readonly string[] = [
  "anonuid",
  "anongid",
  "fsid",
  "refer",
  "replicas",
  "sec",
  "xprtsec",
  "mountpoint",
  "mp",
];

const FLAVOURS = ["sys", "unix", "none", "null", "krb5", "krb5i", "krb5p"];

/** exportfs has no word for these: they are what it does anyway. */
const IMPLIED = ["rdirplus", "no_security_label"];

const WORDS = [
  ...FLAGS.flatMap(({ on, off }) => [on, off]).filter((word) => !IMPLIED.includes(word)),
  ...Object.keys(SYNONYMS),
  "mountpoint",
];

/** With words that only some versions of exportfs know: a file with such a word is read on, where another version would end. */
const READABLE_WORDS: ReadonlySet<string> = new Set([...WORDS, "sign_fh"]);
const READABLE_VALUES: ReadonlySet<string> = new Set([...VALUES, "reexport", "squash_uids", "squash_gids"]);

/** Whether exportfs reads on behind this word, as far as anybody can tell without its version. */
export function isWordOfExports(word: string): boolean {
  const [name, value] = splitOption(word);
  if (value === undefined) return READABLE_WORDS.has(name);
  if (name === "anonuid" || name === "anongid") return /^[ \t]*[+-]?\d+$/.test(value);
  if (name === "fsid") return isFsid(value);
  if (name === "sec") return value.split(":").every((flavour) => FLAVOURS.includes(flavour));
  return READABLE_VALUES.has(name);
}

/** As strtoul() reads a number: hexadecimal and octal too. A UUID is any text with 32 hexadecimal digits. */
function isFsid(value: string): boolean {
  const isNumber = /^[ \t]*[+-]?(?:0x[0-9a-f]+|0[0-7]*|[1-9]\d*)$/i.test(value);
  return value === "root" || isNumber || value.replaceAll(/[^0-9a-f]/gi, "").length === 32;
}

/** The problems of a list of options. */
export function checkExportOptions(list: readonly string[]): string[] {
  return list.flatMap((option) => {
    const problem = problemWith(option);
    return problem === undefined ? [] : [problem];
  });
}

function problemWith(option: string): string | undefined {
  if (/[\s,()"'#\\]/.test(option) || option === "")
    return `"${option}" must be one option: no blanks, commas, quotes or parentheses`;
  const [name, value] = splitOption(option);
  if (value === undefined) {
    if (WORDS.includes(name)) return undefined;
    if (VALUES.includes(name)) return `"${name}" needs a value: "${name}=..."`;
  } else if (VALUES.includes(name)) {
    return valueProblem(name, value);
  } else if (WORDS.includes(name)) {
    return `"${name}" takes no value`;
  }
  const near = nearest(name, [...WORDS, ...VALUES]);
  return `"${name}" is not an option of exports(5)${near === undefined ? "" : `; did you mean "${near}"?`}`;
}

function valueProblem(name: string, value: string): string | undefined {
  if (value === "") return `"${name}" needs a value: "${name}=..."`;
  if (/^anon[ug]id$/.test(name) && !/^-?\d+$/.test(value)) return `"${name}" must be a number, not "${value}"`;
  if (name === "fsid" && !/^(?:root|\d+|0x[0-9a-f]+|[0-9a-f:-]{32,})$/i.test(value)) {
    return `"fsid" must be a number, "root" or a UUID, not "${value}"`;
  }
  const unknown = name === "sec" ? value.split(":").find((flavour) => !FLAVOURS.includes(flavour)) : undefined;
  return unknown === undefined ? undefined : `"sec" knows no flavour "${unknown}", only ${FLAVOURS.join(", ")}`;
}

/** `["fsid", "7"]`, `["rw", undefined]`. */
export function splitOption(option: string): [name: string, value: string | undefined] {
  const at = option.indexOf("=");
  return at === -1 ? [option, undefined] : [option.slice(0, at), option.slice(at + 1)];
}
