import { type Fact } from "../../facts/fact";
import type { Files } from "../../facts/files/lines";
import { laterOption, optionIn } from "../../facts/files/module-loading";
import { loadsModule } from "../../facts/files/modules-load";
import { fileText } from "../../facts/files/text";
import type { FileStep } from "../../step";

/** Options of the module. The files of this folder are read in the order of their names, and the last value counts. */
export const OPTIONS = "/etc/modprobe.d/zz-pulumi-lvs-ip_vs.conf";

/** Loads the module early at boot, before /etc/sysctl.d is applied: settings of a missing module are skipped. */
export const LOAD = "/etc/modules-load.d/pulumi-lvs-settings.conf";

export const optionsFile: Fact<string | undefined> = fileText(OPTIONS);
export const loadFile: Fact<string | undefined> = fileText(LOAD);

/** The size of the connection table in our options file, for the next load of the module. */
export function connTabBitsIn(text: string | undefined): number | undefined {
  const value = optionIn(text, "ip_vs", "conn_tab_bits");
  return value !== undefined && /^\d+$/.test(value) ? Number(value) : undefined;
}

/** Why the module would be loaded with another size, whatever our file says. */
export function sizeProblem(
  { modules }: { readonly modules: Files },
  { connTabBits }: { readonly connTabBits?: number | undefined },
): string | undefined {
  if (connTabBits === undefined) return undefined;
  const later = laterOption(modules, "ip_vs", "conn_tab_bits", OPTIONS);
  return later === undefined
    ? undefined
    : `${later.at}, says "options ip_vs ${later.rest}", which counts in place of connTabBits: remove that, or connTabBits`;
}

export function writeConnTabBits(bits: number | undefined): FileStep {
  if (bits === undefined) return { file: OPTIONS, edit: () => undefined, summary: "remove it" };
  const line = `options ip_vs conn_tab_bits=${bits}`;
  return { file: OPTIONS, edit: () => `# Written by pulumi-lvs: IpvsSettings\n${line}\n`, summary: line };
}

export function isLoadedEarly(text: string | undefined): boolean {
  return loadsModule(text, "ip_vs");
}

export function writeLoadedEarly(early: boolean): FileStep {
  if (!early) return { file: LOAD, edit: () => undefined, summary: "remove it" };
  const text = "# Written by pulumi-lvs: net.ipv4.vs.* in /etc/sysctl.d needs the module to be there\nip_vs\n";
  return { file: LOAD, edit: () => text, summary: "load ip_vs early at boot" };
}
