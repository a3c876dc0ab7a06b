import type { RuleOwner } from "../../dialects/ipvs/rules-file";
import { serviceKey } from "../../model/ipvs/service-key";
import type { VirtualService } from "../../model/ipvs/virtual-service";

/** The lines that belong to the service: its own, and those of the servers that it manages. */
export function ownerOf(
  want: VirtualService & { readonly exclusive?: boolean },
  last: readonly string[] = [],
): RuleOwner {
  const service = serviceKey(want);
  if (want.realServers === undefined) return { service, itself: true, servers: [] };
  if (want.exclusive !== false) return { service, itself: true, servers: "all" };
  return {
    service,
    itself: true,
    servers: [...Object.keys(want.realServers), ...last],
  };
}
