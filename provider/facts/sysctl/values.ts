import type { Fact } from "../fact";
import { type Files, fileLines } from "../files/lines";

/** Live kernel settings by key, as the kernel's own file says them. */
export type SysctlValues = ReadonlyMap<string, string>;

/** The live values of all settings that match: `net.ipv4.conf.*.arp_ignore`. One that the kernel does not have is not there. */
export function sysctlValues(...patterns: readonly string[]): Fact<SysctlValues> {
  return { command: { sh: READ, args: patterns.map(pathOf), inShell: true }, parse: parseSysctlValues };
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

// One process for all. The shell's own `read` will not do: dash asks for a byte at a time, and these files answer only the first.
// shellcheck disable=SC2086: what is not quoted is expanded as a pattern.
const READ = `for pattern; do shift; set -- "$@" /proc/sys/$pattern; done
grep -sH '' "$@"
true`;

const ROOT = "/proc/sys/";

/** `/proc/sys/net/ipv4/conf/all/arp_ignore:1` */
export function parseSysctlValues(output: string): SysctlValues {
  return new Map(
    output
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => {
        const colon = line.indexOf(":");
        if (!line.startsWith(ROOT) || colon < 0) throw new Error(`cannot read "${line}" as a kernel setting`);
        return [keyOf(line.slice(ROOT.length, colon)), line.slice(colon + 1)] as const;
      }),
  );
}
