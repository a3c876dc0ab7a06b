import { startOrder } from "../../../provider/facts/network/start-order";
import { readOn } from "../../support/tree";

const UNIT = "/lib/systemd/system/networking.service";
const ifupdown2 = {
  "/usr/share/ifupdown2/ifupdown": "",
  [UNIT]: "[Unit]\nAfter=local-fs.target systemd-sysctl.service\nBefore=shutdown.target\n",
  "/etc/network/interfaces": "auto eth0 eth1\niface eth0\n  address 192.0.2.1/24\n",
  "/etc/network/interfaces.d/b": "  iface eth1 inet static\n",
};
const unordered = (more: Readonly<Record<string, string>>) => readOn({ ...ifupdown2, ...more }, startOrder).unordered;
const drop = (unit: string, text: string) => ({
  [`/etc/systemd/system/${unit}.service.d/a.conf`]: `[Unit]\n${text}\n`,
});

test("of ifupdown2 nothing waits for addresses", () => {
  expect(unordered({})).toEqual(["eth0", "eth1"]);
  expect(unordered(drop("networking", "Before=shutdown.target"))).toEqual(["eth0", "eth1"]);
});

test.each([
  ["a drop-in of networking", drop("networking", "Before=network.target network-online.target")],
  ["one for the loader alone", drop("networking", "Before=x.service  ipvsadm.service")],
  ["a drop-in of the loader", drop("ipvsadm", "After=networking.service")],
  ["a unit of an operator", { "/etc/systemd/system/networking.service": "[Unit]\nBefore=network-online.target\n" }],
])("with %s it does", (_, more) => {
  expect(unordered(more)).toEqual([]);
});

test("other managers are ordered as they come", () => {
  const { "/usr/share/ifupdown2/ifupdown": _, ...ifupdown } = ifupdown2;
  expect(readOn(ifupdown, startOrder)).toEqual({ unordered: [] });
});
