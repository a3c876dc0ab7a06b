import { readInterfaces } from "../../../provider/dialects/network/ifupdown/read-interfaces";
import {
  gatewayOfIfcfg,
  gatewayOfStanzas,
  type OtherGateway,
} from "../../../provider/kinds/return-route/other-gateway";
import { networkSeen } from "../../dialects/network/network-seen";

const SCRIPTS = "/etc/sysconfig/network-scripts";

/** `2`, `2?` where it cannot be judged, or nothing. */
const said = (found: OtherGateway | undefined) =>
  found === undefined ? "" : `${found.line}${found.isUnclear === true ? "?" : ""}`;

test.each([
  ["ifcfg-eth0", "DEVICE=eth0\nGATEWAY=192.168.4.1\n", "2"],
  ["ifcfg-eth0", "DEVICE=eth0\n export GATEWAY='192.168.4.1' # ours\n", "2"],
  ["ifcfg-eth0", "DEVICE=eth0; GATEWAY=192.168.4.1\n", "1"],
  ["ifcfg-eth0", 'DEVICE=eth0\nGATEWAY=\\\n"192.168.4.1"\n', "2"],
  ["ifcfg-eth0", "GATEWAYDEV=eth0\n", "1"],
  ["ifcfg-eth0", "GATEWAY=$OTHER\n", "1?"],
  ["ifcfg-eth0", "test -e /x && :\nGATEWAY=192.168.4.1\n", "2?"],
  ["ifcfg-eth0:1", "ONBOOT=no\nGATEWAY=192.168.4.1\n", "2"],
  ["ifcfg-eth0", "GATEWAY=192.168.4.1\nONBOOT=no\n", ""],
  ["ifcfg-eth0", "GATEWAY=192.168.4.1\nDEFROUTE='no'\n", ""],
  ["ifcfg-eth0", "GATEWAY=192.168.4.1\nGATEWAY=\n", ""],
  ["ifcfg-eth0", 'GATEWAY=""\n#GATEWAY=192.168.4.1\nOLDGATEWAY=192.168.4.1\nGATEWAY0=192.168.4.1\n', ""],
  ["ifcfg-eth0.bak", "GATEWAY=192.168.4.1\n", ""],
  ["route-eth0", "# default via 192.168.4.1\n10.8.0.0/16 via 192.168.4.1\n  default via 192.168.4.1 dev eth0\n", "3"],
  ["route-eth0", "0.0.0.0/0 \\\n via 192.168.4.1\n", "1"],
  ["route-eth0", "to 0/0 via 192.168.4.1 table main\n", "1"],
  ["route-eth0", "default via 192.168.4.1 table 7\ndefault via 192.168.4.1 metric 9\n192.168.4.0/24 via 1.2.3.4\n", ""],
  ["route-eth0", "# pulumi-lvs begin default\ndefault via 192.168.2.2 dev eth1\n# pulumi-lvs end default\n", ""],
  ["route-eth0", "# pulumi-lvs begin default\n# pulumi-lvs end default\ndefault via 192.168.4.1\n", "3"],
  ["route-eth0", "ADDRESS0=10.8.0.0\nADDRESS1='0.0.0.0'\nNETMASK1=0.0.0.0\nGATEWAY1=192.168.4.1\n", "2"],
  ["route-eth0", "ADDRESS0=10.8.0.0\nGATEWAY0=192.168.4.1\nADDRESS2=0.0.0.0\n", ""],
  ["route-eth0", "ADDRESS0=$NET\n", "1?"],
  ["route6-eth0", "default via 2001:db8::1\n", ""],
])("%s of network-scripts: %j", (name, text, line) => {
  expect(said(gatewayOfIfcfg(networkSeen(["ifcfg"], { [`${SCRIPTS}/${name}`]: text })))).toBe(line);
});

test.each([
  ["# any net default gw 192.168.4.1\nany net default gw 192.168.4.1\n", "2"],
  ["eth0 net 0.0.0.0 netmask 0.0.0.0 gw 192.168.4.1\n", "1"],
  ["any net 0.0.0.0/0 gw 192.168.4.1\n", "1"],
  [
    "any net 0.0.0.0/0 gw 192.168.4.1 metric 9\nany net 10.0.0.0/8 gw 192.168.4.1\n any net default gw 192.168.4.1\n",
    "",
  ],
  ["any host 0.0.0.0 gw 192.168.4.1\n", ""],
])("static-routes of network-scripts: %j", (text, line) => {
  expect(said(gatewayOfIfcfg(networkSeen(["ifcfg"], { "/etc/sysconfig/static-routes": text })))).toBe(line);
});

test("network-scripts: a gateway for all interfaces", () => {
  expect(said(gatewayOfIfcfg(networkSeen(["ifcfg"], { "/etc/sysconfig/network": "A=1 GATEWAY=192.168.4.1\n" })))).toBe(
    "1",
  );
});

test.each([
  ["gateway 192.168.4.1", "2"],
  ["gateway 2001:db8::1", ""],
  ["gateway 192.168.4.1\n metric 7", ""],
  ["up ip route add default via 192.168.4.1 dev $IFACE || true", "2"],
  ["post-up /sbin/ip -4 r a 0.0.0.0/0 via 192.168.4.1", "2"],
  ["up ip ro replace default dev eth0 table 254", "2"],
  ["up route add default gw 192.168.4.1", "2"],
  ["up /sbin/route add -net 0.0.0.0 netmask 0.0.0.0 gw 192.168.4.1", "2"],
  ["up test -e /x && ip route add default via 192.168.4.1", "2?"],
  ["up ip route add default via $GATEWAY", "2?"],
  ["up ip -6 route add default via fe80::1", ""],
  ["up ip route add default via 192.168.4.1 table 7", ""],
  ["up ip route add default via 192.168.4.1 metric 100", ""],
  ["up ip route add 10.0.0.0/8 via 192.168.4.1", ""],
  ["up ip route del default", ""],
  ["down ip route add default via 192.168.4.1", ""],
  ["up logger default", ""],
])("a stanza of ifupdown: %j", (option, line) => {
  const config = networkSeen(["ifupdown"], { "/etc/network/interfaces": `iface eth0 inet static\n ${option}\n` });
  expect(said(gatewayOfStanzas(readInterfaces(config).stanzas))).toBe(line);
});
