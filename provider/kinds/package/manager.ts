import type { CommandStep } from "../../step";
import type { PackageState } from "./facts";
import type { ManagerName } from "./schema";

/** A package manager. */
export interface PackageManager {
  readonly name: ManagerName;
  /** The installed version, from the database that this manager writes. */
  readonly version: (state: PackageState) => string | undefined;
  /** Waits up to `lockTimeout` seconds while another process holds the manager's lock. */
  readonly install: (name: string, lockTimeout: number) => CommandStep;
  /** Removes this package only, and fails where others need it. */
  readonly remove: (name: string, lockTimeout: number) => CommandStep;
}
