import { isDeepStrictEqual } from "node:util";
import { ownValue } from "../../model/own-value";
import { FLAGS, type Flag, SYNONYMS, splitOption } from "./options";

/**
 * What a list of options means to exportfs: defaults filled in, a later word overrides an earlier one, words after `sec=` apply to
 * those flavours only. exportfs's own table has such lists too, so two lists mean the same when their effects are equal.
 */
export function exportEffect(list: readonly string[]): Readonly<Record<string, string>> {
  const effect: Effect = {
    common: new Map(FLAGS.map(({ on, byDefault }) => [on, byDefault])),
    flavours: new Map(),
    values: new Map(NOBODY),
  };
  let section: readonly Flags[] = [];
  for (const option of list) {
    const [word, value = ""] = splitOption(option);
    const name = ownValue(SYNONYMS, word) ?? word;
    const flag = FLAGS.find(({ on, off }) => on === name || off === name);
    if (name === "sec") section = sectionFor(value, effect);
    else if (flag === undefined) effect.values.set(name, canonicalValue(name, value));
    else for (const flags of [effect.common, ...section]) flags.set(flag.on, name === flag.on);
  }
  return describeEffect(effect);
}

/** Whether two lists of options mean the same. */
export function sameOptions(one: readonly string[], other: readonly string[] | undefined): boolean {
  return other !== undefined && isDeepStrictEqual(exportEffect(one), exportEffect(other));
}

/** The shortest list with the same effect. `ro` or `rw` and `subtree_check` or its opposite stay: operators look for them. */
export function shortOptions(list: readonly string[]): readonly string[] {
  const short = [...list];
  for (let index = short.length - 1; index >= 0; index--) {
    const without = short.toSpliced(index, 1);
    const losesLast = (words: RegExp) => words.test(short[index] ?? "") && !without.some((word) => words.test(word));
    if (losesLast(/^r[ow]$/) || losesLast(/^(?:no_)?subtree_check$/)) continue;
    if (sameOptions(without, list)) short.splice(index, 1);
  }
  return short;
}

/** Whether each flag, by the word that turns it on, is on. */
type Flags = Map<string, boolean>;

interface Effect {
  /** Flags outside of `sec=`; a new flavour starts with a copy. */
  readonly common: Flags;
  /** Flags by flavour: `sys`, `krb5` ... */
  readonly flavours: Map<string, Flags>;
  readonly values: Map<string, string>;
}

const NOBODY: readonly (readonly [string, string])[] = [
  ["anonuid", "65534"],
  ["anongid", "65534"],
];

/** The flags that the words after `sec=krb5:krb5i` change. */
function sectionFor(value: string, { common, flavours }: Effect): readonly Flags[] {
  return value.split(":").map((word) => {
    const flavour = word === "unix" ? "sys" : word;
    const flags = flavours.get(flavour) ?? new Map(common);
    flavours.set(flavour, flags);
    return flags;
  });
}

function describeEffect({ common, flavours, values }: Effect): Readonly<Record<string, string>> {
  const perFlavour = FLAGS.filter((flag) => flag.perFlavour === true);
  const others = FLAGS.filter((flag) => flag.perFlavour !== true);
  const sections = [...(flavours.size === 0 ? [["sys", common] as const] : flavours)].map(
    ([flavour, flags]) => `${flavour}(${perFlavour.map((flag) => wordFor(flag, flags)).join(",")})`,
  );
  return {
    ...Object.fromEntries(others.map((flag) => [flag.on, wordFor(flag, common)])),
    ...Object.fromEntries(values),
    sec: sections.join(" "),
  };
}

function wordFor({ on, off }: Flag, flags: Flags): string {
  return flags.get(on) === true ? on : off;
}

function canonicalValue(name: string, value: string): string {
  // exportfs prints them as signed numbers or as unsigned ones, by its version.
  if (/^anon[ug]id$/.test(name)) return String(Number(value) >>> 0);
  if (name === "fsid") return canonicalFsid(value);
  return value;
}

/** As strtoul() reads it, and as a signed number, which is how exportfs prints it. A UUID stays. */
function canonicalFsid(value: string): string {
  if (value === "root") return "0";
  const number = /^0[0-7]+$/.test(value) ? Number.parseInt(value, 8) : Number(value);
  return Number.isNaN(number) ? value : String(number | 0);
}
