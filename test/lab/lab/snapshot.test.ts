import { differences, type LabHost, type Snapshot } from "../../../tools/lab/index.ts";
import { useLab } from "../../support/use-lab.ts";

const lab = useLab({ hosts: ["director2"] });
let host: LabHost;
let before: Snapshot;

beforeAll(async () => {
  host = lab.host("director2");
  await host.sh("modprobe ip_vs");
  before = await host.snapshot();
});

test("nothing done, nothing different", async () => {
  expect(differences(before, await host.snapshot())).toEqual([]);
});

test("each change is seen, in its part", async () => {
  await host.sh(`ipvsadm -A -t 192.0.2.1:80
    ip address add 192.0.2.1/32 dev lo
    ip route add 192.0.2.128/25 dev eth0 table 7
    ip rule add from 192.0.2.1 table 7
    echo 1 > /proc/sys/net/ipv4/conf/all/arp_ignore
    echo 1 > /proc/sys/net/ipv4/vs/conntrack
    ipvsadm --set 0 0 301
    ipvsadm --start-daemon backup --mcast-interface eth1
    ln -s /lib/systemd/system/nginx.service /etc/systemd/system/multi-user.target.wants/
    systemctl start nginx
    chmod 600 /etc/hosts
    echo >> /etc/issue`);
  expect(differences(before, await host.snapshot())).toEqual([
    "+ ipvs: -A -t 192.0.2.1:80 -s wlc",
    "- ipvsSettings: /proc/sys/net/ipv4/vs/conntrack:0",
    "- ipvsSettings: Timeout (tcp tcpfin udp): 900 120 300",
    "+ ipvsSettings: /proc/sys/net/ipv4/vs/conntrack:1",
    "+ ipvsSettings: Timeout (tcp tcpfin udp): 900 120 301",
    expect.stringContaining("+ ipvsSettings: backup sync daemon (mcast=eth1"),
    expect.stringContaining("+ addresses: 1: lo inet 192.0.2.1/32"),
    "+ routes: 192.0.2.128/25 dev eth0 table 7 scope link",
    "+ routes: local 192.0.2.1 dev lo table local proto kernel scope host src 192.0.2.1",
    expect.stringContaining("+ rules: 32765: from 192.0.2.1 lookup 7"),
    "- sysctls: conf/all/arp_ignore:0",
    "+ sysctls: conf/all/arp_ignore:1",
    expect.stringMatching(/^\+ units: .*nginx.service -> /),
    "+ services: nginx.service",
    expect.stringMatching(/^- files: f 644 0:0 \/etc\/hosts$/),
    expect.stringMatching(/^- files: [0-9a-f]{64} {2}\/etc\/issue$/),
    expect.stringMatching(/^\+ files: f 600 0:0 \/etc\/hosts$/),
    expect.stringMatching(/^\+ files: l 777 0:0 .*nginx.service /),
    expect.stringMatching(/^\+ files: [0-9a-f]{64} {2}\/etc\/issue$/),
  ]);
});
