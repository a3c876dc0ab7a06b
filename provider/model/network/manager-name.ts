import { z } from "zod";

/** The network managers that we write boot configuration for. */
export const networkManagerName = z.enum(["ifcfg", "ifupdown", "networkd", "netplan", "networkmanager"], {
  error:
    'must be "ifcfg" (network-scripts of RHEL), "ifupdown" (Debian), "networkd" (systemd-networkd), "netplan" (Ubuntu) or ' +
    '"networkmanager"',
});
export type NetworkManagerName = z.output<typeof networkManagerName>;
