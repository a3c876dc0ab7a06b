import { join } from "node:path";
import type { LabHosts } from "../../../tools/lab/index.ts";
import { file } from "../../../tools/lab/plan.ts";

/** How a user would write down a lab's host in `lvs:hosts`: the key by its path, so that no secret is in the configuration. */
export function connectionOf(lab: LabHosts, name: Parameters<LabHosts["host"]>[0]) {
  const { privateKey: _, ...connection } = lab.host(name).connection;
  return { ...connection, privateKeyPath: join(lab.folder, file.clientKey) };
}
