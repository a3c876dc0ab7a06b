import { trim } from "../files/blanks";
import { swapSeparators } from "./values";

/** A line of a file of sysctl.d(5), as systemd-sysctl reads it at boot. */
export interface BootLine {
  /** The path below /proc/sys, or a pattern for several: `net/ipv4/conf/eth0.5/arp_ignore`. */
  readonly setting: string;
  /** Absent: patterns pass over the setting, `-net.ipv4.conf.lo.arp_ignore`. */
  readonly value?: string;
}

/** Reads a line of text, in which a carriage return ends a line, too. Comments and what sets nothing are left out. */
export function parseBootLines(text: string): BootLine[] {
  return text.split("\r").flatMap((line) => parseBootLine(stripped(line)) ?? []);
}

function parseBootLine(line: string): BootLine | undefined {
  if (line === "" || line.startsWith("#") || line.startsWith(";")) return undefined;
  const equals = line.indexOf("=");
  const dash = line.startsWith("-") ? 1 : 0;
  if (equals !== -1) {
    return { setting: settingOf(stripped(line.slice(dash, equals))), value: stripped(line.slice(equals + 1)) };
  }
  return dash === 1 ? { setting: settingOf(stripped(line.slice(1))) } : undefined;
}

/** A key whose first separator is a slash has slashes throughout, and its dots belong to names. Empty names do not count. */
export function settingOf(key: string): string {
  const path = /^[^./]*\./.test(key) ? swapSeparators(key) : key;
  return path
    .split("/")
    .filter((name) => name !== "" && name !== ".")
    .join("/");
}

/** Without the blanks that systemd knows. `trim` of JavaScript knows more, no-break spaces among them. */
function stripped(text: string): string {
  return trim(text, " \t\n\r");
}
