import type { Fact } from "../../facts/fact";
import { MANAGERS, type ManagerName, packageName } from "./schema";

/** The state of one package on a host. */
export interface PackageState {
  /** The package managers that the host has. */
  readonly managers: readonly ManagerName[];
  /** The installed version in Debian's database, and in that of rpm. */
  readonly deb?: string;
  readonly rpm?: string;
  /** Debian's database has it as unpacked, or half configured or removed: somebody ended dpkg. */
  readonly isHalf?: true;
}

/** Reads the databases. A package manager would need the network, a lock and seconds. */
export function packageState(name: string): Fact<PackageState> {
  const names = [packageName(name, "apt-get"), packageName(name, "dnf"), packageName(name, "zypper")];
  return { command: { sh: READ, args: names, inShell: true }, parse: parsePackageState };
}

const READ = `deb='' rpm=''
for tool in ${MANAGERS.join(" ")}; do
  command -v $tool >/dev/null || continue
  echo "manager $tool"
  case $tool in apt-get) deb=$1 ;; zypper) rpm=$3 ;; *) rpm=$2 ;; esac
done
[ -z "$deb" ] || dpkg-query -W -f='deb \${Status} \${Version}\\n' -- "$deb" 2>/dev/null
[ -z "$rpm" ] || rpm -q --qf 'rpm %{VERSION}-%{RELEASE}\\n' -- "$rpm" 2>/dev/null
:`;

export function parsePackageState(output: string): PackageState {
  const managers: ManagerName[] = [];
  const found: { deb?: string; rpm?: string; isHalf?: true } = {};
  for (const line of output.split("\n").filter((text) => text !== "")) {
    const [label, ...words] = line.split(" ");
    const manager = MANAGERS.find((name) => name === words[0]);
    if (label === "manager" && manager !== undefined) managers.push(manager);
    // "deinstall ok config-files" is a removed package; "hold ok installed" is an installed one.
    else if (label === "deb") {
      if (words[2] === "installed") found.deb = words[3] ?? "";
      else if (HALF.includes(words[2] ?? "")) found.isHalf = true;
    } else if (label === "rpm") found.rpm = words[0] ?? "";
    // rpm prints on stdout that a package is missing.
    else if (!/^package .* is not installed$/.test(line))
      throw new Error(`cannot read "${line}" as the state of a package`);
  }
  return { managers, ...found };
}

/** dpkg's words. A package that waits for a trigger is installed, and what it waits for comes with the next run of dpkg. */
const HALF: readonly string[] = [
  "unpacked",
  "half-installed",
  "half-configured",
  "triggers-awaited",
  "triggers-pending",
];
