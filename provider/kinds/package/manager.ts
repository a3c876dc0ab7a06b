import type { CommandStep } from "../../step";
import type { PackageState } from "./facts";
import type { ManagerName } from "./schema";

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
