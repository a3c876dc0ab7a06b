import { nearest } from "../../model/nearest";

/** What a pair of words of exports(5) says about an export, and what holds where neither is said. */
interface Flag {
  readonly on: string;
  readonly off: string;
  readonly byDefault: boolean;
  /** May differ from one `sec=` flavour to the next. */
  readonly perFlavour?: true;
}

const FLAGS: readonly Flag[] = [
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
const SAME: Readonly<Record<string, string>> = {
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

/** exportfs has no word for these: they are what it does anyway. */
const IMPLIED = ["rdirplus", "no_security_label"];

const WORDS = [
  ...FLAGS.flatMap(({ on, off }) => [on, off]).filter((word) => !IMPLIED.includes(word)),
  ...Object.keys(SAME),
  "mountpoint",
];

/** What is wrong with a list of options. */
export function checkExportOptions(list: readonly string[]): string[] {
  return list.flatMap((option) => {
    const problem = problemWith(option);
    return problem === undefined ? [] : [problem];
  });
}

/**
 * What a list of options amounts to, by the rules of exportfs: defaults filled in, a later word over an earlier one, words
 * after `sec=` for those flavours only. What exportfs writes into its own table is such a list, too, so two lists mean the
 * same when this is the same.
 */
export function exportEffect(list: readonly string[]): Readonly<Record<string, string>> {
  const common = new Map(FLAGS.map(({ on, byDefault }) => [on, byDefault]));
  const flavours = new Map<string, Map<string, boolean>>();
  const values = new Map<string, string>([
    ["anonuid", "65534"],
    ["anongid", "65534"],
  ]);
  let active: string[] = [];
  for (const option of list) {
    const [said, value] = split(option);
    const name = SAME[said] ?? said;
    const flag = FLAGS.find(({ on, off }) => on === name || off === name);
    if (flag !== undefined) {
      for (const flags of [common, ...active.map((one) => flavours.get(one))]) flags?.set(flag.on, name === flag.on);
    } else if (name === "sec") {
      active = (value ?? "").split(":").map((flavour) => (flavour === "unix" ? "sys" : flavour));
      for (const one of active) if (!flavours.has(one)) flavours.set(one, new Map(common));
    } else {
      values.set(name, canonicalValue(name, value ?? ""));
    }
  }
  if (flavours.size === 0) flavours.set("sys", new Map(common));
  return Object.fromEntries<string>([
    ...FLAGS.filter(({ perFlavour }) => perFlavour !== true).map(({ on, off }): [string, string] => [
      on,
      common.get(on) === true ? on : off,
    ]),
    ...values,
    ["sec", [...flavours].map(([flavour, flags]) => `${flavour}(${wordsFor(flags)})`).join(" ")],
  ]);
}

/** The shortest list that says the same. Whether one may write, and subtree_check, are said in any case: operators look for them. */
export function shortOptions(list: readonly string[]): readonly string[] {
  const kept = [...list];
  const effect = JSON.stringify(exportEffect(list));
  for (let index = kept.length - 1; index >= 0; index--) {
    const less = kept.toSpliced(index, 1);
    const said = (words: RegExp) => !words.test(kept[index] ?? "") || less.some((word) => words.test(word));
    const redundant = JSON.stringify(exportEffect(less)) === effect;
    if (redundant && said(/^r[ow]$/) && said(/^(?:no_)?subtree_check$/)) kept.splice(index, 1);
  }
  return kept;
}

function wordsFor(flags: ReadonlyMap<string, boolean>): string {
  return FLAGS.filter(({ perFlavour }) => perFlavour === true)
    .map(({ on, off }) => (flags.get(on) === true ? on : off))
    .join(",");
}

function problemWith(option: string): string | undefined {
  if (/[\s,()"'#\\]/.test(option) || option === "")
    return `"${option}" must be one option: no blanks, commas, quotes or parentheses`;
  const [name, value] = split(option);
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
  const flavours = ["sys", "unix", "none", "null", "krb5", "krb5i", "krb5p"];
  const unknown = name === "sec" ? value.split(":").find((flavour) => !flavours.includes(flavour)) : undefined;
  return unknown === undefined ? undefined : `"sec" knows no flavour "${unknown}", only ${flavours.join(", ")}`;
}

function canonicalValue(name: string, value: string): string {
  // exportfs prints them as signed numbers or as unsigned ones, by its version.
  if (/^anon[ug]id$/.test(name)) return String(Number(value) >>> 0);
  if (name === "fsid") return value === "root" ? "0" : /^0x/i.test(value) ? String(Number(value)) : value;
  return value;
}

function split(option: string): [string, string | undefined] {
  const at = option.indexOf("=");
  return at === -1 ? [option, undefined] : [option.slice(0, at), option.slice(at + 1)];
}
