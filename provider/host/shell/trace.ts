import { appendFileSync } from "node:fs";

/** One thing that was done on the network. No texts of scripts, no secrets. */
export interface TraceLine {
  readonly host: string;
  /** `connect`: a connection was made. `observe` and `apply`: a round trip on it. */
  readonly kind: "connect" | "observe" | "apply";
  readonly commands: number;
  readonly steps: number;
  readonly ms: number;
}

/** Appends a line of JSON to the file that PULUMI_LVS_TRACE names, if it does. */
export function trace(line: TraceLine): void {
  const path = process.env["PULUMI_LVS_TRACE"];
  if (path !== undefined && path !== "")
    appendFileSync(path, `${JSON.stringify({ at: new Date().toISOString(), ...line })}\n`);
}
