import type { Declaration } from "../declaration";
import { type IfcfgFile, prefixIn, valueOf } from "./prefix";

/** A file such as `ifcfg-eth0-range0` brings up all addresses from IPADDR_START to IPADDR_END, with labels that count up. */
export function rangeDeclared(file: IfcfgFile, ip: string): Declaration[] {
  const { path, device, own } = file;
  const start = valueOf(own, "IPADDR_START") ?? "";
  const [first, last, wanted] = [start, valueOf(own, "IPADDR_END") ?? "", ip].map(split);
  if (first === undefined || last === undefined || wanted === undefined) return [];
  const isWithin =
    first.net === wanted.net && last.net === wanted.net && first.host <= wanted.host && wanted.host <= last.host;
  if (!isWithin) return [];
  const number = Number(valueOf(own, "CLONENUM_START") ?? "0") + wanted.host - first.host;
  const label = `${device}:${number}`;
  const prefix = prefixIn(file, ip, "");
  const line = own.values.get("IPADDR_START")?.line ?? 1;
  return [{ path, line, device, label, address: prefix === undefined ? undefined : `${ip}/${prefix}` }];
}

function split(address: string): { readonly net: string; readonly host: number } | undefined {
  const [, net, host] = /^(\d+\.\d+\.\d+)\.(\d{1,3})$/.exec(address) ?? [];
  return net === undefined ? undefined : { net, host: Number(host) };
}
