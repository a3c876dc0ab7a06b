import { isInBlock } from "../../dialects/ipvs/boot-rules";
import { serviceKey } from "../../model/ipvs/service-key";
import type { VirtualService as Have, WantedVirtualService as Want } from "../../model/ipvs/virtual-service";
import type { Release } from "../kind";
import { planServer } from "../real-server/kind";
import { isKept } from "./checks/seen";
import type { ServiceSeen } from "./observe";
import type { VirtualServiceChange } from "./plan";
import { inlineServers } from "./rules";

/** Of a service that others need: the servers that are in nobody else's map go, from the kernel and from the rules for boot. */
export const release: Release<Want, Have, ServiceSeen, VirtualServiceChange> = {
  alone: (want, { othersServers = [] }) => {
    if (want.realServers === undefined) return want;
    const own = Object.entries(want.realServers).filter(([address]) => !othersServers.includes(address));
    return { ...want, exclusive: false, realServers: Object.fromEntries(own) };
  },
  plan: (have, alone, seen) => {
    const live = have?.live === true ? [...inlineServers(have)] : [];
    const { othersServers = [], ourServers = [] } = seen;
    const recorded = ourServers.filter((address) => !othersServers.includes(address));
    const addresses = [...inlineServers(alone).keys(), ...recorded, ...live.map(([address]) => address)];
    const owner = { service: serviceKey(alone), itself: false, servers: [...new Set(addresses)] };
    return [
      ...(isKept(seen, alone) ? [{ op: "stop keeping", service: alone } as const] : []),
      ...live.flatMap(([, server]) => planServer(undefined, server)),
      ...(isInBlock(seen, owner) ? [{ op: "unboot", owner } as const] : []),
    ];
  },
};
