import { UserError } from "../../errors";
import type { PackageState } from "../../facts/packages";
import { MANAGERS, type ManagerName } from "../../model/package";
import type { CommandStep } from "../../step";
import { apt } from "./apt";
import { dnf, yum } from "./dnf";
import { zypper } from "./zypper";

/** One way of installing packages. */
export interface PackageManager {
  readonly name: ManagerName;
  /** The installed version, by the database that this manager writes. */
  readonly version: (state: PackageState) => string | undefined;
  /** Waits as many seconds for a lock that somebody else holds. */
  readonly install: (name: string, lockTimeout: number) => CommandStep;
  /** Removes this one package, and refuses where others need it. */
  readonly remove: (name: string, lockTimeout: number) => CommandStep;
}

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
