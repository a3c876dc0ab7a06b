import type { NetworkConfig } from "../../../facts/network/managers";
import type { Vip } from "../../../model/network/vip";
import { placeOf } from "../declaration";
import { excludedByIfupdown2 } from "../ifupdown/excluded";
import { INTERFACES } from "../ifupdown/ifupdown-files";
import type { Interfaces } from "../ifupdown/interfaces";
import { aroundFile, deviceConfig } from "./device";
import { hasStanza, stanzaDevice } from "./stanza";

/** Why ifupdown2 would not bring a VIP up by a file of this path that it reads, or would do harm; undefined if it does well. */
export function ifupdown2Problem(
  vip: Vip,
  path: string,
  interfaces: Interfaces,
  config: NetworkConfig,
): string | undefined {
  const device = stanzaDevice(vip.device, interfaces);
  if (!hasStanza(device, interfaces)) {
    return (
      `${INTERFACES} has no stanza for ${device}, and with one of ours alone ifupdown2 would take the other addresses of ${device} away. Give it a ` +
      'stanza, or set "boot: false"'
    );
  }
  const { stanzas, comesUp } = deviceConfig(device, interfaces);
  const [first] = stanzas;
  if (first !== undefined && comesUp !== "yes") {
    return `${placeOf(first)}, the stanza of ${device}, does not come up at boot by itself: write "auto ${device}" before it, or set "boot: false"`;
  }
  return excludedByIfupdown2(device, config) ?? methodProblem(path, device, interfaces);
}

/** Of all stanzas of a device the first one's method counts, and ours have none. */
export function methodProblem(path: string, device: string, interfaces: Interfaces): string | undefined {
  const { before, behind } = aroundFile(path, device, interfaces);
  const [first] = behind;
  if (first === undefined || before.length > 0 || !deviceConfig(device, interfaces).isDynamic) return undefined;
  return (
    `${placeOf(first)}, has the method "${first.method ?? ""}" for ${device}, and ifupdown2 may read our file before it, which makes it forget that. ` +
    `Write that stanza into ${INTERFACES}, before the line that reads our file, or set "boot: false"`
  );
}
