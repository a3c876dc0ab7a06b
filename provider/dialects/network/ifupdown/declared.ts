import type { NetworkConfig } from "../../../facts/network/managers";
import { familyOf } from "../../../model/network/address";
import { splitPrefix } from "../../../model/network/interface-address";
import type { Vip } from "../../../model/network/vip";
import { canonicalOrUndefined, classOf, mentions, prefixOf } from "../address-text";
import { type Declaration, placeOf } from "../declaration";
import { ifupdown2Declarations } from "../ifupdown2/declared";
import { hookDeclarations } from "./declared-hook";
import { isIfupdown2, isLenient, isOurFile } from "./ifupdown-files";
import type { Interfaces, Option, Stanza } from "./interfaces";
import { readInterfaces } from "./read-interfaces";

/** What the host's own stanzas bring up of this address at boot. */
export function declaredByStanzas({ address }: Pick<Vip, "address">, config: NetworkConfig): Declaration[] {
  const { ip } = splitPrefix(address);
  const interfaces = readInterfaces(config);
  const declared = isIfupdown2(config)
    ? ifupdown2Declarations(ip, interfaces)
    : interfaces.stanzas
        .filter(({ path }) => !isOurFile(path))
        .flatMap((stanza) => declaredIn(stanza, ip, interfaces, isLenient(config)));
  const { problem } = interfaces;
  if (problem === undefined) return declared;
  return declared.map((one) => ({ ...one, unclear: `ifup stops reading at ${placeOf(problem)}: ${problem.reason}` }));
}

function declaredIn(stanza: Stanza, ip: string, interfaces: Interfaces, isLoose: boolean): Declaration[] {
  const up = bringsUp(stanza, interfaces);
  if (up === undefined) return [];
  const own = stanza.options.filter(({ name }) => name === "address");
  const declared = [
    ...own.flatMap((option) => declaredByAddress(option, stanza, ip, isLoose)),
    ...stanza.options.flatMap((option) => hookDeclarations(option, stanza, ip)),
  ];
  return up === "unclear" ? declared.map((one) => ({ ...one, unclear: UNCLEAR_AUTO })) : declared;
}

const UNCLEAR_AUTO = "a pattern or a mapping chooses whether its stanza comes up";

/** Whether the stanza comes up at boot; undefined if not. An alias of a class comes with no device, so nobody brings it up. */
function bringsUp(stanza: Stanza, { autos, mapped }: Interfaces): "yes" | "unclear" | undefined {
  const isAlias = stanza.name.includes(":");
  const mine = autos.filter((auto) => auto.stanza === stanza.name && (auto.by === "auto" || !isAlias));
  if (autos.some(({ stanza: pattern }) => pattern.includes("/")) && mine.length === 0) return "unclear";
  if (mapped.length > 0) return "unclear";
  return mine.length > 0 ? "yes" : undefined;
}

function declaredByAddress(option: Option, stanza: Stanza, ip: string, isLoose: boolean): Declaration[] {
  if (!mentions(option.value, ip)) return [];
  const { path, line } = option;
  const [device = ""] = stanza.name.split(":");
  const label = ip.includes(":") ? {} : { label: stanza.name };
  const repeated = stanza.options.filter(({ name }) => name === "address").length > 1;
  const unclear = (why: string): Declaration[] => [{ path, line, device, address: undefined, unclear: why }];
  if (!isLoose && stanza.method !== "static") return [];
  if (!isLoose && (stanza.family === "inet6") !== ip.includes(":"))
    return unclear("the family of its stanza is another");
  if (repeated && !isLoose) return unclear("its stanza has several addresses");
  const [text = "", prefix, ...more] = option.value.split("/");
  if (canonicalOrUndefined(text) !== ip || more.length > 0) return unclear("its value is no address");
  if (stanza.options.some(({ name }) => name === "pointopoint")) return unclear("its stanza is point to point");
  const length = prefixOfStanza(prefix, stanza, ip);
  return length === undefined ? unclear("its netmask") : [{ path, line, device, address: `${ip}/${length}`, ...label }];
}

/** ifup prefers `netmask` to the prefix of the address. With neither it takes the class of an IPv4 address. */
function prefixOfStanza(prefix: string | undefined, { options }: Stanza, ip: string): number | undefined {
  const masks = options.filter(({ name }) => name === "netmask");
  const [mask] = masks;
  if (masks.length > 1) return undefined;
  if (mask !== undefined) return prefixOf(mask.value, familyOf(ip));
  if (prefix !== undefined) return prefixOf(prefix, familyOf(ip));
  return ip.includes(":") ? 128 : classOf(ip);
}
