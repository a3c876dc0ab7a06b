import { z } from "zod";

/** Who brings addresses up at boot. */
export const networkName = z.enum(["ifcfg", "ifupdown", "networkd", "netplan", "networkmanager"], {
  error:
    'must be "ifcfg" (network-scripts of RHEL), "ifupdown" (Debian), "networkd" (systemd-networkd), "netplan" (Ubuntu) or ' +
    '"networkmanager"',
});
export type NetworkName = z.output<typeof networkName>;
