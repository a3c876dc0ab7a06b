import { type Family, familyOf } from "../../model/network/address";
import { expectedLocalNetworks, type RouteSeen } from "./observation";
import { routeLine, routeSpecs, ruleLine } from "./routing/ip-commands";
import { isPolicy, type ReturnRoute, type WantedReturnRoute } from "./schema";

/** The routes and rules that have to come up with an interface at boot. */
export interface BootRoute {
  /** The real server's address, or `default`: it names our files and blocks. */
  readonly id: string;
  readonly family: Family;
  readonly device: string;
  /** Arguments of `ip route replace`, a string for each route. */
  readonly routes: readonly string[];
  /** Arguments of `ip rule add`, a string for each rule. */
  readonly rules: readonly string[];
}

export function bootRouteOf(want: WantedReturnRoute, seen: RouteSeen): BootRoute {
  const policy = isPolicy(want) ? want : undefined;
  const specs = routeSpecs(want, policy === undefined ? [] : expectedLocalNetworks(policy, seen));
  return {
    id: routeId(want),
    family: familyOf(want.gateway),
    device: want.device,
    routes: specs.map((spec) => routeLine(spec, policy?.table)),
    rules: policy === undefined ? [] : [ruleLine(policy)],
  };
}

export function routeId({ address }: Pick<ReturnRoute, "address">): string {
  return address ?? "default";
}
