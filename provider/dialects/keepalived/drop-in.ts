import { isSameUnit } from "../../facts/files/unit-file";
import type { KeepalivedConfig } from "../../facts/keepalived/config";
import { FRAGMENTS_PATTERN, KEEPALIVED_DROP_IN } from "../../facts/keepalived/paths";
import type { FileStep } from "../../step";

/** What neither Debian's unit nor that of RHEL says. */
export function isDropInCurrent(text: string | undefined, config: KeepalivedConfig): boolean {
  return text !== undefined && isSameUnit(text.split("\n"), dropInText(config).split("\n"));
}

export function writeDropIn(config: KeepalivedConfig): FileStep {
  const text = dropInText(config);
  return { file: KEEPALIVED_DROP_IN, summary: "start after the rules, and again after a crash", edit: () => text };
}

export const removeDropIn: FileStep = { file: KEEPALIVED_DROP_IN, summary: "remove it", edit: () => undefined };

/** Whether a file of somebody else's has anything for the daemon to do. */
export function hasForeignWork({ instances, services }: KeepalivedConfig): boolean {
  return instances.length + services.length > 0;
}

/** With nothing to do, the daemon never says that it is ready, and systemd waits 90 s for it. */
function dropInText(config: KeepalivedConfig): string {
  const condition = hasForeignWork(config) ? "" : `ConditionPathExistsGlob=${FRAGMENTS_PATTERN}\n`;
  return `# Written by pulumi-lvs.\n[Unit]\nAfter=ipvsadm.service\n${condition}[Service]\nRestart=on-failure\nRestartSec=1\n`;
}
