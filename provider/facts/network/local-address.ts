import type { Fact } from "../fact";

/** Whether the host takes packets for an address as its own: it has it, or a route says so. */
export function isLocalAddress(address: string): Fact<boolean> {
  return { command: { sh: LOOK, args: [address] }, parse: parseLocalAddress };
}

// Where no route leads to it, ip says so and fails.
const LOOK = `ip -o route get "$1" 2>/dev/null || echo unreachable`;

/** `local 192.168.4.5 dev lo src 192.168.4.5 uid 0`, or the way to somebody else. */
export function parseLocalAddress(output: string): boolean {
  const [first] = output.trim().split(/\s+/);
  if (first === undefined || first === "") throw new Error(`cannot read "${output}" as a route, from ip route get`);
  return first === "local";
}
