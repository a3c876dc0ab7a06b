import { UserError } from "../../errors";
import type { Facts } from "../../facts/fact";
import type { Files } from "../../facts/files/lines";
import { loadProblem, moduleFiles } from "../../facts/files/module-loading";
import { fileText } from "../../facts/files/text";
import { DEFAULTS, ipvsLoader } from "../../facts/ipvs/loader";
import { INSTALL_IPVSADM, type IpvsTable } from "../../facts/ipvs/table";
import { tableLines } from "../../facts/ipvs/table-lines";
import { firstProblem } from "../../model/first-problem";
import type { RulesLoaderName } from "../../model/ipvs/rules-loader";
import type { Step } from "../../step";
import { debianRules } from "./debian";
import type { LoaderFacts, RulesLoader } from "./loader";
import { nextBoot } from "./next-boot";
import { hasRecord, parseRecords, RECORD, recordLoader } from "./original-loader";
import { otherLinesProblem } from "./other-lines";
import { rhelRules } from "./rhel";
import { linesOf, persistRules, type RuleOwner, rulesFile, rulesFileWith, unpersistRules } from "./rules-file";
import { isLoaded, rulesProblem } from "./rules-problem";
import { chooseLoader, DIALECTS, loaderOf, restoreLoaders, restoreUnused, unusedLoaders } from "./used-loaders";

/** The texts from which edits of the rules files start. They are read with the rest: otherwise each write would begin with another look. */
interface EditedTexts {
  readonly debianRulesText: string | undefined;
  readonly rhelRulesText: string | undefined;
}

export const rulesFacts: Facts<LoaderFacts & EditedTexts> = {
  loader: ipvsLoader,
  bootLines: tableLines,
  debianRules: rulesFile(debianRules.file),
  debianDefaults: fileText(DEFAULTS),
  rhelRules: rulesFile(rhelRules.file),
  rulesRecord: fileText(RECORD),
  modules: moduleFiles,
  debianRulesText: fileText(debianRules.file),
  rhelRulesText: fileText(rhelRules.file),
};

/** A change of the rules that are loaded at boot. */
export type BootChange =
  | {
      readonly op: "boot";
      readonly owner: RuleOwner;
      readonly rules: readonly string[];
      readonly dialect?: RulesLoaderName;
    }
  | { readonly op: "unboot"; readonly owner: RuleOwner }
  /** All that we enabled, unless named. */
  | { readonly op: "restoreLoader"; readonly loaders?: readonly RulesLoaderName[] };

/** Whether the loader loads exactly these lines for the owner. */
export function isPersisted(
  seen: LoaderFacts,
  owner: RuleOwner,
  rules: readonly string[],
  override?: RulesLoaderName,
): boolean {
  const dialect = chooseLoader(seen, override);
  if (dialect === undefined || !dialect.isEnabled(seen) || !hasRecord(seen.rulesRecord, dialect.name)) return false;
  if (unpersistOthers(dialect, seen, owner).length > 0) return false;
  if (bootProblem(dialect, seen, owner, rules) !== undefined) return false;
  const file = dialect.rules(seen);
  if (!isLoaded(file, rules, dialect.loadsWhole(seen))) return false;
  const { block, outside } = file;
  const owned = new Set(linesOf(owner, block).map(({ text }) => text));
  return linesOf(owner, outside).length === 0 && owned.size === rules.length && rules.every((rule) => owned.has(rule));
}

/** Whether our block has any line of the owner. */
export function isInBlock(seen: LoaderFacts, owner: RuleOwner): boolean {
  return loaderOf(seen, owner) !== undefined;
}

/** Whether anything is there for the next boot that only this owner needs: lines, or the loader. A run that was cut may have left it. */
export function hasBootTraces(seen: LoaderFacts, owner: RuleOwner): boolean {
  return cleanupRules(seen, owner).length > 0;
}

/** After a delete: removes leftover lines of the owner, or restores the loader if our block has no other lines. */
export function cleanupRules(seen: LoaderFacts, owner: RuleOwner): BootChange[] {
  if (isInBlock(seen, owner)) return [{ op: "unboot", owner }];
  const unused = unusedLoaders(seen);
  const isAll = unused.length === parseRecords(seen.rulesRecord).length;
  if (unused.length === 0) return [];
  return [{ op: "restoreLoader", ...(!isAll && { loaders: unused.map(({ name }) => name) }) }];
}

/** `ipvs`: the table, for a kind that sees it. */
type BootSeen = LoaderFacts & { readonly ipvs?: Pick<IpvsTable, "services"> };

export function renderBoot(change: BootChange, seen: BootSeen): readonly Step[] {
  if (change.op === "boot") return bootSteps(change, seen);
  if (change.op === "restoreLoader") {
    const { loaders } = change;
    const named = DIALECTS.filter(({ name }) => loaders === undefined || loaders.includes(name));
    return restoreLoaders(named, seen, { isNeeded: loaders !== undefined });
  }
  // The loader is restored with the last line. If several owners remove the last lines in one batch, the cleanup of one does it.
  return [
    ...DIALECTS.flatMap((dialect) => removeLines(dialect, seen, change.owner)),
    ...restoreUnused(seen, change.owner),
  ];
}

function removeLines({ file, rules }: RulesLoader, seen: LoaderFacts, owner: RuleOwner): readonly Step[] {
  const { block, names } = rules(seen);
  if (linesOf(owner, block).length === 0) return [];
  const summary = `remove ${describeOwner(owner)}`;
  return [{ file, summary, edit: (text) => unpersistRules(text, owner, names) }];
}

/** Lines of the owner in the file of another loader, which a resource named before, and that loader if it has no other lines. */
function unpersistOthers(chosen: RulesLoader, seen: LoaderFacts, owner: RuleOwner): readonly Step[] {
  const others = DIALECTS.filter((dialect) => dialect !== chosen);
  const unused = unusedLoaders(seen, owner).filter((dialect) => dialect !== chosen);
  return [
    ...others.flatMap((dialect) => removeLines(dialect, seen, owner)),
    ...restoreLoaders(unused, seen, { isNeeded: true }),
  ];
}

/** The original state is recorded first and the loader enabled last, so that the next run sees what an interrupted one left undone. */
function bootSteps({ owner, rules, dialect: override }: BootChange & { op: "boot" }, seen: BootSeen): readonly Step[] {
  const dialect = chooseLoader(seen, override) ?? refuseLoader(seen);
  const file = dialect.rules(seen);
  const after = rulesFileWith(file, owner, rules);
  const problem =
    bootProblem(dialect, { ...seen, [dialect.name === "debian" ? "debianRules" : "rhelRules"]: after }, owner, rules) ??
    rulesProblem(dialect.file, after, owner, rules, {
      whole: dialect.loadsWhole(seen),
      isLive: (service) => seen.ipvs?.services.has(service) === true,
    });
  if (problem !== undefined)
    throw new UserError(`the next boot would not load the rules: ${problem}, ${OR_NOT_AT_BOOT}`);
  const [original] = parseRecords(seen.rulesRecord);
  return [
    recordLoader({ rules: dialect.name, loader: original?.loader ?? dialect.originalState(seen) }),
    {
      file: dialect.file,
      summary: `keep ${describeOwner(owner)}`,
      edit: (text) => persistRules(text, owner, rules, file.names),
    },
    ...dialect.enable(seen),
    ...unpersistOthers(dialect, seen, owner),
  ];
}

/** Why the next boot would load nothing of a loader's file, whatever we write. */
function bootProblem(
  dialect: RulesLoader,
  seen: LoaderFacts,
  owner: RuleOwner,
  rules: readonly string[],
): string | undefined {
  const next = nextBoot(seen.loader);
  if (next?.problem !== undefined) return next.problem;
  if (next?.loads !== undefined && next.loads !== dialect.name)
    return `rulesLoader is "${dialect.name}", but the ${next.by} of this host reads the files of "${next.loads}". Remove rulesLoader`;
  const wanted = { owner, rules, path: dialect.file, names: dialect.rules(seen).names };
  return otherLinesProblem(seen.bootLines, wanted) ?? modulesProblem(seen.modules, rules) ?? dialect.problem(seen);
}

/** IPVS, and the modules that the kernel loads for these rules. */
function modulesProblem(files: Files, rules: readonly string[]): string | undefined {
  const more = rules.flatMap((rule) => [...rule.matchAll(/ (-s|--pe) ([a-z]+)/g)]);
  const names = more.map(([, option, name]) => (option === "-s" ? `ip_vs_${name}` : `ip_vs_pe_${name}`));
  return firstProblem(["ip_vs", ...new Set(names)], (module) => loadProblem(files, module));
}

const OR_NOT_AT_BOOT = "or set boot: false if the rules need not survive a reboot.";

function refuseLoader(seen: LoaderFacts): never {
  const { loader } = seen;
  if (!loader.installed && loader.seen.length === 0) throw new UserError(INSTALL_IPVSADM);
  const problem = nextBoot(loader)?.problem;
  throw new UserError(
    [
      `no loader of IPVS rules was found (seen: ${loader.seen.length === 0 ? "no init script, no unit" : loader.seen.join(", ")}).`,
      ...(problem === undefined ? [] : [` ${problem}.`]),
      ...(loader.installed ? [] : [" ipvsadm is not installed: install it first."]),
      ...(loader.initScript && loader.systemd && loader.unit === undefined && !loader.runsInitScripts
        ? [" The systemd of this host starts no init scripts."]
        : []),
      ' Expected is /etc/init.d/ipvsadm with /etc/default/ipvsadm, or an ipvsadm.service that runs ipvsadm-load (rulesLoader: "debian") or reads /etc/sysconfig/ipvsadm (rulesLoader: "rhel").',
      ` Set rulesLoader to the one that runs at boot, ${OR_NOT_AT_BOOT}`,
    ].join(""),
  );
}

function describeOwner({ service, itself, servers }: RuleOwner): string {
  if (itself || servers === "all") return service;
  return servers.map((server) => `${service} -> ${server}`).join(", ");
}
