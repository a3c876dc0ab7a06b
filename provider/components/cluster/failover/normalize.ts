import { ownValue } from "../../../model/own-value";
import { fail } from "../../fail";
import type { ClusterArgs } from "../args";
import type { Director, Server } from "../plan";
import type { FailoverArgs } from "./args";

/** What a cluster whose directors fail over has to have, and what it cannot have. */
export function normalizeFailover(
  cluster: string,
  { failover, directors: given }: ClusterArgs,
  { directors, servers }: { readonly directors: readonly Director[]; readonly servers: readonly Server[] },
): FailoverArgs | undefined {
  if (failover === undefined) return undefined;
  needTwo(cluster, "failover", directors);
  for (const { name } of directors) {
    if (ownValue(given, name)?.vips !== undefined)
      fail(
        cluster,
        `director ${name} has vips, and failover: with it, each director can get all of them. Leave vips out`,
      );
  }
  refuseUnknownPeers(cluster, failover, directors);
  if (servers.some(({ forwarding }) => forwarding === "masquerade")) refuseOwnGateways(cluster, directors);
  return failover;
}

export function needTwo(cluster: string, property: string, directors: readonly Director[]): void {
  if (directors.length < 2)
    fail(cluster, `needs a second director for ${property}: directors: { director1: {}, director2: {} }`);
}

function refuseUnknownPeers(cluster: string, { peers }: FailoverArgs, directors: readonly Director[]): void {
  if (peers === undefined) return;
  const names = directors.map(({ name }) => name);
  const unknown = Object.keys(peers).find((name) => !names.includes(name));
  if (unknown !== undefined)
    fail(cluster, `failover.peers has ${unknown}, which is no director: these are ${names.join(", ")}`);
  const missing = names.find((name) => ownValue(peers, name) === undefined);
  if (missing !== undefined)
    fail(cluster, `failover.peers needs the address of director ${missing}: peers: { ${missing}: "192.168.4.2", ... }`);
}

/** Replies go to one address, whoever has it. */
function refuseOwnGateways(cluster: string, directors: readonly Director[]): void {
  const [first, ...others] = directors;
  for (const { name, internal } of others) {
    for (const property of ["address", "address6"] as const) {
      const [one, other] = [first?.internal?.[property], internal?.[property]];
      if (one === other) continue;
      fail(
        cluster,
        `directors ${first?.name ?? ""} and ${name} have an internal.${property} each: with failover it is the gateway of replies, one for all ` +
          "directors, which moves with the VIPs. Give them the same, one that no director has of its own",
      );
    }
  }
}
