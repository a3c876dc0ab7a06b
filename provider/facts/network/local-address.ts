import type { Fact } from "../fact";

/** Whether the host accepts packets for an address as its own, by its local routes. */
export function isLocalAddress(address: string): Fact<boolean> {
  return { command: { sh: GET_ROUTE, args: [address], inShell: true }, parse: parseLocalAddress };
}

// ip fails if no route leads to the address.
const GET_ROUTE = `ip -o route get "$1" 2>/dev/null || echo unreachable`;

/** `local 192.168.4.5 dev lo src 192.168.4.5 uid 0`, or a route to another host. */
export function parseLocalAddress(output: string): boolean {
  const [first] = output.trim().split(/\s+/);
  if (first === undefined || first === "") throw new Error(`cannot read "${output}" as a route, from ip route get`);
  return first === "local";
}
