import type { Fact } from "../../facts/fact";
import { loadsModule } from "../../facts/files/modules-load";
import type { LoaderState } from "../../facts/ipvs/loader";
import { FRAGMENTS } from "../../facts/keepalived/paths";
import type { RulesLoaderName } from "../../model/ipvs/rules-loader";
import type { FileStep } from "../../step";

/**
 * A file of systemd-modules-load. It loads IPVS early at boot, before the sysctls that exist only with the module are set, and records
 * the original state of the loader in a comment.
 */
export const RECORD = "/etc/modules-load.d/pulumi-lvs.conf";

/** The original state of a host's loader, and whose files it is made to read. */
export interface OriginalLoader {
  readonly rules: RulesLoaderName;
  readonly loader: LoaderState;
}

/** Those that have rules of ours. More than one: resources named both, or one has begun to name the other. */
export function parseRecords(text: string | undefined): readonly OriginalLoader[] {
  const lines = (text ?? "").matchAll(/^# before: rules (debian|rhel), loader (enabled|disabled|absent)$/gm);
  return [...lines].map(([, rules, loader]) => ({ rules: rules as RulesLoaderName, loader: loader as LoaderState }));
}

/** Whether the file loads the module and records the original state. */
export function hasRecord(text: string | undefined, rules: RulesLoaderName): boolean {
  return parseRecords(text).some((one) => one.rules === rules) && loadsModule(text, "ip_vs");
}

/** An existing record is kept: a later one would record our own changes. What starts the one at boot starts the other. */
export function recordLoader(original: OriginalLoader): FileStep {
  return {
    file: RECORD,
    record: true,
    summary: "load ip_vs early, and record the original loader",
    edit: (text) => {
      if (hasRecord(text, original.rules)) return text;
      const recorded = parseRecords(text);
      const isNew = recorded.every(({ rules }) => rules !== original.rules);
      const { loader } = recorded[0] ?? original;
      return textOf(isNew ? [...recorded, { ...original, loader }] : recorded);
    },
  };
}

/** Drops the records of these; the last one takes the file with it. */
export function removeRecord(names: readonly RulesLoaderName[]): FileStep {
  return {
    file: RECORD,
    record: true,
    summary: `drop how the loader was: ${names.join(", ")}`,
    edit: (text) => {
      const recorded = parseRecords(text);
      const left = recorded.filter(({ rules }) => !names.includes(rules));
      return left.length === recorded.length ? text : textOf(left);
    },
  };
}

function textOf(records: readonly OriginalLoader[]): string | undefined {
  if (records.length === 0) return undefined;
  const lines = records.map(({ rules, loader }) => `# before: rules ${rules}, loader ${loader}\n`).sort();
  return `# Written by pulumi-lvs: IPVS is loaded early at boot. Removed with the last rule of ours.\n${lines.join("")}ip_vs\n`;
}

/** Whether the host has rules of ours for the next boot, or services that keepalived checks: it is a director. */
export const isDirector: Fact<boolean> = {
  command: {
    sh: 'for file in "$1" "$2"/[!v]*.conf; do [ ! -e "$file" ] || { echo yes; break; }; done',
    args: [RECORD, FRAGMENTS],
    inShell: true,
  },
  parse: (output) => output === "yes\n",
};
