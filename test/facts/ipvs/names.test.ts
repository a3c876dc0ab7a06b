import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readRules, splitNames } from "../../../provider/facts/ipvs/names";
import { parseFile } from "../../../provider/file-step";
import { shellText } from "../../../provider/host/shell/script";

let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "lvs-names-"));
  const getent = `#!/bin/sh
echo "$*" >>${dir}/asked
case $*  in
  *' web1') printf '%s\\n' '10.0.0.11 STREAM web1.example' '10.0.0.11 DGRAM' '10.0.0.12 STREAM' ;;
  *' http/tcp '*) printf '%s\\n' 'http 80/tcp www' 'http 80/udp' ;;
  *) exit 2 ;;
esac
`;
  writeFileSync(join(dir, "getent"), getent);
  chmodSync(join(dir, "getent"), 0o755);
  writeFileSync(join(dir, "asked"), "");
});

afterEach(() => rmSync(dir, { recursive: true }));

/** What a host says of its file of rules, whose `getent` knows one host and one service. */
function read(text: string, shell = "dash") {
  const path = join(dir, "rules");
  writeFileSync(path, text);
  const { stdout, stderr } = spawnSync(shell, {
    input: `PATH=${dir}:$PATH\n${shellText(readRules(path))}`,
    encoding: "utf8",
  });
  expect(stderr).toBe("");
  const { names, file } = splitNames(stdout);
  expect(parseFile(file)).toBe(text);
  const asked = spawnSync("cat", [join(dir, "asked")], { encoding: "utf8" })
    .stdout.split("\n")
    .filter((line) => line !== "");
  return { hosts: [...names.hosts], ports: [...names.ports], asked };
}

test.each(["dash", "bash"])("names of hosts and services are those that the host's getent has, through %s", (shell) => {
  expect(
    read(
      "-A -t 192.0.2.10:http -s wlc\n-a -t 192.0.2.10:http -r web1:http -m\n-a -t 192.0.2.10:http -r [x*]:ldap\n",
      shell,
    ),
  ).toEqual({
    hosts: [["web1", ["10.0.0.11", "10.0.0.12"]]],
    ports: [
      ["http/tcp", 80],
      ["http/udp", 80],
    ],
    asked: [
      "ahostsv4 -- web1",
      "ahostsv4 -- x*",
      "services -- http/tcp http/udp http/sctp",
      "services -- ldap/tcp ldap/udp ldap/sctp",
    ],
  });
});

test.each([
  "-at192.0.2.10:80 -rweb1:http\n",
  "--add-server --tcp-service=192.0.2.10:80 --real-server=web1:http\r\n",
  "-a -t\t192.0.2.10:80\t-r\tweb1:http",
])("also in %j", (text) => {
  expect(read(text)).toMatchObject({
    hosts: [["web1", ["10.0.0.11", "10.0.0.12"]]],
    ports: [
      ["http/tcp", 80],
      ["http/udp", 80],
    ],
  });
});

const NUMBERS = "# of http\n-A -t 192.0.2.10:80 -s wlc\n-a -t [2001:db8::1]:80 -r [2001:db8::5]:80 -w 1\n";

test("numbers ask nobody", () => {
  expect(read(NUMBERS).asked).toEqual([]);
});

const printed = (text: string | undefined) => readRules("/x").ofFile?.print(text);

test.each([
  NUMBERS,
  "",
  "# emtpy rules file for ipvsadm\n",
  "-A -f 7 -6 -s sh -p 300 -M 64\n-a -f 7 -6 -r [2001:db8::5]:0 -i --tun-type gue --tun-port 6080 --tun-nocsum\n--set 300 0 30\n",
  "-A --sctp-service 192.0.2.10:80 -s wrr --pe sip\n-a --sctp-service 192.0.2.10:80 -r 10.0.0.1 -g -w 1 -x 10 -y 5",
])("what was written needs no look at the host: %j", (text) => {
  expect(read(text).asked).toEqual([]);
  expect(printed(text)).toBe(`file\n${text}`);
  expect(printed(undefined)).toBe("none\n");
});

test.each([
  "-A -t 192.0.2.10:http -s wlc",
  "-a -t 192.0.2.10:80 -r web",
  "-a -t 192.0.2.10:80 -r\n# of it\nweb",
  "-a -t 192.0.2.10:80 --real-server web",
  "-a --tcp-service web -r 10.0.0.1",
  "-at192.0.2.10:80 -rweb1",
  "--real-server=web",
  " # -t web",
])("only the host knows what %j means", (text) => {
  expect(printed(text)).toBeUndefined();
});
