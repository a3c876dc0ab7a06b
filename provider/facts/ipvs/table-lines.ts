import { type BootCommand, bootCommandArgs, LOOK_AT_BOOT_COMMANDS, parseBootCommands } from "../boot/boot-commands";
import type { Fact } from "../fact";

/** A line of an operator's own that changes the table of IPVS at boot, maybe after the loader has filled it. */
export type TableLine = BootCommand &
  (
    | { readonly does: "clear" }
    /** One command for ipvsadm, without its name. */
    | { readonly does: "rule"; readonly rule: string }
    /** Loads the lines of a file. Undefined: it gives ipvsadm something else to read. `empties`: that of Debian's ipvsadm-restore empties the table first. */
    | {
        readonly does: "load";
        readonly source: string | undefined;
        readonly rules: readonly BootCommand[];
        readonly empties: boolean;
      }
  );

/** What else a boot starts that changes the table. No file that is edited for rules has a say in it, the defaults of their loader neither. */
export const tableLines: Fact<readonly TableLine[]> = {
  command: { sh: LOOK_AT_BOOT_COMMANDS, args: bootCommandArgs("ipvs"), inShell: true, changedOnlyBy: [] },
  parse: (output) => parseTableLines(output.split("\n")),
};

/** Lines of the boot that may change the table, and with those that load a file what is in it. */
export function parseTableLines(lines: readonly string[]): readonly TableLine[] {
  const loaded = parseBootCommands(lines, "loads");
  return parseBootCommands(lines, "runs").flatMap((line) => readLine(line, loaded));
}

function readLine(line: BootCommand, loaded: readonly BootCommand[]): readonly TableLine[] {
  const { text } = line;
  if (CLEAR.some((pattern) => pattern.test(text))) return [{ ...line, does: "clear" }];
  const rules = [...text.matchAll(RULE)].map(([, rule = ""]) => ({
    ...line,
    does: "rule" as const,
    rule: rule.replaceAll(/[\s"',\]]+/g, " ").trim(),
  }));
  const load = LOAD.exec(text);
  if (load === null) return rules;
  const [, source] = SOURCE.exec(text) ?? [];
  const empties = load[1] === "-restore";
  return [...rules, { ...line, does: "load", source, rules: loaded.filter(({ file }) => file === source), empties }];
}

/** `/sbin/ipvsadm -C`, `$IPVSADM --clear`, `["ipvsadm", "-C"]`; the loader's stop; the module; keepalived at its start. */
const CLEAR: readonly RegExp[] = [
  /^lvs_flush(?:[\s!#]|$)/,
  /(?:^|[\s/"'=@+!:;&|{$-])ipvsadm\}?["']?[,\t ]+["']?(?:-C|--clear)(?=[\s;&|"')\]]|$)/i,
  /(?:^|[\s/])systemctl\s(?:[^;&|]{0,80}\s)?stop\s(?:[^;&|]{0,80}\s)?ipvsadm(?:\.service)?(?=[\s;&|"')]|$)/,
  /(?:^|[\s/])(?:service|init\.d\/)\s*ipvsadm\s+(?:stop|clear)\b/,
  /(?:^|[\s/])(?:rmmod|modprobe\s+-r)\s(?:[^;&|]{0,80}\s)?ip_vs(?=[\s;&|"')]|$)/,
];

/** `ipvsadm -A -t 192.168.4.5:80 -s rr`, up to the end of the command. */
const RULE =
  /(?:^|[\s/"'=@+!:;&|{$-])(?:ipvsadm|IPVSADM)\}?["']?[,\t ]+["']?((?:-[AEDaed][a-z]*|--(?:add|edit|delete)-(?:service|server)|--set|--(?:start|stop)-daemon)(?=[\s="'])[^;&|)<>]{0,500})/g;

/** `ipvsadm -R`, `ipvsadm-restore`. */
const LOAD =
  /(?:^|[\s/"'=@+!:;&|{$-])(?:ipvsadm|IPVSADM)(-restore|\}?["']?[,\t ]+["']?(?:-R|--restore))(?=[\s;&|"')\]<]|$)/;

/** As the script finds it. */
const SOURCE = /(?:<|cat)[ \t]*["']?(\/(?:etc|home|opt|root|srv|usr|var)\/[A-Za-z0-9_./@+-]+)/;
