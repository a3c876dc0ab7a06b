import { drSettings } from "../../model/sysctl/dr-settings";
import { interfaceKey, interfaceKey6, type Setting } from "../../model/sysctl/setting";
import { encapsulationOf, type Tunnel } from "./encapsulations";

/**
 * The settings of a tunnel's receiving end. For rp_filter the kernel uses the greater of the device's own value and that of
 * `all`; 2 works with each value of `all`.
 */
export function tunSettings(tunnel: Tunnel & { readonly sameSubnetAsVip: boolean }): readonly Setting[] {
  const { device } = encapsulationOf(tunnel);
  if (tunnel.encapsulates !== undefined) {
    const reason = `packets that come out of ${device} are IPv6, which a host may have disabled for new devices`;
    return [{ key: interfaceKey6(device, "disable_ipv6"), value: 0, reason }];
  }
  return [
    {
      key: interfaceKey(device, "rp_filter"),
      value: 2,
      reason: `a client's packet comes out of ${device} and its reply leaves by another NIC, so 1 would drop it; with 0 here, 1 of all would`,
    },
    ...(tunnel.sameSubnetAsVip ? drSettings({ devices: [] }) : []),
  ];
}
