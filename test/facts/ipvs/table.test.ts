import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ruleTarget } from "../../../provider/facts/ipvs/rule-target";
import { type IpvsTable, ipvsAdvice, ipvsTable, parseTable } from "../../../provider/facts/ipvs/table";

const fixture = (name: string) => readFileSync(join(__dirname, "..", "fixtures", "ipvs", name), "utf8");

const plain = ({ services, servers, active, unreadable }: IpvsTable) => ({
  services: Object.fromEntries(services),
  servers: Object.fromEntries([...servers].map(([key, among]) => [key, Object.fromEntries(among)])),
  active: Object.fromEntries(active),
  unreadable: Object.fromEntries(unreadable),
});

/** debian-12 is the real 1.31. 1.26 is written after its source, because no kernel of the lab works with it. */
test.each(["debian-12", "ipvsadm-1.26"])("reads what ipvsadm prints: %s", (name) => {
  expect(plain(parseTable(fixture(`${name}.txt`)))).toEqual(JSON.parse(fixture(`${name}.json`)));
});

test("without IPVS in the kernel the table is empty, and ipvsadm is not called: it would load the module", () => {
  expect(plain(parseTable(""))).toEqual({ services: {}, servers: {}, active: {}, unreadable: {} });
  expect(ipvsTable.command).toEqual({
    sh: "if [ -e /proc/net/ip_vs ]; then ipvsadm -Sn && echo -- && ipvsadm -Ln --thresholds; fi",
    inShell: true,
    changedOnlyBy: ["rules"],
  });
});

const HEADING = `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port            Uthreshold Lthreshold ActiveConn InActConn
  -> RemoteAddress:Port
`;

describe("what cannot be read", () => {
  test.each([
    ["an unknown word", "-A -t 192.0.2.10:80 -s wlc --new-option 5", 'the word "--new-option" is unknown'],
    [
      "a mark that ipvsadm itself cannot read back",
      "-A -f -1 -s rr",
      '"-1" is not a firewall mark: write a decimal number from 1 to 2147483647',
    ],
    ["no scheduler", "-A -t 192.0.2.10:80", "it has no -s"],
    ["no weight", "-a -t 192.0.2.10:80 -r 10.0.0.11:80 -g", "it has no -w"],
    ["no method", "-a -t 192.0.2.10:80 -r 10.0.0.11:80 -w 1", "it has no -g, -i or -m"],
    ["a strange weight", "-a -t 192.0.2.10:80 -r 10.0.0.11:80 -g -w many", '"many" is not a number'],
    ["an option without value", "-A -t 192.0.2.10:80 -s wlc -p", "it has no a value"],
    [
      "a name for an address",
      "-A -t www.example:80 -s wlc",
      '"www.example" is not an IP address: names are not looked up, because the answer of DNS may change; write the address',
    ],
    [
      "a server that came between the listings",
      "-a -t 192.0.2.10:80 -r 10.0.0.11:80 -g -w 1",
      "the second listing does not have it, because the table was changed meanwhile; run again",
    ],
  ])("%s makes one rule unreadable, and the others stay", (_name, line, why) => {
    const table = parseTable(`-A -u 192.0.2.10:53 -s rr\n${line}\n--\n${HEADING}UDP  192.0.2.10:53 rr\n`);
    expect([...table.services.keys()]).toEqual(["udp 192.0.2.10:53"]);
    expect([...table.unreadable.values()]).toEqual([`cannot read "${line}", from ipvsadm --save: ${why}`]);
  });

  test.each([
    [
      "a message instead of a table",
      "Memory allocation problem\n--\n",
      'cannot read "Memory allocation problem" as a rule, from ipvsadm --save',
    ],
    ["the second listing cut off", "-A -t 192.0.2.10:80 -s wlc\n", "the second listing of the table is missing"],
    [
      "another second listing",
      `--\n${HEADING}ICMP 192.0.2.10 rr\n`,
      '"ICMP 192.0.2.10 rr" is neither a service nor a server',
    ],
    [
      "a second listing without thresholds",
      `--\n${HEADING}TCP  192.0.2.10:80 rr\n  -> 10.0.0.11:80 Route 1 0 0\n`,
      '"  -> 10.0.0.11:80 Route 1 0 0" does not have four numbers after the address',
    ],
  ])("%s is an error", (_name, output, why) => {
    expect(() => parseTable(output)).toThrow(why);
  });
});

test.each([
  ["-a -t 192.0.2.10:80 -r 10.0.0.11 -g", { service: "tcp 192.0.2.10:80", server: "10.0.0.11:80" }],
  ["ipvsadm --add-service --udp-service=192.0.2.10:53 -s rr", { service: "udp 192.0.2.10:53" }],
  ["/sbin/ipvsadm -A -f 7 -6 -s rr", { service: "fwmark 7 ipv6" }],
  [
    "  --add-server --sctp-service [2001:DB8::1]:5 -r [2001:db8:0::2]:5 ",
    { service: "sctp [2001:db8::1]:5", server: "[2001:db8::2]:5" },
  ],
  ["-A -t www.example:http -s rr", { service: "tcp www.example:http" }],
  ["# -A -t 192.0.2.10:80", undefined],
  ["-C", undefined],
  ["", undefined],
])("whose line is %j?", (line, subject) => {
  expect(ruleTarget(line)).toEqual(subject);
});

test.each([
  [
    "sh: 2: ipvsadm: not found",
    'ipvsadm is not installed on the host. Install it: "apt-get install ipvsadm", "dnf install ipvsadm" or "yum install ipvsadm".',
  ],
  [
    "bash: ipvsadm: command not found",
    'ipvsadm is not installed on the host. Install it: "apt-get install ipvsadm", "dnf install ipvsadm" or "yum install ipvsadm".',
  ],
  [
    "modprobe: FATAL: Module ip_vs not found in directory /lib/modules/6.1.0\nCan't initialize ipvs: Protocol not available\nAre you sure that IP Virtual Server is built in the kernel or as module?",
    'The kernel of the host has no IPVS. Try "modprobe ip_vs" there: minimal images keep the module in another package (linux-modules-extra, kernel-modules).',
  ],
  [
    "Can't initialize ipvs: Permission denied (you must be root)\nAre you sure that IP Virtual Server is built in the kernel or as module?",
    "Only root may use IPVS. Log in as root, or set sudo: true in the host's connection.",
  ],
  [
    "Scheduler or persistence engine not found",
    "The kernel of the host has no module for this scheduler (ip_vs_NAME) or persistence engine (ip_vs_pe_NAME).",
  ],
  [
    "Service not defined",
    'There is no such virtual service on the host. Declare it as a VirtualService and give its "key" as the real server\'s service, so that it comes first.',
  ],
  [
    "Invalid operation.  Possibly wrong module version, address not unicast, ...",
    "The kernel refuses an address that is not unicast, a tunnel that it is too old for (gue: Linux 5.2, gre: 5.3), or mixed families while a sync daemon runs.",
  ],
  [
    "--tun-type: unknown option",
    "The ipvsadm of the host is too old for an option: -b needs 1.27, --sctp-service 1.28, --tun-type 1.31.",
  ],
])("advice for %j", (stderr, advice) => {
  expect(ipvsAdvice.filter(({ when }) => when.test(stderr)).map(({ say }) => say)).toEqual([advice]);
});
