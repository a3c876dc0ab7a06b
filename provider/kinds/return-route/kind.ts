import { isDeepStrictEqual } from "node:util";
import { findDialect, networkConfigFact } from "../../dialects/network/choose";
import { fileLines } from "../../facts/files/lines";
import { originalState } from "../../facts/files/original-state";
import { addresses } from "../../facts/network/addresses";
import { sshPath } from "../../facts/network/ssh-path";
import { familyOf } from "../../model/network/address";
import { defineKind } from "../define-kind";
import { managerOf } from "./boot";
import { IFCFG_ROUTE_FILES } from "./boot-ifcfg";
import { routeId } from "./boot-route";
import { routing } from "./facts";
import { networkConfigOf, type RouteSeen } from "./observation";
import { observeRoute } from "./observe";
import { KIND } from "./original-gateway";
import { previewLines } from "./preview";
import { OBSERVED } from "./properties";
import { type RouteChange, renderRoute } from "./render";
import { tables } from "./routing/tables";
import { type ReturnRoute, returnRoute as schema, type WantedReturnRoute } from "./schema";

/** The route of a real server's replies, through the director that forwarded the requests. */
export const returnRoute = defineKind<WantedReturnRoute, ReturnRoute, RouteSeen, RouteChange>({
  name: KIND,
  needs: ["ip"],
  schema,
  identity: ["mode", "address"],
  renamed: { via: "gateway", direct: "localNetworks", network: "networkManager" },
  observedProperties: OBSERVED,
  key: ({ mode, address }) => (address === undefined ? mode : `from ${address}`),
  commands: previewLines,
  facts: ({ gateway }) => ({
    routing: routing(familyOf(gateway)),
    addresses,
    networkConfig: networkConfigFact,
    routeFiles: fileLines(...IFCFG_ROUTE_FILES),
    originalState,
    sshPath,
  }),
  observe: observeRoute,
  plan,
  render: renderRoute,
  parts: tables,
  keeper: {
    setting: "networkManager",
    usual: ({ networkConfig }, { device }) => findDialect(networkConfig, device, undefined)?.name,
    found: (seen, want) => managerOf(routeId(want), networkConfigOf(seen)),
  },
  advice: [
    {
      when: /Nexthop has invalid gateway|Network is unreachable|No route to host/,
      say: '"gateway" must be an address in a network of the device: the director\'s own address on that network.',
    },
    { when: /Cannot find device/, say: "The interface does not exist: see `ip link` on the host." },
    { when: /Operation not permitted/, say: "Changing routes needs root: connect as root, or set sudo: true." },
  ],
});

function plan(want: WantedReturnRoute | undefined, have: ReturnRoute | undefined): readonly RouteChange[] {
  if (want === undefined) return have ? [{ op: "remove", have }] : [];
  const { networkManager: _, ...comparable } = want;
  if (isDeepStrictEqual(comparable, have)) return [];
  return [{ op: "apply", want, ...(have?.table !== undefined && { oldTable: have.table }) }];
}
