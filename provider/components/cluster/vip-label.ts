import * as pulumi from "@pulumi/pulumi";

/** The label of a VIP as an argument. `vips`: all of the cluster on that device. */
export function vipLabelOf(
  device: pulumi.Input<string>,
  ip: pulumi.Input<string>,
  vips: readonly string[] = [],
): pulumi.Output<string> {
  // An undefined argument counts as omitted.
  return pulumi.all([device, ip]).apply(([name, address]) => vipLabel(name, address, vips)) as pulumi.Output<string>;
}

/**
 * The label of an IPv4 VIP on a device. It is made from the address (`eth0:c0a80405` for 192.168.4.5), so that a VIP keeps its label when
 * other VIPs change, and an old and a new VIP can be up together. The kernel allows 15 characters; with a long device name the label
 * has only the last digits of the address. Of two VIPs that would have the same label, the second has none.
 */
export function vipLabel(device: string, ip: string, vips: readonly string[] = []): string | undefined {
  const label = labelOf(device, ip);
  const earlier = vips.slice(0, Math.max(0, vips.indexOf(ip))).some((other) => labelOf(device, other) === label);
  return label !== undefined && earlier ? "" : label;
}

function labelOf(device: string, ip: string): string | undefined {
  const room = 15 - device.length - 1;
  if (ip.includes(":") || room < 1) return undefined;
  const [address = ""] = ip.split("/");
  const hex = address.split(".").map((octet) => Number(octet).toString(16).padStart(2, "0"));
  return `${device}:${hex.join("").slice(-room)}`;
}
