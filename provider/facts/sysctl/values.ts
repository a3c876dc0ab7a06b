import type { Fact } from "../fact";
import { type Files, fileLines } from "../files/lines";
import { OWN_UNIT_FOLDERS } from "../files/unit-file";

/** Live kernel settings: sysctl key → the text of its file below /proc/sys. */
export type SysctlValues = ReadonlyMap<string, string>;

/** The live values of all settings that match `net.ipv4.conf.*.arp_ignore` and the like. Settings that the kernel lacks are absent. */
export function sysctlValues(...patterns: readonly string[]): Fact<SysctlValues> {
  return { command: { sh: READ, args: patterns.map(swapSeparators), inShell: true }, parse: parseSysctlValues };
}

/** An operator's own of these is in place of the unit that reads the files at boot. */
export const SYSCTL_UNITS: readonly string[] = OWN_UNIT_FOLDERS.map((folder) => `${folder}/systemd-sysctl.service`);

/** Every file that sets kernel settings at boot or on `sysctl --system`. */
export const sysctlFiles: Fact<Files> = fileLines(
  "/etc/sysctl.d/*.conf",
  "/run/sysctl.d/*.conf",
  "/usr/local/lib/sysctl.d/*.conf",
  "/usr/lib/sysctl.d/*.conf",
  "/lib/sysctl.d/*.conf",
  "/etc/sysctl.conf",
  ...SYSCTL_UNITS,
);

/**
 * Converts a sysctl key to its path below /proc/sys, and back: `net.ipv4.conf.eth0/5.arp_ignore` and
 * `net/ipv4/conf/eth0.5/arp_ignore` name the same setting. sysctl(8) exchanges dots and slashes when a device's name has a dot.
 */
export function swapSeparators(keyOrPath: string): string {
  return keyOrPath.replace(/[./]/g, (char) => (char === "." ? "/" : "."));
}

// One process for all settings. dash's own `read` fails here: it reads byte by byte, and these files answer the first read only.
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
        return [swapSeparators(line.slice(ROOT.length, colon)), line.slice(colon + 1)] as const;
      }),
  );
}
