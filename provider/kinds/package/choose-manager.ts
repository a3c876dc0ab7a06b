import { UserError } from "../../errors";
import { apt } from "./apt";
import { dnf, yum } from "./dnf";
import type { PackageState } from "./facts";
import type { PackageManager } from "./manager";
import { MANAGERS, type ManagerName } from "./schema";
import { zypper } from "./zypper";

const ALL: readonly PackageManager[] = [zypper, dnf, yum, apt];

/** The manager of a host: what was told, or the only family that is there. Of its own family, the one that a system prefers. */
export function managerOf(state: PackageState, told: ManagerName | undefined): PackageManager {
  const here = ALL.filter(({ name }) => state.managers.includes(name));
  if (told !== undefined) {
    const found = here.find(({ name }) => name === told);
    if (found !== undefined) return found;
    throw new UserError(`this host has no ${told}: it has ${listed(state.managers)}`);
  }
  const [first] = here;
  if (first === undefined) {
    throw new UserError(`this host has no package manager that is known here: looked for ${MANAGERS.join(", ")}`);
  }
  if (here.some(({ name }) => (name === "apt-get") !== (first.name === "apt-get"))) {
    throw new UserError(
      `this host has ${listed(state.managers)}: say which one keeps its packages, as in manager: "${first.name}"`,
    );
  }
  return first;
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? "none" : names.join(" and ");
}
