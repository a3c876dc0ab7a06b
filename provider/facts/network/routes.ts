import type { Family } from "../../model/network/address";
import type { Fact } from "../fact";

/** A unicast route of any table. */
export interface RouteLine {
  /** As arguments of ip(8), its table included. */
  readonly text: string;
  /** The interfaces of its next hops. */
  readonly devices: readonly string[];
  /** The source address that it gives to packets. The kernel removes the route with that address. */
  readonly source?: string;
  /** The kernel made it for an address, and makes it again with the address. */
  readonly byKernel: boolean;
}

/** All unicast routes of one family. `-o`: a route with several gateways is one line. */
export function routes(family: Family): Fact<readonly RouteLine[]> {
  const option = family === "ipv4" ? "-4" : "-6";
  return { command: { run: ["ip", "-o", option, "route", "show", "table", "all"] }, parse: parseRoutes };
}

export function parseRoutes(output: string): readonly RouteLine[] {
  return output.split("\n").flatMap((line) => {
    const words = line
      .replaceAll("\\", " ")
      .split(/\s+/)
      .filter((word) => word !== "" && !STATES.has(word));
    return words[0] === undefined || OTHER_TYPES.has(words[0]) ? [] : [routeOf(words)];
  });
}

function routeOf(words: readonly string[]): RouteLine {
  const allAfter = (name: string) => words.filter((_, index) => words[index - 1] === name);
  const [source] = allAfter("src");
  return {
    // The remaining lifetime of a route that a router has advertised: ip(8) prints a unit, and reads none.
    text: words.map((word, index) => (words[index - 1] === "expires" ? word.replace(/sec$/, "") : word)).join(" "),
    devices: [...new Set(allAfter("dev"))],
    ...(source !== undefined && { source }),
    byKernel: allAfter("proto").includes("kernel"),
  };
}

/** Not filtered by ip(8): the one of busybox knows no types. */
const OTHER_TYPES = new Set([
  "local",
  "broadcast",
  "multicast",
  "anycast",
  "throw",
  "unreachable",
  "prohibit",
  "blackhole",
  "nat",
]);

/** What the kernel says of a route's state: no arguments of ip(8). */
const STATES = new Set([
  "linkdown",
  "dead",
  "offload",
  "trap",
  "rt_offload",
  "rt_trap",
  "offload_failed",
  "unresolved",
]);
