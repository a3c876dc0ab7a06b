import { type Assignments, readAssignments } from "../../../facts/files/assignments";
import { linesAt, type NetworkConfig } from "../../../facts/network/managers";
import { splitPrefix } from "../../../model/network/interface-address";
import type { Vip } from "../../../model/network/vip";
import { canonicalOrUndefined, mentions } from "../address-text";
import type { Declaration } from "../declaration";
import { isFalse, liveFiles, SCRIPTS } from "./ifcfg-files";
import { type IfcfgFile, prefixIn, valueOf } from "./prefix";
import { rangeDeclared } from "./range";

/**
 * What the host's own ifcfg files bring up of this address at boot. An alias file of the same device that has this address alone is not
 * among them: that is rewritten, and removed with the VIP.
 */
export function declaredByIfcfg(
  vip: Pick<Vip, "address" | "device">,
  config: NetworkConfig,
  adopted: readonly string[],
) {
  const { ip } = splitPrefix(vip.address);
  return liveFiles(config)
    .filter((path) => !adopted.includes(path))
    .flatMap((path) => declaredBy(path, vip.device, ip, config));
}

function declaredBy(path: string, wanted: string, ip: string, config: NetworkConfig): Declaration[] {
  const name = path.slice(`${SCRIPTS}/ifcfg-`.length);
  const own = readAssignments(config.files.get(path) ?? []);
  const label = own.values.get("DEVICE")?.value ?? name;
  const [device = ""] = (name.includes(":") ? name : label).split(":");
  const unclear = unclearBy(path, own, device === wanted, ip, config);
  if (unclear !== undefined) return [{ path, device, address: undefined, ...unclear }];
  const file: IfcfgFile = { path, device: device.replace(/-range.*$/, ""), label, own, config };
  if (name.includes(":")) return isFalse(valueOf(own, "ONPARENT")) ? [] : addressesOf(file, ip, [""]);
  if (/-range/.test(name)) return rangeDeclared(file, ip);
  if (isFalse(valueOf(own, "ONBOOT"))) return [];
  return ip.includes(":") ? sixOf(file, ip) : addressesOf(file, ip, indexes(own));
}

const MATTERS =
  /^(?:DEVICE|ONBOOT|ONPARENT|(?:IPADDR|PREFIX|NETMASK)(?:\d+|_START|_END)?|IPV6ADDR|IPV6ADDR_SECONDARIES|CLONENUM_START)$/;

/** Why we cannot say what the file brings up: for a file of another device that does not name the address, it does not matter. */
function unclearBy(
  path: string,
  { values, problem }: Assignments,
  isOfDevice: boolean,
  ip: string,
  config: NetworkConfig,
): { readonly line: number; readonly unclear: string } | undefined {
  if (!isOfDevice && !(linesAt(config, path) ?? []).some((line) => mentions(line, ip))) return undefined;
  if (problem !== undefined) return { line: problem.line, unclear: `it is a shell script: ${problem.reason}` };
  const unknown = [...values].find(([name, { value }]) => MATTERS.test(name) && value === undefined);
  return unknown && { line: unknown[1].line, unclear: `the value of ${unknown[0]} depends on another` };
}

/** IPADDR, IPADDR0, IPADDR1 and so on: from 2 up, the first that is missing ends the list. */
function indexes(own: Assignments): string[] {
  if (["dhcp", "bootp"].includes(valueOf(own, "BOOTPROTO") ?? "")) return [];
  const found = ["", "0", "1"];
  for (let index = 2; (valueOf(own, `IPADDR${index}`) ?? "") !== ""; index++) found.push(String(index));
  return found;
}

function addressesOf(file: IfcfgFile, ip: string, suffixes: readonly string[]): Declaration[] {
  return suffixes.flatMap((suffix): Declaration[] => {
    const entry = file.own.values.get(`IPADDR${suffix}`);
    if (entry === undefined || canonicalOrUndefined(entry.value ?? "") !== ip) return [];
    const { path, device, label } = file;
    const prefix = prefixIn(file, ip, suffix);
    const place = { path, line: entry.line, device, label };
    return [prefix === undefined ? { ...place, address: undefined } : { ...place, address: `${ip}/${prefix}` }];
  });
}

function sixOf({ path, device, own }: IfcfgFile, ip: string): Declaration[] {
  if (isFalse(valueOf(own, "IPV6INIT"))) return [];
  return ["IPV6ADDR", "IPV6ADDR_SECONDARIES"].flatMap((name) => {
    const { value = "", line = 0 } = own.values.get(name) ?? {};
    return value
      .split(/[ \t\n]+/)
      .map((word) => word.split("/"))
      .filter(([address = ""]) => canonicalOrUndefined(address) === ip)
      .map(([, prefix = "128"]) => ({ path, line, device, address: `${ip}/${prefix}` }));
  });
}
