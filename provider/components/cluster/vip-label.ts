import * as pulumi from "@pulumi/pulumi";

/** The label of a VIP as an argument. */
export function vipLabelOf(device: pulumi.Input<string>, ip: pulumi.Input<string>): pulumi.Output<string> {
  // An undefined argument counts as omitted.
  return pulumi.all([device, ip]).apply(([name, address]) => vipLabel(name, address)) as pulumi.Output<string>;
}

/**
 * The label of an IPv4 VIP on a device. It is made from the address (`eth0:c0a80405` for 192.168.4.5), so that a VIP keeps its label when
 * other VIPs change, and an old and a new VIP can be up together. The kernel allows 15 characters; with a long device name the label
 * has only the last digits of the address.
 */
export function vipLabel(device: string, ip: string): string | undefined {
  const room = 15 - device.length - 1;
  if (ip.includes(":") || room < 1) return undefined;
  const [address = ""] = ip.split("/");
  const hex = address.split(".").map((octet) => Number(octet).toString(16).padStart(2, "0"));
  return `${device}:${hex.join("").slice(-room)}`;
}
