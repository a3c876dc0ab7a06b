import { networkDialects } from "../../../provider/dialects/network/choose";
import type { NetworkDialect } from "../../../provider/dialects/network/dialect";
import { OTHER_PROGRAMS } from "../../../provider/dialects/network/ifupdown/ifupdown-files";
import type { ActiveConfig, NetworkConfig } from "../../../provider/facts/network/managers";
import { vipAlias } from "../../../provider/kinds/vip-alias/kind";
import type { VipInput, WantedVip } from "../../../provider/kinds/vip-alias/schema";

/** What is seen on a host with these managers and files. */
export function networkSeen(
  managers: readonly NetworkDialect["name"][],
  files: Record<string, string>,
  activeConfigs: Readonly<Record<string, ActiveConfig>> = {},
): NetworkConfig {
  const dialects = networkDialects.filter(({ name }) => managers.includes(name));
  return {
    presentPaths: new Set(
      dialects.flatMap(({ detectedBy: signs, probes: hints = [] }) => [
        ...signs.map(({ path }) => path),
        ...hints.filter((path) => !OTHER_PROGRAMS.some((one) => one === path)),
      ]),
    ),
    activeConfigs: new Map(Object.entries(activeConfigs)),
    files: new Map(
      Object.entries(files).map(([path, text]) => [
        path,
        text.split("\n").map((line, at) => ({ number: at + 1, text: line })),
      ]),
    ),
  };
}

export const director: VipInput = { role: "director", address: "192.168.4.5", device: "eth0" };
export const realServer: VipInput = { role: "realServer", address: "192.168.4.5" };

export function vip(input: VipInput): WantedVip {
  return vipAlias.schema.parse(input);
}
