import { type Files, fileLines } from "./lines";
import type { Fact } from "./fact";

/** Live kernel settings by key, as the kernel's own file says them. */
export type SysctlValues = ReadonlyMap<string, string>;

/** The live values of all settings that match: `net.ipv4.conf.*.arp_ignore`. One that the kernel does not have is not there. */
export function sysctlValues(...patterns: readonly string[]): Fact<SysctlValues> {
  return { command: { sh: READ, args: patterns.map(pathOf) }, parse: parseSysctlValues };
}

/** All files from which some program sets kernel settings, at boot or on `sysctl --system`. */
export const sysctlFiles: Fact<Files> = fileLines(
  "/etc/sysctl.d/*.conf",
  "/run/sysctl.d/*.conf",
  "/usr/local/lib/sysctl.d/*.conf",
  "/usr/lib/sysctl.d/*.conf",
  "/lib/sysctl.d/*.conf",
  "/etc/sysctl.conf",
);

/**
 * `net.ipv4.conf.eth0/5.arp_ignore` and `net/ipv4/conf/eth0.5/arp_ignore` are one setting: where the name of a device has a dot,
 * sysctl(8) wants the two exchanged, or slashes throughout.
 */
export function pathOf(key: string): string {
  return key.replace(/[./]/g, (char) => (char === "." ? "/" : "."));
}

/** The way back: what exchanges twice is as before. */
export const keyOf = pathOf;

// No process is needed: the shell reads a line by itself.
const READ = `for pattern; do for file in /proc/sys/$pattern; do
  { IFS= read -r value <"$file"; } 2>/dev/null || continue
  printf '%s %s\\n' "\${file#/proc/sys/}" "$value"
done; done`;

export function parseSysctlValues(output: string): SysctlValues {
  return new Map(
    output
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => {
        const space = line.indexOf(" ");
        if (space < 1) throw new Error(`cannot read "${line}" as a kernel setting`);
        return [keyOf(line.slice(0, space)), line.slice(space + 1)] as const;
      }),
  );
}
