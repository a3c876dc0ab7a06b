import { formatRulesOutput, type Names, splitNames } from "../../../provider/facts/ipvs/names";
import { readRestoreLine } from "../../../provider/facts/ipvs/restore-line";

/** What a lab host says of thousands of texts is in test/lab/files; here is what each rule is for. */

const NAMES: Names = {
  hosts: new Map([
    ["vip.example", ["192.0.2.10"]],
    ["web1", ["10.0.0.11"]],
    ["two", ["10.0.0.11", "10.0.0.12"]],
  ]),
  ports: new Map([["http/tcp", 80]]),
};
const web = "tcp 192.0.2.10:80";

test.each([
  ["-A -t 192.0.2.10:80 -s wlc", "add", web],
  ["-A -t vip.example:http -s wlc", "add", web],
  ["--add-service --tcp-service=192.0.2.10:http --scheduler=wlc", "add", web],
  ["  ipvsadm\t-A -t192.0.2.10:80", "add", web],
  ["-At=0300.0.2.10:080 -s rr\r", "add", web],
  ["-E -s rr -t 192.0.522:80", "edit", web],
  ["-D -t 192.0.2.10:80", "delete", web],
  ["-a -t vip.example:80 -r web1:http", "add", `${web} -> 10.0.0.11:80`],
  ["-a -t 192.0.2.10:80 -r web1", "add", `${web} -> 10.0.0.11:80`],
  ["-a -t 192.0.2.10:80 -r web1:8080", "add", `${web} -> 10.0.0.11:80`],
  ["-a -t 192.0.2.10:80 -r web1:8080 -m", "add", `${web} -> 10.0.0.11:8080`],
  ["-a -r web1 -m -t 192.0.2.10:80", "add", `${web} -> 10.0.0.11:0`],
  ["-d -t 192.0.2.10:80 -r web1:8080", "delete", `${web} -> 10.0.0.11:8080`],
  ["-a -t [2001:DB8:0::1]:http -r [2001:db8::5]:80", "add", "tcp [2001:db8::1]:80 -> [2001:db8::5]:80"],
  ["-A -f 7 -6 -s rr", "add", "fwmark 7 ipv6"],
  ["-a -f 7 -r web1:8080 -g", "add", "fwmark 7 -> 10.0.0.11:8080"],
  ["--start-daemon master --mcast-interface eth1", "add", "daemon master"],
  ["--stop-daemon=master", "delete", "daemon master"],
  ["--set 900 120 300", "edit", "timeouts"],
])("%j: %s %s", (text, does, key) => {
  const [service = "", server] = key.split(" -> ");
  expect(readRestoreLine(text, NAMES)).toEqual({ does, target: { service, ...(server !== undefined && { server }) } });
});

test.each([
  ["", "nothing"],
  [" \t\r\n", "nothing"],
  ["-L -n", "nothing"],
  ["-C", "clear"],
  ["  # a comment that is none", "stop"],
  ["-A -t 192.0.2.10:80 -s rr # web", "stop"],
  ["/sbin/ipvsadm -A -t 192.0.2.10:80", "stop"],
  // From files of operators, as they are found in public.
  ["-A -t 192.0.2.10:80 -s wlc -p 600     # 600 s", "stop"],
  ["-A -f 1 -p #default scheduler is wlc", "stop"],
  ["-a -t 192.0.2,10:80 -r 10.0.0.11:80 -g", "stop"],
  ["-A -u :53 -s rr", "stop"],
  ["modprobe -- ip_vs", "stop"],
  ['IPVSADM_CONFIG="/etc/ipvsadm.rules"', "stop"],
  ["-A -t nobody:80", "stop"],
  ["-A -t 192.0.2.10:ldap", "stop"],
  ["-A -t 192.0.2.10", "stop"],
  ["-a -t 192.0.2.10:80 -r", "skip"],
  ["-a -t 192.0.2.10:80 -r web1 -w x", "stop"],
  ["-a -t 192.0.2.10:80", "stop"],
  ["-A -t 192.0.2.10:80 -s rr -s rr", "stop"],
  ["-A -t 192.0.2.10:80 -w 1", "stop"],
  ["-A -t 192.0.2.10:80 -s rr --new-option", "unsure"],
  ["-A -t 192.0.2.10:80 -s RR", "unsure"],
  ["-a -t 192.0.2.10:80 -r two", "unsure"],
  ["-t 192.0.2.10:80 -A", "stop"],
  ["-6 -A", "stop"],
  ["-A -t\u00a0192.0.2.10:80", "stop"],
])("%j: %s", (text, does) => {
  expect(readRestoreLine(text, NAMES)).toMatchObject({ does });
});

test("names come in front of the text, with all their addresses", () => {
  const output = formatRulesOutput("name host not one\n", NAMES);
  expect(splitNames(output)).toEqual({ names: NAMES, file: "file\nname host not one\n" });
  expect(splitNames("none\n").file).toBe("none\n");
});

test("a line is read in time in proportion to its length", () => {
  for (const part of [" ", "-", "-A ", ":", "[", "=", "0", "ipvsadm ", "-p "]) {
    const before = process.cpuUsage();
    readRestoreLine(`-A -t ${part.repeat(1_000_000 / part.length)}`, NAMES);
    expect(process.cpuUsage(before).user).toBeLessThan(2_000_000);
  }
});
