import type { LoaderState } from "../../facts/ipvs/loader";
import type { RulesDialectName } from "../../model/ipvs/settings";
import type { FileStep } from "../../step";

/** Loads IPVS early at boot, ahead of the sysctls that exist only with it; and remembers how the loader was before us. */
export const RECORD = "/etc/modules-load.d/pulumi-lvs.conf";

/** How a host loaded its rules before us. */
export interface OriginalLoader {
  readonly rules: RulesDialectName;
  readonly loader: LoaderState;
}

export function readRecord(text: string | undefined): OriginalLoader | undefined {
  const [, rules, loader] = /^# before: rules (debian|rhel), loader (enabled|disabled|absent)$/m.exec(text ?? "") ?? [];
  if (rules === undefined || loader === undefined) return undefined;
  return { rules: rules as RulesDialectName, loader: loader as LoaderState };
}

/** Whether the module is loaded early. */
export function isRecorded(text: string | undefined): boolean {
  return readRecord(text) !== undefined && /^ip_vs$/m.test(text ?? "");
}

/** The first record stays: later ones would remember our own doing. */
export function record(before: OriginalLoader): FileStep {
  return {
    file: RECORD,
    summary: "load ip_vs early, and remember how rules were loaded before",
    edit: (text) => {
      if (isRecorded(text)) return text;
      const { rules, loader } = readRecord(text) ?? before;
      return `# Written by pulumi-lvs: IPVS is loaded early at boot. Removed with the last rule of ours.\n# before: rules ${rules}, loader ${loader}\nip_vs\n`;
    },
  };
}

export const forgetRecord: FileStep = {
  file: RECORD,
  summary: "remove it",
  edit: (text) => (readRecord(text) === undefined ? text : undefined),
};
