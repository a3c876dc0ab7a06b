import { keepalivedConfig } from "../../../provider/facts/keepalived/config";
import { readOn } from "../../support/tree";

const MAIN = "/etc/keepalived/keepalived.conf";
const read = (tree: Readonly<Record<string, string>>) => readOn(tree, keepalivedConfig);

const OWN = `global_defs { router_id d1 }
vrrp_script alive { script "/usr/bin/true" }
vrrp_instance web {   ! the first
  interface eth0
  virtual_router_id 51
  authentication { auth_type PASS
    auth_pass 192.0.2.99 }
  track_interface { eth1 }
  virtual_ipaddress {
    192.0.2.10/24 brd 192.0.2.255 dev eth0
  }
  virtual_ipaddress_excluded { 2001:DB8::0:5/64 }
}
virtual_server 192.0.2.10 80 {
  protocol TCP
  real_server 10.0.0.1 80 { }
}
garp_group { interface eth7 }
`;

test("instances with what tells them apart, and services, each with its place", () => {
  expect(read({ [MAIN]: OWN })).toEqual({
    instances: [
      {
        name: "web",
        file: MAIN,
        line: 3,
        interface: "eth0",
        virtualRouterId: "51",
        addresses: ["192.0.2.10", "2001:db8::5"],
      },
    ],
    services: [{ service: "192.0.2.10 80", protocol: "TCP", file: MAIN, line: 14 }],
    includes: [],
  });
});

test("includes are followed, relative to their file, into what they include, and never into our own files", () => {
  const { instances, includes } = read({
    [MAIN]: 'include conf.d/*.conf\ninclude "ROOT/etc/own/a.cfg"\ninclude /etc/keepalived/pulumi-lvs.d/*.conf\n',
    "/etc/keepalived/conf.d/one.conf": "include deep/two\nvrrp_instance one { }\n",
    "/etc/keepalived/conf.d/deep/two": `include ROOT${MAIN}\nvrrp_instance two { }\n`,
    "/etc/own/a.cfg": "vrrp_instance three { }\n",
    "/etc/keepalived/pulumi-lvs.d/x.conf": "vrrp_instance ours { }\n",
    "/etc/keepalived/other.conf": "vrrp_instance unread { }\n",
  });
  expect(instances.map(({ name, file, line }) => `${name} ${file}:${line}`).sort()).toEqual([
    "one /etc/keepalived/conf.d/one.conf:2",
    "three /etc/own/a.cfg:1",
    "two /etc/keepalived/conf.d/deep/two:2",
  ]);
  expect(includes.map(({ file, line, pattern }) => `${file}:${line} ${pattern}`)).toEqual([
    `${MAIN}:1 /etc/keepalived/conf.d/*.conf`,
    `${MAIN}:2 /etc/own/a.cfg`,
    `${MAIN}:3 /etc/keepalived/pulumi-lvs.d/*.conf`,
    "/etc/keepalived/conf.d/one.conf:1 /etc/keepalived/conf.d/deep/two",
    `/etc/keepalived/conf.d/deep/two:1 ${MAIN}`,
  ]);
});

test("a file that keepalived passes over says nothing, nor one that is not there", () => {
  const nothing = { instances: [], services: [], includes: [] };
  expect(read({ [MAIN]: `#!/bin/sh\n${OWN}` })).toEqual(nothing);
  expect(read({})).toEqual(nothing);
});

test("a password does not leave the host", () => {
  expect(JSON.stringify(read({ [MAIN]: OWN }))).not.toContain("192.0.2.99");
});
