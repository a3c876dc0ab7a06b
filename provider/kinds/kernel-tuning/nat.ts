import type { TuningSeen } from "../../dialects/sysctl/restore";
import { UserError } from "../../errors";
import { interfaceKey6, type Tuning } from "../../model/sysctl/setting";
import type { Kind } from "../kind";
import { type TuningChange, tuningKind } from "./kind";
import { advertisedBy } from "./nat-facts";
import { type NatTuning, natSettings, natKernelTuning as schema } from "./nat-schema";

interface NatSeen extends TuningSeen {
  /** NICs by which a router has told the host that it is the default gateway of IPv6. Asked for IPv6 only. */
  readonly advertised?: readonly string[];
}

const table = tuningKind<NatTuning>({
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
    "net.ipv6.conf.*.forwarding",
    "net.ipv6.conf.*.accept_ra",
  ],
});

/** What makes a machine the router that NAT needs: forwarding, and no redirects that would show real servers a way past it. */
export const natKernelTuning: Kind<NatTuning, Tuning, NatSeen, TuningChange<NatTuning>> = {
  ...table,
  facts: (want) => ({ ...table.facts(want), ...(forwards6(want) && { advertised: advertisedBy }) }),
  render: (change, seen) => {
    if (change.op === "claim" && forwards6(change.tuning)) refuseToLoseTheGateway(seen);
    return table.render(change, seen);
  },
};

const forwards6 = ({ families = [] }: Pick<NatTuning, "families">): boolean => families.includes("ipv6");

/** A kernel that begins to forward drops the default routes that it has from routers, where accept_ra is 1, and takes no more. */
function refuseToLoseTheGateway({ advertised = [], values }: NatSeen): void {
  const lost = advertised.find((device) => values.get(interfaceKey6(device, "accept_ra")) === "1");
  if (lost === undefined) return;
  throw new UserError(
    `this host has its IPv6 default route from a router's advertisement on ${lost}, and a kernel that forwards drops it. ` +
      `Set ${interfaceKey6(lost, "accept_ra")} to 2 first, live and at boot, or give the host a route of its own`,
  );
}
