import { isIP } from "node:net";
import { z } from "zod";
import type {
  ClusterArgs,
  ClusterServerArgs,
  DirectorArgs,
  InternalArgs,
  PortArgs,
  ReturnRouteSettings,
  ServiceSettings,
} from "../components/cluster/args";
import { ipvsSettings } from "../kinds/ipvs-settings/schema";
import { returnRoute } from "../kinds/return-route/schema";
import { checkedBy, oneOf, settings, whole, yesNo } from "../model/fields";
import { renamedNames } from "../model/input/problems";
import { drain } from "../model/ipvs/drain";
import { checkOverride } from "../model/ipvs/health-check";
import { serverFields } from "../model/ipvs/real-server";
import { schedulerProblem } from "../model/ipvs/scheduler";
import { serviceFields } from "../model/ipvs/virtual-service";
import { parseAddressAndPort } from "../model/network/address";
import { device } from "../model/network/device";
import { vipAddress } from "../model/network/interface-address";
import { failover, sync } from "./failover";
import { type Fields, host, named, plain, transforms } from "./parts";

const VIP = 'an address alone, such as "192.168.4.5" or "2001:db8::5"';

const vip = plain(
  z.string({ error: `must be ${VIP}` }).refine((text) => isIP(text) !== 0 && !text.includes("%"), {
    error: ({ input }) => `${JSON.stringify(input)} is not a VIP: write ${VIP}`,
  }),
);

const vips = plain(z.array(vip, { error: 'must be a list: vips: ["192.168.4.5"]' }));

const { scheduler, allowUnknownScheduler, schedulerFlags, persistenceTimeout, netmask } = serviceFields.shape;
const { persistenceEngine, onePacket, healthCheck } = serviceFields.shape;

const service = {
  scheduler,
  allowUnknownScheduler,
  schedulerFlags,
  persistenceTimeout,
  netmask,
  persistenceEngine,
  onePacket,
  healthCheck,
} satisfies Fields<ServiceSettings>;

const protocol = plain(oneOf("tcp", "udp", "sctp")).optional();
const port = plain(whole(0, 65535));

const ports = plain(
  z
    .array(
      plain(
        z.union(
          [
            port,
            z.strictObject({
              port,
              protocol,
              serverPort: whole(0, 65535).optional(),
              ...service,
            } satisfies Fields<PortArgs>),
          ],
          { error: 'must be a port: 80, or { port: 53, protocol: "udp" }' },
        ),
      ),
      { error: "must be a list: ports: [80]" },
    )
    .min(1, { error: "must not be empty: ports: [80]" }),
);

const internal = settings(
  {
    device,
    address: vipAddress,
    address6: vipAddress.optional(),
    alias: plain(yesNo).optional(),
  } satisfies Fields<InternalArgs>,
  '{ device: "eth1", address: "192.168.2.2" }',
);

const director = settings(
  {
    host: host.optional(),
    device: device.optional(),
    vips: vips.optional(),
    internal: plain(internal).optional(),
  } satisfies Fields<DirectorArgs>,
  '{ device: "eth0" }, or {}',
).register(renamedNames, { inside: '"internal"' });

const route = returnRoute.in.shape;

const returnRouteSettings = settings(
  {
    mode: plain(route.mode),
    device: route.device,
    table: route.table,
    priority: route.priority,
    localNetworks: route.localNetworks,
    networkManager: route.networkManager,
  } satisfies Fields<ReturnRouteSettings>,
  '{ device: "eth1" }',
);

const serverAddress = z
  .string({ error: 'must be an address, such as "192.168.4.100"' })
  .transform(checkedBy(parseAddressAndPort));

const server = settings(
  {
    ...serverFields.shape,
    forwarding: plain(oneOf("direct", "masquerade", "tunnel")).optional(),
    host: host.optional(),
    address: serverAddress,
    address6: serverAddress.optional(),
    device: device.optional(),
    sameSubnetAsVip: yesNo.optional(),
    returnRoute: plain(
      z.union([z.literal(false), returnRouteSettings], { error: 'must be settings, { device: "eth1" }, or false' }),
    ).optional(),
    healthCheck: checkOverride.optional(),
  } satisfies Fields<ClusterServerArgs>,
  '{ address: "192.168.4.100" }',
).register(renamedNames, { vipDevice: '"device"', sharesNetwork: '"sameSubnetAsVip"' });

const ipvs = ipvsSettings.in.omit({ boot: true, rulesLoader: true });

/** The arguments of a cluster, whatever its forwarding method. */
export const clusterFields = {
  vips: vips.refine((all) => all.length > 0, { error: 'must not be empty: vips: ["192.168.4.5"]' }),
  ports,
  protocol,
  ...service,
  directors: named(director, '{ director1: { device: "eth0" } }'),
  device: device.optional(),
  realServers: named(server, '{ web1: { address: "192.168.4.100" } }'),
  tunnel: serverFields.shape.tunnel,
  returnRoute: plain(returnRouteSettings).optional(),
  drain,
  ipvs: plain(ipvs).optional(),
  failover: plain(failover).optional(),
  sync: plain(sync).optional(),
  boot: yesNo.optional(),
  granularity: plain(oneOf("service", "server")).optional(),
  transform: transforms(
    "virtualService",
    "realServer",
    "vipAlias",
    "drKernelTuning",
    "natKernelTuning",
    "ipvsSettings",
    "returnRoute",
    "tunKernelTuning",
    "vrrpInstance",
    "syncDaemon",
  ),
} satisfies Fields<ClusterArgs>;

export const cluster = settings(clusterFields, '{ vips: ["192.168.4.5"], ports: [80], directors, realServers }')
  .register(renamedNames, { vip: '"vips", a list: vips: ["192.168.4.5"]' })
  .superRefine(({ scheduler: name, allowUnknownScheduler: any }, ctx) => {
    const message = schedulerProblem(name, any === true);
    if (message !== undefined) ctx.addIssue({ code: "custom", path: ["scheduler"], message, input: name });
  });
