import { versionOf } from "../../dialects/keepalived/problems";
import type { KeepalivedSeen } from "../../dialects/keepalived/seen";
import { declarationsOf } from "../../dialects/network/choose";
import { placeOf } from "../../dialects/network/declaration";
import { UserError } from "../../errors";
import type { OwnersOf } from "../../facts/files/owners";
import type { KeepalivedAddress } from "../../facts/keepalived/addresses";
import { isAtLeast } from "../../facts/keepalived/daemon";
import { fragmentPath } from "../../facts/keepalived/paths";
import type { Addresses } from "../../facts/network/addresses";
import type { NetworkConfig } from "../../facts/network/managers";
import { familyOf } from "../../model/network/address";
import { splitPrefix } from "../../model/network/interface-address";
import type { Vip } from "../../model/network/vip";
import { fragmentNameOf, fragmentText, instanceName } from "./fragment";
import { familyOfInstance, needsVersion3, type VrrpAddress, type VrrpInstance } from "./schema";

export interface InstanceSeen extends KeepalivedSeen {
  readonly addresses: Addresses;
  readonly networkConfig: NetworkConfig;
  /** In all files of keepalived, ours and others'. */
  readonly moved: readonly KeepalivedAddress[];
  readonly owners: OwnersOf;
}

/** Throws where keepalived would take the file, and do something else than what is wanted. */
export function refuseInstance(want: VrrpInstance, seen: InstanceSeen): void {
  const find = [deviceProblem, peerProblem, versionProblem, rivalProblem, addressProblem, bootProblem];
  const problem = find.map((one) => one(want, seen)).find((one) => one !== undefined);
  if (problem !== undefined) throw new UserError(problem);
}

/** The address, as one that the host's own network configuration would bring up. */
export function asVip({ address, device, label }: VrrpAddress): Vip {
  const known = splitPrefix(address).family === "ipv6" ? {} : { label: label ?? device };
  return { role: "director", address, device, ...known, boot: true, live: true };
}

function deviceProblem({ device, addresses, track }: VrrpInstance, seen: InstanceSeen): string | undefined {
  const { devices } = seen.addresses;
  const wanted = [device, ...addresses.map((one) => one.device), ...(track?.devices ?? [])];
  const missing = wanted.find((one) => !devices.includes(one));
  return missing === undefined ? undefined : `this host has no device ${missing}, only ${devices.join(", ")}`;
}

/** keepalived's own test takes both. */
function peerProblem(
  { peers = [], source }: VrrpInstance,
  { addresses: { addresses } }: InstanceSeen,
): string | undefined {
  const isOwn = (address: string) => addresses.some(({ ip }) => ip === address);
  const own = peers.find(isOwn);
  if (own !== undefined) return `peers has ${own}, which is an address of this host: name the other hosts only`;
  return source === undefined || isOwn(source) ? undefined : `source is ${source}, which is no address of this host`;
}

/** The checksum of version 3 without multicast was another one. */
function versionProblem(want: VrrpInstance, seen: InstanceSeen): string | undefined {
  const version = versionOf(seen);
  if (want.peers === undefined || !needsVersion3(want) || isAtLeast(version, "1.3.7")) return undefined;
  return `keepalived ${version} on this host sends version 3 of VRRP to peers with another checksum than later ones: leave out peers, or set advertInterval to whole seconds`;
}

function rivalProblem(want: VrrpInstance, { keepalivedConfig }: InstanceSeen): string | undefined {
  const name = instanceName(want);
  const family = familyOfInstance(want);
  const rival = keepalivedConfig.instances.find(
    (one) =>
      one.name === name ||
      (one.interface === want.device &&
        Number(one.virtualRouterId) === want.virtualRouterId &&
        one.addresses.slice(0, 1).every((first) => familyOf(first) === family)),
  );
  if (rival === undefined) return undefined;
  return (
    `${rival.file}, line ${rival.line}, has the vrrp_instance ${rival.name} with virtual_router_id ${want.virtualRouterId} on ${want.device}. ` +
    `Choose another virtualRouterId, or delete it there. Ours would be:\n${fragmentText(want)}`
  );
}

function addressProblem(want: VrrpInstance, { moved }: InstanceSeen): string | undefined {
  const own = fragmentPath(fragmentNameOf(want));
  const ips = want.addresses.map(({ address }) => splitPrefix(address).ip);
  const other = moved.find(({ file, ip }) => file !== own && ips.includes(ip));
  if (other === undefined) return undefined;
  return `${other.file}, line ${other.line}, gives ${other.ip} to keepalived already: delete it there, or leave it out here`;
}

/** It would be there before any host is master. What a VipAlias left is ours to take away. */
function bootProblem({ addresses }: VrrpInstance, { networkConfig }: InstanceSeen): string | undefined {
  for (const one of addresses) {
    const [declared] = declarationsOf(asVip(one), networkConfig);
    if (declared === undefined) continue;
    const { ip } = splitPrefix(one.address);
    return `${placeOf(declared)}, brings ${ip} up at boot, on this host whoever is master. Remove it there`;
  }
  return undefined;
}
