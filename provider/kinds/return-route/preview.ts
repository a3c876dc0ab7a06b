import { routeLine, routeSpecs, ruleLine } from "./routing/ip-commands";
import { isPolicy, type WantedReturnRoute } from "./schema";

/** The commands of a preview, one a line, with a note where they do not show the whole effect. */
export function previewLines(want: WantedReturnRoute): string[] {
  const routes = routeSpecs(want, want.localNetworks ?? []).map((spec) => {
    return `ip route replace ${routeLine(spec, isPolicy(want) ? want.table : undefined)}`;
  });
  if (!isPolicy(want)) return [...routes, "this replaces the default gateway of the whole machine"];
  const note =
    want.localNetworks === undefined ? [`replies to the network of ${want.address} do not go through the gateway`] : [];
  return [...routes, `ip rule add ${ruleLine(want)}`, ...note];
}
