import { UserError } from "../../errors";
import { apt } from "./apt";
import { dnf, yum } from "./dnf";
import type { PackageState } from "./facts";
import type { PackageManager } from "./manager";
import { MANAGERS, type ManagerName } from "./schema";
import { zypper } from "./zypper";

const ALL: readonly PackageManager[] = [zypper, dnf, yum, apt];

/** The package manager to use: the one that the program names, or the only family on the host, of which zypper precedes dnf and dnf yum. */
export function managerOf(state: PackageState, named: ManagerName | undefined): PackageManager {
  const present = ALL.filter(({ name }) => state.managers.includes(name));
  if (named !== undefined) {
    const found = present.find(({ name }) => name === named);
    if (found !== undefined) return found;
    throw new UserError(`this host has no ${named}: it has ${listed(state.managers)}`);
  }
  const [first] = present;
  if (first === undefined) {
    throw new UserError(`this host has none of the supported package managers: ${MANAGERS.join(", ")}`);
  }
  if (present.some(({ name }) => (name === "apt-get") !== (first.name === "apt-get"))) {
    throw new UserError(
      `this host has ${listed(state.managers)}: name the one that manages its packages, as in manager: "${first.name}"`,
    );
  }
  return first;
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? "none" : names.join(" and ");
}
