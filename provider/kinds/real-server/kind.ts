import { isDeepStrictEqual } from "node:util";
import {
  type BootChange,
  cleanupRules,
  hasBootTraces,
  isInBlock,
  isPersisted,
  renderBoot,
  rulesFacts,
} from "../../dialects/ipvs/boot-rules";
import type { LoaderFacts } from "../../dialects/ipvs/loader";
import type { RuleOwner } from "../../dialects/ipvs/rules-file";
import { rulesKeeper } from "../../dialects/ipvs/used-loaders";
import { type OriginalState, originalState } from "../../facts/files/original-state";
import { type IpvsTable, ipvsAdvice, ipvsTable, refuseUnreadable } from "../../facts/ipvs/table";
import { isLocalAddress } from "../../facts/network/local-address";
import { ownersOfPart } from "../../facts/parts";
import * as model from "../../model/ipvs/real-server";
import { parseServiceKey } from "../../model/ipvs/service-key";
import { parseAddressAndPort } from "../../model/network/address";
import type { RuleStep } from "../../step";
import { defineKind } from "../define-kind";
import type { Drain } from "../kind";
import { OBSERVED } from "./properties";
import { deletionArgs, serverArgs, serverKey, serverRule } from "./rules";

type Want = model.WantedRealServer;
type Have = model.RealServer;

export type Seen = { readonly ipvs: IpvsTable; readonly record: OriginalState } & LoaderFacts;

/** A change of one server in the kernel. */
export interface ServerChange {
  readonly op: "add server" | "edit server" | "delete server";
  readonly server: model.Server;
}

type Change = ServerChange | BootChange;

export const realServer = defineKind<Want, Have, Seen, Change>({
  name: "RealServer",
  schema: model.realServer,
  identity: ["service", "address"],
  observedProperties: OBSERVED,
  renamed: { rules: "rulesLoader" },
  key: serverKey,
  commands: (want) => [serverRule(want)],
  facts: () => ({ ipvs: ipvsTable, ...rulesFacts, record: originalState }),
  observe,
  plan,
  render: (change, seen) => ("server" in change ? renderServer(change) : renderBoot(change, seen)),
  cleanup: (seen, gone) => cleanupRules(seen, ownerOf(gone)),
  drain,
  keeper: rulesKeeper(ownerOf),
  alsoOwnedBy: ({ record }, { service, address }) => ownersOfPart(record, "VirtualService", service, address),
  advice: ipvsAdvice,
});

/** The server in the kernel; if it is not there, the one that the next boot would add. */
function observe(seen: Seen, want: Want): Have | undefined {
  refuseUnreadable(seen.ipvs, (key) => key === serverKey(want));
  const settings = seen.ipvs.servers.get(want.service)?.get(want.address);
  const owner = ownerOf(want);
  if (settings === undefined && !isInBlock(seen, owner)) return undefined;
  const server =
    settings === undefined ? absent(want) : { service: want.service, address: want.address, ...settings, live: true };
  // The file is current, too, if it equals the kernel: then only the kernel differs from the desired state.
  const boot = want.boot
    ? [want, server].some((one) => isPersisted(seen, owner, [serverRule(one)], want.rulesLoader))
    : hasBootTraces(seen, owner);
  return { ...server, boot };
}

function absent({ drain: _, rulesLoader: __, ...server }: Want): Have {
  return { ...server, live: false };
}

function plan(want: Want | undefined, have: Have | undefined): readonly Change[] {
  const live = planServer(want, have?.live === false ? undefined : have);
  if (want === undefined) return have === undefined ? [] : [...live, { op: "unboot", owner: ownerOf(have) }];
  // Of what is not there, it is not known yet whether a boot has anything left of it.
  if (!want.boot) return have?.boot === false ? live : [...live, { op: "unboot", owner: ownerOf(want) }];
  if (live.length === 0 && have?.boot === true) return [];
  const { rulesLoader } = want;
  return [
    ...live,
    {
      op: "boot",
      owner: ownerOf(want),
      rules: [serverRule(want)],
      ...(rulesLoader === undefined ? {} : { dialect: rulesLoader }),
    },
  ];
}

/** Plans one server in the kernel. VirtualService uses it for its inline servers. */
export function planServer(want: model.Server | undefined, have: model.Server | undefined): readonly ServerChange[] {
  if (want === undefined) return have === undefined ? [] : [{ op: "delete server", server: have }];
  if (have === undefined) return [{ op: "add server", server: want }];
  return isDeepStrictEqual(settingsOf(want), settingsOf(have)) ? [] : [{ op: "edit server", server: want }];
}

function drain(want: Want | undefined, have: Have, { drain, rulesLoader }: Want) {
  if (want !== undefined || !have.live || drain === undefined || drain.timeout === 0) return undefined;
  const interim: Want = { ...have, weight: 0, drain, ...(rulesLoader === undefined ? {} : { rulesLoader }) };
  const remaining = ({ ipvs }: Seen) => ipvs.active.get(serverKey(interim)) ?? 0;
  return { interim, remaining, ...canEnd(have.service), ...drain };
}

/** Connections can end only while their packets reach this host, that is while it has the VIP. A mark may be on any address. */
export function canEnd(service: string): Pick<Drain<Want, Seen>, "canEnd"> {
  const identity = parseServiceKey(service);
  if (identity.protocol === "fwmark") return {};
  return { canEnd: isLocalAddress(parseAddressAndPort(identity.address).address) };
}

export function renderServer({ op, server }: ServerChange): readonly RuleStep[] {
  return [
    { rule: op === "delete server" ? deletionArgs(server) : serverArgs(op === "add server" ? "-a" : "-e", server) },
  ];
}

function settingsOf({ forwarding, weight, upperThreshold, lowerThreshold, tunnel }: model.Server) {
  return { forwarding, weight, upperThreshold, lowerThreshold, tunnel };
}

function ownerOf({ service, address }: model.Server): RuleOwner {
  return { service, itself: false, servers: [address] };
}
