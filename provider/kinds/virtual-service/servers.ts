import { serviceKey } from "../../model/ipvs/service-key";
import type { VirtualService, WantedVirtualService } from "../../model/ipvs/virtual-service";
import type { Parts } from "../kind";
import { serverRule } from "../real-server/rules";
import type { ServiceSeen } from "./observe";
import { inlineServers } from "./rules";

/** The servers of a service that others have servers in. Without them, all of its servers are its own. */
export const servers: Parts<WantedVirtualService, VirtualService, ServiceSeen> = {
  of: (want) => {
    if (want.exclusive !== false) return new Map();
    return new Map([...inlineServers(want)].map(([address, server]) => [address, [serverRule(server)]]));
  },
  on: ({ ipvs }, want, address) => {
    const service = serviceKey(want);
    const settings = ipvs.servers.get(service)?.get(address);
    return settings === undefined ? [] : [serverRule({ service, address, ...settings })];
  },
  in: ({ realServers = {} }) => Object.keys(realServers),
  record: ({ record }) => record,
  with: (seen, ourServers, othersServers) => ({ ...seen, ourServers, othersServers }),
};
