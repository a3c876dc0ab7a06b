import { join } from "node:path";
import { file, type PlannedHost } from "../plan.ts";

/** For people: ssh -F ssh_config web1. */
export function sshConfig(folder: string, hosts: readonly PlannedHost[]): string {
  const blocks = hosts.map(({ name, port }) =>
    [
      `Host ${name}`,
      "  HostName 127.0.0.1",
      `  Port ${port}`,
      "  User root",
      `  IdentityFile "${join(folder, file.clientKey)}"`,
      "  IdentitiesOnly yes",
      `  UserKnownHostsFile "${join(folder, file.knownHosts)}"`,
      "  StrictHostKeyChecking yes",
      "  LogLevel ERROR",
      "",
    ].join("\n"),
  );
  return blocks.join("\n");
}
