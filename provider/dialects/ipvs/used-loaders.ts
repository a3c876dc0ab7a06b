import type { RulesLoaderName } from "../../model/ipvs/rules-loader";
import type { Step } from "../../step";
import { debianRules } from "./debian";
import type { LoaderFacts, RulesLoader } from "./loader";
import { parseRecords, removeRecord } from "./original-loader";
import { rhelRules } from "./rhel";
import type { RuleLine } from "./rule-line";
import { linesOf, type RuleOwner } from "./rules-file";

export const DIALECTS: readonly RulesLoader[] = [debianRules, rhelRules];

/** The loader that is named, or that is there. */
export function chooseLoader(seen: LoaderFacts, named?: RulesLoaderName): RulesLoader | undefined {
  return DIALECTS.find((dialect) => (named === undefined ? dialect.isInstalled(seen) : dialect.name === named));
}

/** The one in whose file our block has lines of the owner. */
export function loaderOf(seen: LoaderFacts, owner: RuleOwner): RulesLoaderName | undefined {
  return DIALECTS.find((dialect) => linesOf(owner, dialect.rules(seen).block).length > 0)?.name;
}

/** For `Kind.keeper` of what is kept in a file of rules. */
export function rulesKeeper<Want, Seen extends LoaderFacts>(ownerOf: (want: Want) => RuleOwner) {
  return {
    setting: "rulesLoader",
    usual: (seen: Seen) => chooseLoader(seen)?.name,
    found: (seen: Seen, want: Want) => loaderOf(seen, ownerOf(want)),
  } as const;
}

/** Loaders that we enabled, and in whose block there are no lines but those of this owner. */
export function unusedLoaders(seen: LoaderFacts, owner?: RuleOwner): readonly RulesLoader[] {
  const names = parseRecords(seen.rulesRecord).map(({ rules }) => rules);
  const isUnused = (dialect: RulesLoader) => linesOfOthers(dialect, seen, owner).length === 0;
  return DIALECTS.filter((dialect) => names.includes(dialect.name) && isUnused(dialect));
}

/** With the last lines of this owner go the loaders that had no others. */
export function restoreUnused(seen: LoaderFacts, owner: RuleOwner): readonly Step[] {
  const isNeeded = DIALECTS.some((dialect) => linesOfOthers(dialect, seen, owner).length > 0);
  return restoreLoaders(unusedLoaders(seen, owner), seen, { isNeeded });
}

/**
 * Back to what they were, of those that we enabled. What starts one of them at boot starts the other: `isNeeded` says that it has lines of ours,
 * or will have.
 */
export function restoreLoaders(
  loaders: readonly RulesLoader[],
  seen: LoaderFacts,
  { isNeeded }: { readonly isNeeded: boolean },
): readonly Step[] {
  const records = parseRecords(seen.rulesRecord).filter(({ rules }) => loaders.some(({ name }) => name === rules));
  if (records.length === 0) return [];
  const steps = records.flatMap((original) => {
    const dialect = loaders.find(({ name }) => name === original.rules);
    return dialect?.restore(seen, isNeeded ? { ...original, loader: "enabled" } : original) ?? [];
  });
  return [...steps, removeRecord(records.map(({ rules }) => rules))];
}

function linesOfOthers(dialect: RulesLoader, seen: LoaderFacts, owner: RuleOwner | undefined): readonly RuleLine[] {
  const { block } = dialect.rules(seen);
  const own = owner === undefined ? [] : linesOf(owner, block);
  return block.filter((line) => !own.includes(line));
}
