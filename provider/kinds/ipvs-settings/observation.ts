import type { LoaderFacts } from "../../dialects/ipvs/loader";
import type { SysctlSeen } from "../../dialects/sysctl/restore";
import type { OriginalState } from "../../facts/files/original-state";
import type { IpvsState } from "./facts";

/** The facts of IpvsSettings. */
export interface SettingsSeen extends SysctlSeen, LoaderFacts {
  readonly state: IpvsState;
  /** The text of the file with the module's options. */
  readonly options: string | undefined;
  /** The text of the file that loads the module early at boot. */
  readonly load: string | undefined;
  readonly originals: OriginalState;
  /** The sync daemons that run: read only for `backupOnly`. */
  readonly daemons?: readonly string[];
}
