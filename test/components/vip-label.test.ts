import { vipLabel } from "../../provider/components/cluster/vip-label";

test.each([
  ["eth0", "192.168.4.5", "eth0:c0a80405", "the whole address"],
  ["lo", "10.0.0.1/32", "lo:0a000001", "a prefix is no part of it"],
  ["enp1s0", "192.168.4.5", "enp1s0:c0a80405", "15 characters fit"],
  ["enp0s31f6", "192.168.4.5", "enp0s31f6:80405", "the end of the address tells VIPs apart"],
  ["enp0s31f6np1v0", "192.168.4.5", undefined, "no room: VipAlias has none then"],
  ["eth0", "2001:db8::5", undefined, "the kernel keeps no label of an IPv6 address"],
])("%s %s: %s, %s", (device, ip, label, _) => {
  expect(vipLabel(device, ip)).toBe(label);
});

test("of two VIPs with the same last digits on a long name, the second has no label", () => {
  const vips = ["10.1.0.5", "10.2.0.5", "10.2.0.6"];
  const device = "enp0s31f6np1";
  expect(vips.map((ip) => vipLabel(device, ip, vips))).toEqual([`${device}:05`, "", `${device}:06`]);
  expect(vips.map((ip) => vipLabel("eth0", ip, vips))).toEqual(["eth0:0a010005", "eth0:0a020005", "eth0:0a020006"]);
});
