import { type NatTuning, natSettings, natKernelTuning as schema } from "../model/nat-kernel-tuning";
import { tuningKind } from "./tuning";

/** What makes a machine the router that NAT needs: forwarding, and no redirects that would show real servers a way past it. */
export const natKernelTuning = tuningKind<NatTuning>({
  name: "NatKernelTuning",
  schema,
  key: ({ devices }) => devices.join(" "),
  settings: natSettings,
  patterns: [
    "net.ipv4.ip_forward",
    "net.ipv4.conf.*.send_redirects",
    "net.ipv4.conf.*.rp_filter",
    // Not set here, but the kernel changes them along with ip_forward.
    "net.ipv4.conf.*.forwarding",
    "net.ipv4.conf.all.accept_redirects",
  ],
});
