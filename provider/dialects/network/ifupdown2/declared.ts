import { familyOf } from "../../../model/network/address";
import { HOST_PREFIX } from "../../../model/network/interface-address";
import { canonicalOrUndefined, mentions, prefixOf } from "../address-text";
import type { Declaration } from "../declaration";
import { hookDeclarations } from "../ifupdown/declared-hook";
import { isOurFile } from "../ifupdown/ifupdown-files";
import type { Interfaces, Option } from "../ifupdown/interfaces";
import { type DeviceConfig, deviceConfig } from "./device";

/**
 * What the host's own stanzas bring up of this address at boot by ifupdown2: all stanzas of a device are one, an address has the prefix of
 * its own line or of the netmask with its number, and no label.
 */
export function ifupdown2Declarations(ip: string, interfaces: Interfaces): Declaration[] {
  const naming = interfaces.stanzas.filter(({ options }) => options.some(({ value }) => mentions(value, ip)));
  const devices = new Set(naming.map(({ name }) => name));
  return withoutDoubles([...devices].flatMap((device) => declaredFor(deviceConfig(device, interfaces), ip)));
}

function declaredFor(config: DeviceConfig, ip: string): Declaration[] {
  if (config.comesUp === "no") return [];
  const declared = config.stanzas
    .filter(({ path }) => !isOurFile(path))
    .flatMap((stanza) => [
      ...stanza.options.flatMap((option) => declaredByAddress(option, config, ip)),
      ...stanza.options.flatMap((option) => hookDeclarations(option, stanza, ip)),
    ]);
  return config.comesUp === "unclear" ? declared.map((one) => ({ ...one, unclear: UNCLEAR })) : declared;
}

const UNCLEAR = "whether its interface comes up depends on the order of files, or on another interface";

/** A DHCP client takes the place of addresses. One address that Python cannot read, and the interface gets none. */
function declaredByAddress(option: Option, config: DeviceConfig, ip: string): Declaration[] {
  if (option.name !== "address" || !mentions(option.value, ip)) return [];
  const { path, line } = option;
  const { name: device, addresses, stanzas } = config;
  const unclear = (why: string): Declaration[] => [{ path, line, device, address: undefined, unclear: why }];
  if (config.dependsOnOrder)
    return unclear("its device has stanzas in several files, which ifupdown2 reads in any order");
  if (config.isDynamic) return [];
  const odd = addresses.find(({ option: { value }, mask }) => readAddress(value, mask) === undefined);
  if (odd !== undefined)
    return unclear(`"address ${odd.option.value.slice(0, 40)}", for which ifupdown2 may give ${device} none at all`);
  if (stanzas.some(({ options }) => options.some(({ name }) => name === "pointopoint")))
    return unclear("its stanza is point to point");
  const mask = addresses.find((one) => one.option === option)?.mask;
  const address = readAddress(option.value, mask);
  if (address === undefined || !address.startsWith(`${ip}/`)) return unclear("its value is no address");
  return [{ path, line, device, address, ...(!ip.includes(":") && { label: device }) }];
}

/** `192.168.4.5/24`; undefined for what Python may refuse: an IPv4 number with a zero in front, or a prefix that is neither a length nor a netmask. */
function readAddress(value: string, mask: string | undefined): string | undefined {
  const [text = "", own, ...more] = value.split("/");
  const ip = canonicalOrUndefined(text);
  if (ip === undefined || more.length > 0 || /(?:^|\.)0\d/.test(text)) return undefined;
  const prefix = own ?? mask;
  const family = familyOf(ip);
  const length = prefix === undefined || prefix === "" ? HOST_PREFIX[family] : prefixOf(prefix, family);
  return length === undefined ? undefined : `${ip}/${length}`;
}

/** ifupdown2 takes the same address of a device once. */
function withoutDoubles(declared: readonly Declaration[]): Declaration[] {
  const meaning = ({ device, address, label, unclear }: Declaration) =>
    JSON.stringify([device, address, label, unclear]);
  return [...new Map(declared.toReversed().map((one) => [meaning(one), one])).values()].toReversed();
}
