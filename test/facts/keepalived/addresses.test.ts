import { keepalivedAddresses, parseKeepalivedAddresses } from "../../../provider/facts/keepalived/addresses";
import { readOn } from "../../support/tree";

const enabled = {
  "/etc/systemd/system/multi-user.target.wants/keepalived.service": "-> /lib/systemd/system/keepalived.service",
};
const CONFIG = `global_defs { router_id d1 }
vrrp_instance web {
  authentication { auth_type PASS
    auth_pass 192.0.2.99 }
  unicast_src_ip 192.0.2.1
  virtual_ipaddress {
    192.0.2.10/24 brd 192.0.2.255 dev eth0 label eth0:1 # and not 192.0.2.11
    ! 192.0.2.12
    2001:DB8::0:5/64
  }
  virtual_ipaddress_excluded { 192.0.2.20 dev eth1 }
  virtual_routes { 192.0.2.30/32 dev eth0 }
}
`;
const found = (tree: Readonly<Record<string, string>>) =>
  readOn(tree, keepalivedAddresses).map(({ file, line, ip }) => `${file}:${line} ${ip}`);

test("what keepalived moves is in its blocks of addresses, in all of its files", () => {
  const more = { "/etc/keepalived/conf.d/b.conf": "vrrp_instance b {\nvirtual_ipaddress\n{\n192.0.2.40\n}\n}\n" };
  expect(found({ ...enabled, "/etc/keepalived/keepalived.conf": CONFIG, ...more })).toEqual([
    "/etc/keepalived/keepalived.conf:7 192.0.2.10",
    "/etc/keepalived/keepalived.conf:9 2001:db8::5",
    "/etc/keepalived/keepalived.conf:11 192.0.2.20",
    "/etc/keepalived/conf.d/b.conf:4 192.0.2.40",
  ]);
});

test("one that runs counts, one that no boot starts does not, and one without files has none", () => {
  const file = { "/etc/keepalived/keepalived.conf": "virtual_ipaddress { 192.0.2.10 }\n" };
  expect(found({ ...file, "/run/keepalived.pid": "7\n" })).toEqual(["/etc/keepalived/keepalived.conf:1 192.0.2.10"]);
  expect(found(file)).toEqual([]);
  expect(found(enabled)).toEqual([]);
});

test("a password does not leave the host", () => {
  expect(parseKeepalivedAddresses("")).toEqual([]);
  expect(found({ ...enabled, "/etc/keepalived/keepalived.conf": CONFIG }).join()).not.toContain("192.0.2.99");
});
