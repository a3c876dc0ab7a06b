import type { Fact } from "../../facts/fact";
import { MANAGERS, type ManagerName, packageName } from "./schema";

/** What the package databases of a host say about one package. */
export interface PackageState {
  /** Package managers that are there. */
  readonly managers: readonly ManagerName[];
  /** The installed version, by Debian's database and by that of rpm. */
  readonly deb?: string;
  readonly rpm?: string;
}

/** Asks the databases, and not a package manager: those need the network, a lock and seconds. */
export function packageState(name: string): Fact<PackageState> {
  const names = [packageName(name, "apt-get"), packageName(name, "dnf"), packageName(name, "zypper")];
  return { command: { sh: ASK, args: names }, parse: parsePackageState };
}

const ASK = `deb='' rpm=''
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
  const found: { deb?: string; rpm?: string } = {};
  for (const line of output.split("\n").filter((text) => text !== "")) {
    const [label, ...words] = line.split(" ");
    const manager = MANAGERS.find((name) => name === words[0]);
    if (label === "manager" && manager !== undefined) managers.push(manager);
    // "deinstall ok config-files" is a package that is gone; "hold ok installed" is there.
    else if (label === "deb") {
      if (words[2] === "installed") found.deb = words[3] ?? "";
    } else if (label === "rpm") found.rpm = words[0] ?? "";
    // rpm says on its standard output that a package is not there.
    else if (!/^package .* is not installed$/.test(line))
      throw new Error(`cannot read "${line}" as the state of a package`);
  }
  return { managers, ...found };
}
