import type { SysctlSeen } from "../../dialects/sysctl/restore";
import { UserError } from "../../errors";
import { interfaceKey6, type Tuning } from "../../model/sysctl/setting";
import { defineKind } from "../define-kind";
import type { Kind } from "../kind";
import { liftBarriers, withBarriers } from "./barriers";
import { type TuningChange, type TuningTable, tuningKind } from "./kind";
import { advertisedBy } from "./nat-facts";
import { type NatTuning, natSettings, natKernelTuning as schema } from "./nat-schema";

interface NatSeen extends SysctlSeen {
  /** NICs with an IPv6 default route from a router advertisement. Read only where IPv6 is to be forwarded. */
  readonly advertised?: readonly string[];
}

const TABLE: TuningTable<NatTuning> = {
  name: "NatKernelTuning",
  schema,
  key: ({ devices }) => devices.join(" "),
  settings: natSettings,
  patterns: [
    "net.ipv4.ip_forward",
    "net.ipv4.conf.*.send_redirects",
    "net.ipv4.conf.*.rp_filter",
    // Not set here: the kernel changes them together with the forwarding settings.
    "net.ipv4.conf.*.forwarding",
    "net.ipv4.conf.all.accept_redirects",
    "net.ipv6.conf.*.forwarding",
    "net.ipv6.conf.*.accept_ra",
  ],
};

/** Makes a director the router that NAT needs: it forwards, and sends no redirects that would lead real servers past it. */
export const natKernelTuning = defineKind(natKind());

function natKind(resource?: string): Kind<NatTuning, Tuning, NatSeen, TuningChange<NatTuning>> {
  const tuning = tuningKind<NatTuning>(TABLE, resource);
  return {
    ...tuning,
    facts: (want) => ({ ...tuning.facts(want), ...(forwards6(want) && { advertised: advertisedBy }) }),
    observe: (seen, want) => {
      const have = tuning.observe(seen, want);
      return have === undefined || !forwards4(want) ? have : withBarriers(have, want, seen);
    },
    render: (change, seen) => {
      if (change.op !== "claim") return tuning.render(change, seen);
      if (forwards6(change.tuning)) refuseGatewayLoss(seen);
      return [...tuning.render(change, seen), ...(forwards4(change.tuning) ? liftBarriers(change.tuning, seen) : [])];
    },
    ownedBy: natKind,
  };
}

const forwards4 = ({ families = ["ipv4"] }: Pick<NatTuning, "families">): boolean => families.includes("ipv4");
const forwards6 = ({ families = [] }: Pick<NatTuning, "families">): boolean => families.includes("ipv6");

/** With accept_ra 1, a kernel that starts to forward IPv6 drops its advertised default routes and accepts no new ones. */
function refuseGatewayLoss({ advertised = [], values }: NatSeen): void {
  const lost = advertised.find((device) => values.get(interfaceKey6(device, "accept_ra")) === "1");
  if (lost === undefined) return;
  throw new UserError(
    `this host has its IPv6 default route from a router advertisement on ${lost}, and the kernel drops that route when it starts to forward. ` +
      `First set ${interfaceKey6(lost, "accept_ra")} to 2, live and at boot, or configure a static default route`,
  );
}
