import type { Fact } from "../../facts/fact";
import { loadsModule } from "../../facts/files/modules-load";
import type { LoaderState } from "../../facts/ipvs/loader";
import type { RulesLoaderName } from "../../model/ipvs/rules-loader";
import type { FileStep } from "../../step";

/**
 * A file of systemd-modules-load. It loads IPVS early at boot, before the sysctls that exist only with the module are set, and records
 * the original state of the loader in a comment.
 */
export const RECORD = "/etc/modules-load.d/pulumi-lvs.conf";

/** The original state of a host's loader. */
export interface OriginalLoader {
  readonly rules: RulesLoaderName;
  readonly loader: LoaderState;
}

export function parseRecord(text: string | undefined): OriginalLoader | undefined {
  const [, rules, loader] = /^# before: rules (debian|rhel), loader (enabled|disabled|absent)$/m.exec(text ?? "") ?? [];
  if (rules === undefined || loader === undefined) return undefined;
  return { rules: rules as RulesLoaderName, loader: loader as LoaderState };
}

/** Whether the file loads the module and records the original state. */
export function hasRecord(text: string | undefined): boolean {
  return parseRecord(text) !== undefined && loadsModule(text, "ip_vs");
}

/** An existing record is kept: a later one would record our own changes. */
export function recordLoader(original: OriginalLoader): FileStep {
  return {
    file: RECORD,
    record: true,
    summary: "load ip_vs early, and record the original loader",
    edit: (text) => {
      if (hasRecord(text)) return text;
      const { rules, loader } = parseRecord(text) ?? original;
      return `# Written by pulumi-lvs: IPVS is loaded early at boot. Removed with the last rule of ours.\n# before: rules ${rules}, loader ${loader}\nip_vs\n`;
    },
  };
}

export const removeRecord: FileStep = {
  file: RECORD,
  record: true,
  summary: "remove it",
  edit: (text) => (parseRecord(text) === undefined ? text : undefined),
};

/** Whether the host has rules of ours for the next boot: it is a director. */
export const isDirector: Fact<boolean> = {
  command: { sh: 'if [ -e "$1" ]; then echo yes; fi', args: [RECORD], inShell: true },
  parse: (output) => output === "yes\n",
};
