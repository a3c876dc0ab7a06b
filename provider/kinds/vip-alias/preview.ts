import { describeCommand } from "../../step";
import { addCommand } from "./address-steps";
import { asksBefore, askWords } from "./ask";
import { arpingWords, sendsGratuitousArp } from "./gratuitous-arp";
import type { WantedVip } from "./schema";

/** The commands of a preview, one a line, and what brings the address up at boot. */
export function previewLines(vip: WantedVip): string[] {
  return [
    ...(asksBefore(vip) ? [askWords(vip)] : []),
    describeCommand(addCommand(vip).command),
    ...(sendsGratuitousArp(vip) ? [arpingWords(vip).join(" ")] : []),
    ...(vip.boot ? [`at boot: ${vip.networkManager ?? "the host's own network configuration"}`] : []),
  ];
}
