import { appendFileSync } from "node:fs";

/** One use of the network. Holds no script and no secret. */
export interface TraceLine {
  readonly host: string;
  /** `connect`: a new connection. `observe` and `apply`: a round trip on it. */
  readonly kind: "connect" | "observe" | "apply";
  readonly commands: number;
  readonly steps: number;
  readonly ms: number;
}

/** As it is in the file. */
export interface TracedLine extends TraceLine {
  /** When it ended. */
  readonly at: string;
}

/**
 * Appends a line of JSON to the file named by PULUMI_LVS_TRACE, if that is set. A line that cannot be written is left out: the host was
 * changed by then, and what became of it is worth more.
 */
export function trace(line: TraceLine): void {
  const path = process.env["PULUMI_LVS_TRACE"];
  if (path === undefined || path === "") return;
  try {
    appendFileSync(path, `${JSON.stringify({ at: new Date().toISOString(), ...line })}\n`);
  } catch (error) {
    process.emitWarning(`PULUMI_LVS_TRACE: ${String(error)}`);
  }
}
