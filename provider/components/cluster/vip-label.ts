import * as pulumi from "@pulumi/pulumi";

/** The label of a VIP, as an argument. */
export function labelOf(device: pulumi.Input<string>, ip: pulumi.Input<string>): pulumi.Output<string> {
  // As an argument, undefined is what is left out.
  return pulumi.all([device, ip]).apply(([name, address]) => vipLabel(name, address)) as pulumi.Output<string>;
}

/**
 * The label of a VIP on a device, for IPv4. It is made from the address, so that a VIP keeps its label when others come and go,
 * and an old and a new one can be up side by side: `eth0:c0a80405` for 192.168.4.5. The kernel has room for 15 characters; a
 * long device name leaves some for the last digits only.
 */
export function vipLabel(device: string, ip: string): string | undefined {
  const room = 15 - device.length - 1;
  if (ip.includes(":") || room < 1) return undefined;
  const [address = ""] = ip.split("/");
  const hex = address.split(".").map((octet) => Number(octet).toString(16).padStart(2, "0"));
  return `${device}:${hex.join("").slice(-room)}`;
}
