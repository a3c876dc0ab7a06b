import { join } from "node:path";
import type { Lab } from "./index.ts";
import { file } from "./plan.ts";

/** A stack's configuration that knows the lab's hosts, as an operator would write it. JSON between braces is YAML too. */
export function pulumiConfig({ folder, hosts }: Lab): string {
  const lines = hosts.map(({ name, connection: { host, port, hostKey } }) => {
    return `    ${name}: ${JSON.stringify({ host, port, privateKeyPath: join(folder, file.clientKey), hostKey })}`;
  });
  return ["config:", "  lvs:hosts:", ...lines, ""].join("\n");
}
