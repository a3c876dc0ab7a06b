import { z } from "zod";
import { oneOf, whole, yesNo } from "../fields";

/** Who loads IPVS rules at boot: Debian's init script, or the ipvsadm.service of RHEL and its relatives. */
export type RulesDialectName = "debian" | "rhel";

/** How to take a real server out of service. */
export interface Drain {
  /** Seconds to wait for established connections to end. 0: do not wait. */
  readonly timeout: number;
  /** Seconds between two looks. */
  readonly pollInterval: number;
}

const seconds = { error: "must be a number of seconds from 0.1 to 3600" };

/** Settings of ours, that no host knows anything about. */
export const settings = {
  drain: z
    .strictObject({
      timeout: whole(0, 86400).default(60),
      pollInterval: z.number(seconds).min(0.1, seconds).max(3600, seconds).default(1),
    })
    .optional(),
  rulesLoader: oneOf("debian", "rhel").optional(),
};

/** Always true in the desired state. The observed state has false where only the rules file has the rule. */
export const live = z.literal(true, { error: "is an output: whether the kernel has the rule" }).default(true);

/** Part of every record: is it there after a reboot? */
export const boot = yesNo.default(true);
