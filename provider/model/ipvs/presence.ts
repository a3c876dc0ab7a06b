import { z } from "zod";
import { yesNo } from "../fields";

/** Whether a rule exists in the kernel and at boot: part of the record of a virtual service and of a real server. */
export const presence = {
  /** Always true in the desired state. The observed state has false where only the rules file has the rule. */
  live: z.literal(true, { error: "is an output: whether the kernel has the rule" }).default(true),
  boot: yesNo.default(true),
};
