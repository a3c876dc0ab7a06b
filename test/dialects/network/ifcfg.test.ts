import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { ifcfg } from "../../../provider/dialects/network/ifcfg/ifcfg";
import type { VipInput } from "../../../provider/kinds/vip-alias/schema";
import { director, networkSeen, realServer, vip } from "./network-seen";

const SCRIPTS = "/etc/sysconfig/network-scripts";
const parent = { [`${SCRIPTS}/ifcfg-eth0`]: "DEVICE=eth0\nPREFIX=24\nGATEWAY=192.168.4.1\nARPUPDATE=no\n" };

/** The variables that a shell has after it has read the parent's file and then ours, as ifup-aliases does. */
function sourced(shell: string, text: string): Record<string, string> {
  const folder = mkdtempSync(join(tmpdir(), "ifcfg-"));
  try {
    const paths = ["parent", "alias"].map((name) => join(folder, name));
    writeFileSync(
      paths[0] ?? "",
      "PREFIX=24\nNETMASK=255.255.255.0\nARPCHECK=yes\nARPUPDATE=no\nNO_ALIASROUTING=no\nONPARENT=no\n",
    );
    writeFileSync(paths[1] ?? "", text);
    const script = '. "$1"; . "$2" || exit 1; set';
    const said = execFileSync(shell, ["-u", "-c", script, "sh", ...paths], {
      env: { LC_ALL: "C" },
      encoding: "utf8",
      // Where it is a socket, bash takes us for a remote shell and reads its own configuration.
      stdio: ["ignore", "pipe", "pipe"],
    });
    return Object.fromEntries(
      said.split("\n").flatMap((line) => {
        const [, name, value] = /^([A-Z][A-Z_]*)='?(.*?)'?$/.exec(line) ?? [];
        return name === undefined || value === undefined ? [] : [[name, value]];
      }),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const written = (input: VipInput) => ifcfg.files(vip(input), networkSeen(["ifcfg"], {}));

test("the file of a director, byte for byte", () => {
  expect(written(director)).toMatchObject([
    {
      path: `${SCRIPTS}/ifcfg-eth0:0`,
      text: [
        "# director VIP 192.168.4.5, by pulumi-lvs",
        "DEVICE=eth0:0",
        "BOOTPROTO=none",
        "ONPARENT=yes",
        "IPADDR=192.168.4.5",
        "PREFIX=32",
        "NETMASK=255.255.255.255",
        "ARPCHECK=no",
        "ARPUPDATE=yes",
        "NO_ALIASROUTING=yes",
        "NM_CONTROLLED=no",
        "",
      ].join("\n"),
    },
  ]);
});

test("a real server's is on lo, and keeps quiet", () => {
  const [file] = written(realServer);
  expect(file?.path).toBe(`${SCRIPTS}/ifcfg-lo:0`);
  expect(file?.text).toContain("\nDEVICE=lo:0\n");
  expect(file?.text).toContain("\nARPUPDATE=no\n");
});

test("both masks say the same, for one of the scripts' two ways knows only one of them", () => {
  const [file] = written({ ...director, address: "192.168.4.5/22" });
  expect(file?.text).toContain("\nPREFIX=22\nNETMASK=255.255.252.0\n");
});

describe.each(["sh", "bash"])("read by %s", (shell) => {
  test("nothing is inherited from the parent that would matter", () => {
    const [file] = written(director);
    expect(sourced(shell, file?.text ?? "")).toMatchObject({
      DEVICE: "eth0:0",
      BOOTPROTO: "none",
      ONPARENT: "yes",
      IPADDR: "192.168.4.5",
      PREFIX: "32",
      NETMASK: "255.255.255.255",
      ARPCHECK: "no",
      ARPUPDATE: "yes",
      NO_ALIASROUTING: "yes",
      NM_CONTROLLED: "no",
    });
  });

  test("whatever passes the schema says what it says, and runs nothing", () => {
    const inputs = fc.record({
      role: fc.constantFrom("director" as const, "realServer" as const),
      last: fc.integer({ min: 1, max: 254 }),
      alias: fc.stringMatching(/^\w{1,9}$/),
      device: fc.constantFrom("eth0", "e-1.5"),
    });
    fc.assert(
      fc.property(inputs, ({ role, last, alias, device }) => {
        const at = role === "director" ? device : "lo";
        const [file] = written({ role, address: `192.168.4.${last}`, device: at, label: `${at}:${alias}` });
        const read = sourced(shell, file?.text ?? "");
        expect(read["IPADDR"]).toBe(`192.168.4.${last}`);
        expect(read["DEVICE"]).toBe(`${at}:${alias}`);
      }),
      { numRuns: 15 },
    );
  });
});

test.each(["192.168.4.5; id", "$(id)", "192.168.4.5 extra", "192.168.4.5\nGATEWAY=1.2.3.4"])(
  "no way in for %j",
  (address) => {
    expect(() => vip({ ...director, address })).toThrow();
    expect(() => vip({ ...director, label: `eth0:${address}` })).toThrow();
    expect(() => vip({ ...director, device: address })).toThrow();
  },
);

const same = [
  { why: "as written", change: (text: string) => text, right: true },
  { why: "another order", change: (text: string) => `${text.trim().split("\n").reverse().join("\n")}\n`, right: true },
  { why: "quoted, as a person would", change: (text: string) => text.replace(/=(.*)$/gm, '="$1"'), right: true },
  {
    why: "with a comment behind a value, and an export",
    change: (text: string) => text.replace("PREFIX=32", 'export PREFIX="32" # one address'),
    right: true,
  },
  {
    why: "PREFIX is missing: it would be inherited",
    change: (text: string) => text.replace("PREFIX=32\n", ""),
    right: false,
  },
  { why: "a gateway more", change: (text: string) => `${text}GATEWAY=192.168.4.1\n`, right: false },
  { why: "a later line has another value", change: (text: string) => `${text}PREFIX=24\n`, right: false },
  { why: "lines end as on Windows", change: (text: string) => text.replaceAll("\n", "\r\n"), right: false },
  { why: "nothing at all", change: () => "", right: false },
];

test.each(same)("an existing file is right or not: $why", ({ change, right }) => {
  const [file] = written(director);
  expect(file?.matches(change(file.text).split("\n"))).toBe(right);
});

test("a file of this address under another label is what has to go; what network-scripts pass over is not", () => {
  const config = networkSeen(["ifcfg"], {
    ...parent,
    [`${SCRIPTS}/ifcfg-eth0:7`]: "DEVICE=eth0:7\nIPADDR='192.168.4.5'\n",
    [`${SCRIPTS}/ifcfg-eth0:8`]: "DEVICE=eth0:8\nIPADDR=192.168.4.8\n",
    [`${SCRIPTS}/ifcfg-eth0:0.bak`]: "DEVICE=eth0:0\nIPADDR=192.168.4.5\n",
  });
  expect(ifcfg.filesFor(vip(director), config)).toEqual([`${SCRIPTS}/ifcfg-eth0:7`]);
});

const obstacles = [
  {
    why: "another address has the label",
    input: director,
    files: { ...parent, [`${SCRIPTS}/ifcfg-eth0:0`]: "IPADDR=192.168.4.9\n" },
    says: `${SCRIPTS}/ifcfg-eth0:0 belongs to 192.168.4.9 already. Choose another label, such as "eth0:1"`,
  },
  {
    why: "a file of another name gives the label to another address: the scripts would take one of the two",
    input: director,
    files: { ...parent, [`${SCRIPTS}/ifcfg-eth0:old`]: "DEVICE='eth0:0'; IPADDR=192.168.4.9\n" },
    says: `${SCRIPTS}/ifcfg-eth0:old belongs to 192.168.4.9 already. Choose another label, such as "eth0:1"`,
  },
  {
    why: "the file has its addresses by number, and ours is one of several",
    input: director,
    files: { ...parent, [`${SCRIPTS}/ifcfg-eth0:0`]: "IPADDR0=192.168.4.5\nIPADDR1=192.168.4.9 # web\n" },
    says: `${SCRIPTS}/ifcfg-eth0:0 belongs to 192.168.4.5, 192.168.4.9 already. Choose another label, such as "eth0:1"`,
  },
  {
    why: "an alias without a parent never comes up",
    input: director,
    files: {},
    says:
      `there is no ${SCRIPTS}/ifcfg-eth0, and network-scripts bring an alias up with its parent only. ` +
      'Write that file, or set "boot: false"',
  },
  {
    why: "IPv6 is a list in the parent's file",
    input: { ...director, address: "2001:db8::5" },
    files: parent,
    says:
      "network-scripts have no alias files for IPv6: add 2001:db8::5/128 to IPV6ADDR_SECONDARIES " +
      `in ${SCRIPTS}/ifcfg-eth0 yourself`,
  },
  {
    why: "the module brings one dummy",
    input: { ...realServer, device: "dummy1" },
    files: {},
    says: "network-scripts cannot create dummy1: they load the dummy module, which creates dummy0 only. Use dummy0 or lo",
  },
];

test.each(obstacles)("$why", ({ input, files, says }) => {
  expect(ifcfg.blockedBy(vip(input), networkSeen(["ifcfg"], files))).toBe(says);
});
