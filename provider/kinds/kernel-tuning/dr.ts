import { DR_PATTERNS, drSettings } from "../../model/sysctl/dr-settings";
import { tuningSchema } from "../../model/sysctl/setting";
import { defineKind } from "../define-kind";
import { tuningKind } from "./kind";

/** Keeps a real server of direct routing from answering ARP for the VIP that it holds. */
export const drKernelTuning = defineKind(
  tuningKind({
    name: "DrKernelTuning",
    schema: tuningSchema(drSettings),
    key: ({ devices }) => ["all", "lo", ...devices].join(" "),
    settings: drSettings,
    patterns: DR_PATTERNS,
  }),
);
