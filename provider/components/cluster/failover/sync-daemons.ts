import type * as pulumi from "@pulumi/pulumi";
import { SyncDaemon } from "../../../resources/sync-daemon";
import { byName, type Nodes } from "../../nodes";
import type { Make } from "../../transform";
import type { ClusterPlan } from "../plan";

/** The sync daemons of one director, if the cluster has `sync`. */
export interface DirectorSync {
  /** Sends its connections to the other directors. */
  readonly syncMaster?: SyncDaemon;
  /** Takes those of the other directors. */
  readonly syncBackup?: SyncDaemon;
}

/** Both on each director, since each may be the one with the VIPs. */
export function createSyncDaemons({ directors, sync, boot, transform }: ClusterPlan, make: Make): Nodes<DirectorSync> {
  if (sync === undefined) return {};
  return byName(directors, ({ name, host }): DirectorSync => {
    const daemon = (role: "master" | "backup", before: readonly pulumi.Resource[]) =>
      make(SyncDaemon, transform.syncDaemon, `${name}-sync-${role}`, { host, role, ...sync, boot }, before);
    // Who listens is there before anybody tells.
    const syncBackup = daemon("backup", []);
    return { syncBackup, syncMaster: daemon("master", [syncBackup]) };
  });
}
