import { type BootCommand, parseBootCommands } from "../boot/boot-commands";

/** What lines that concern IPVS have in common, for awk, in small letters. */
export const NAMES_IPVS = "ipvs|ip_vs|lvs_flush";

/** Lines that empty the table of IPVS at boot, maybe after the loader has filled it. */
export function parseClearing(lines: readonly string[]): readonly BootCommand[] {
  return parseBootCommands(lines, "runs").filter(({ text }) => CLEAR.some((pattern) => pattern.test(text)));
}

/** `/sbin/ipvsadm -C`, `$IPVSADM --clear`, `["ipvsadm", "-C"]`; the loader's stop; the module; keepalived at its start. */
const CLEAR: readonly RegExp[] = [
  /^lvs_flush(?:[\s!#]|$)/,
  /(?:^|[\s/"'=@+!:;&|{$-])ipvsadm\}?["']?[,\t ]+["']?(?:-C|--clear)(?=[\s;&|"')\]]|$)/i,
  /(?:^|[\s/])systemctl\s(?:[^;&|]{0,80}\s)?stop\s(?:[^;&|]{0,80}\s)?ipvsadm(?:\.service)?(?=[\s;&|"')]|$)/,
  /(?:^|[\s/])(?:service|init\.d\/)\s*ipvsadm\s+(?:stop|clear)\b/,
  /(?:^|[\s/])(?:rmmod|modprobe\s+-r)\s(?:[^;&|]{0,80}\s)?ip_vs(?=[\s;&|"')]|$)/,
];
