import type { FailoverHostArgs, FailoverPairArgs } from "../components/failover-pair/args";
import { vrrpInstance } from "../kinds/vrrp-instance/schema";
import { settings, yesNo } from "../model/fields";
import { device } from "../model/network/device";
import { ownAddress, vrrp } from "./failover";
import { type Fields, host, namesOr, plain, transforms } from "./parts";

const pairHost = settings(
  { host: host.optional(), device: device.optional(), address: ownAddress } satisfies Fields<FailoverHostArgs>,
  '{ device: "eth0" }, or {}',
);

export const failoverPair = settings(
  {
    hosts: namesOr(pairHost, '["lb1", "lb2"]'),
    device: device.optional(),
    ...vrrp,
    addresses: vrrpInstance.in.shape.addresses,
    packages: plain(yesNo).optional(),
    transform: transforms("package", "vrrpInstance"),
  } satisfies Fields<FailoverPairArgs>,
  '{ hosts: ["lb1", "lb2"], device: "eth0", virtualRouterId: 51, addresses: ["192.168.4.5"] }',
);
