import { UserError } from "../../errors";
import type { Facts } from "../../facts/fact";
import { fileText } from "../../facts/files/text";
import { DEFAULTS, ipvsLoader } from "../../facts/ipvs/loader";
import { ruleTarget } from "../../facts/ipvs/rule-words";
import { INSTALL_IPVSADM } from "../../facts/ipvs/table";
import type { RulesDialectName } from "../../model/ipvs/settings";
import type { Step } from "../../step";
import { debianRules } from "./debian";
import type { LoaderFacts, RulesLoader } from "./loader";
import { forgetRecord, isRecorded, RECORD, readRecord, record } from "./original-loader";
import { rhelRules } from "./rhel";
import { linesInBlock, linesOutside, owns, persistRules, type RuleOwner, unpersistRules } from "./rules-file";

const DIALECTS: readonly RulesLoader[] = [debianRules, rhelRules];

export const rulesFacts: Facts<LoaderFacts> = {
  loader: ipvsLoader,
  debianRules: fileText(debianRules.file),
  debianDefaults: fileText(DEFAULTS),
  rhelRules: fileText(rhelRules.file),
  rulesRecord: fileText(RECORD),
};

/** A change of what is loaded at boot. */
export type BootChange =
  | {
      readonly op: "boot";
      readonly owner: RuleOwner;
      readonly rules: readonly string[];
      readonly dialect?: RulesDialectName;
    }
  | { readonly op: "unboot"; readonly owner: RuleOwner }
  | { readonly op: "disarm" };

/** Whether exactly these lines are loaded at boot, and no others about the same. */
export function isPersisted(
  seen: LoaderFacts,
  owner: RuleOwner,
  rules: readonly string[],
  override?: RulesDialectName,
): boolean {
  const dialect = choose(seen, override);
  if (dialect === undefined || !dialect.isEnabled(seen) || !isRecorded(seen.rulesRecord)) return false;
  const text = dialect.text(seen);
  const ours = new Set(linesInBlock(text).filter((line) => isOurs(owner, line)));
  return linesOutside(text, owner).length === 0 && ours.size === rules.length && rules.every((rule) => ours.has(rule));
}

/** Whether any line of ours about this is loaded at boot. */
export function isInBlock(seen: LoaderFacts, owner: RuleOwner): boolean {
  return DIALECTS.some((dialect) => linesInBlock(dialect.text(seen)).some((line) => isOurs(owner, line)));
}

/** What is left to do when these rules are gone: their lines, or else the loader that nobody of us needs any more. */
export function cleanupRules(seen: LoaderFacts, owner: RuleOwner): BootChange[] {
  if (isInBlock(seen, owner)) return [{ op: "unboot", owner }];
  return isNeedless(seen, owner) ? [{ op: "disarm" }] : [];
}

/** Whether the loader is ours, and no line of ours would be left without these. */
function isNeedless(seen: LoaderFacts, owner: RuleOwner): boolean {
  const left = DIALECTS.flatMap((dialect) => linesInBlock(dialect.text(seen)));
  return readRecord(seen.rulesRecord) !== undefined && left.every((line) => isOurs(owner, line));
}

export function renderBoot(change: BootChange, seen: LoaderFacts): readonly Step[] {
  if (change.op === "boot") return boot(change, seen);
  if (change.op === "disarm") return disarm(seen);
  const dialects = DIALECTS.filter((dialect) =>
    linesInBlock(dialect.text(seen)).some((line) => isOurs(change.owner, line)),
  );
  const steps = dialects.map(
    ({ file }): Step => ({
      file,
      summary: `remove ${describeOwner(change.owner)}`,
      edit: (text) => unpersistRules(text, change.owner),
    }),
  );
  // The loader goes with the last line. Where several take the last lines together, each sees the others', and one of them sweeps.
  return isNeedless(seen, change.owner) ? [...steps, ...disarm(seen)] : steps;
}

/** What was before is remembered first, the loader comes last: whatever is cut short here, the next run sees it. */
function boot({ owner, rules, dialect: override }: BootChange & { op: "boot" }, seen: LoaderFacts): readonly Step[] {
  const dialect = choose(seen, override) ?? refuse(seen);
  return [
    record(readRecord(seen.rulesRecord) ?? { rules: dialect.name, loader: dialect.originalState(seen) }),
    {
      file: dialect.file,
      summary: `keep ${describeOwner(owner)}`,
      edit: (text) => persistRules(text, owner, rules),
    },
    ...dialect.enable(seen),
  ];
}

function disarm(seen: LoaderFacts): readonly Step[] {
  const before = readRecord(seen.rulesRecord);
  const dialect = DIALECTS.find(({ name }) => name === before?.rules);
  if (before === undefined || dialect === undefined) return [];
  return [...dialect.restore(seen, before), forgetRecord];
}

function choose(seen: LoaderFacts, override: RulesDialectName | undefined): RulesLoader | undefined {
  if (override !== undefined) return DIALECTS.find(({ name }) => name === override);
  const here = DIALECTS.filter((dialect) => dialect.isHere(seen));
  return here.length === 1 ? here[0] : undefined;
}

function refuse({ loader }: LoaderFacts): never {
  if (!loader.installed && loader.seen.length === 0) throw new UserError(INSTALL_IPVSADM);
  const both = DIALECTS.every((dialect) => dialect.isHere({ loader }));
  throw new UserError(
    [
      both ? "two ways of loading IPVS rules at boot were found" : "no way of loading IPVS rules at boot was found",
      ` (seen: ${loader.seen.length === 0 ? "no init script, no unit" : loader.seen.join(", ")}).`,
      ...(loader.installed ? [] : [" ipvsadm is not installed: install it first."]),
      ' Expected is either /etc/init.d/ipvsadm with /etc/default/ipvsadm (rulesLoader: "debian"), or an ipvsadm.service that reads /etc/sysconfig/ipvsadm (rulesLoader: "rhel").',
      " Set rules to the one that applies, or boot: false to keep the rules until the next reboot only.",
    ].join(""),
  );
}

function isOurs(owner: RuleOwner, line: string): boolean {
  const subject = ruleTarget(line);
  return subject !== undefined && owns(owner, subject);
}

function describeOwner({ service, itself, servers }: RuleOwner): string {
  if (itself || servers === "all") return service;
  return servers.map((server) => `${service} -> ${server}`).join(", ");
}
