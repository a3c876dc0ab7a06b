import { UserError } from "../../errors";

/** The kernel asks only whether a backup daemon runs. Where both do, so that either host can have the VIP, the one that has it balances nothing. */
export const BACKUP_ONLY = {
  things: ["backupOnly: true", "a master sync daemon", "a backup sync daemon"],
  why:
    "with backup_only the kernel balances nothing while a backup daemon runs, also on the director that has the VIP: " +
    "it would answer all requests itself, or refuse them",
};

/** What a host has and is to get. */
export function refuseBackupOnly(backupOnly: boolean, roles: readonly string[]): void {
  if (!backupOnly || !roles.includes("master") || !roles.includes("backup")) return;
  const { things, why } = BACKUP_ONLY;
  throw new UserError(
    `a host cannot have ${things.join(" and ")}: ${why}. Leave backupOnly out, or run one daemon only`,
  );
}
