import { findBlock } from "../../provider/dialects/files/block";
import { declaredByIfcfg } from "../../provider/dialects/network/ifcfg/declared";
import { declaredByStanzas } from "../../provider/dialects/network/ifupdown/declared";
import { OTHER_PROGRAMS } from "../../provider/dialects/network/ifupdown/ifupdown-files";
import { readInterfaces } from "../../provider/dialects/network/ifupdown/read-interfaces";
import { declaredByNetplan } from "../../provider/dialects/network/netplan/netplan";
import { contentOf, readNetplan } from "../../provider/dialects/network/netplan/netplan-yaml";
import { declaredByNetworkd } from "../../provider/dialects/network/networkd/declared";
import { readNetworkFile } from "../../provider/dialects/network/networkd/network-files";
import { readAddressValue } from "../../provider/dialects/network/networkd/value";
import { parseEntries } from "../../provider/dialects/sysctl/ledger";
import { parseNote } from "../../provider/dialects/sysctl/ledger-note";
import { parseLedger } from "../../provider/dialects/sysctl/ledger-parser";
import { overruledBy } from "../../provider/dialects/sysctl/precedence";
import { parseBootCommands } from "../../provider/facts/boot/boot-commands";
import { readAssignments } from "../../provider/facts/files/assignments";
import type { Line } from "../../provider/facts/files/lines";
import { parseLines } from "../../provider/facts/files/lines";
import { earlyLoadProblem, laterOption } from "../../provider/facts/files/module-loading";
import { unescapeOctal } from "../../provider/facts/files/octal";
import { parseOriginalState } from "../../provider/facts/files/original-state";
import { parseOwners } from "../../provider/facts/files/owners";
import { parsePathState } from "../../provider/facts/files/path-state";
import { readCommands } from "../../provider/facts/files/shell-words";
import { readUnitFiles } from "../../provider/facts/files/unit-file";
import { parseKeepalivedAddresses } from "../../provider/facts/keepalived/addresses";
import { parseKeepalivedConfig } from "../../provider/facts/keepalived/config";
import { parseKeepalivedDaemon } from "../../provider/facts/keepalived/daemon";
import { parseAddresses } from "../../provider/facts/network/addresses";
import { parseLocalAddress } from "../../provider/facts/network/local-address";
import { type NetworkConfig, parseNetworkConfig } from "../../provider/facts/network/managers";
import { parseRoutes } from "../../provider/facts/network/routes";
import { parseSshPath } from "../../provider/facts/network/ssh-path";
import { parseStartOrder } from "../../provider/facts/network/start-order";
import { parseBootLines } from "../../provider/facts/sysctl/boot-line";
import { parseBootSettings } from "../../provider/facts/sysctl/boot-settings";
import { isKernelValue } from "../../provider/facts/sysctl/kernel-value";
import { matchesSetting } from "../../provider/facts/sysctl/pattern";
import { parseSysctlValues } from "../../provider/facts/sysctl/values";
import { parseFile } from "../../provider/file-step";
import { parseOutcome } from "../../provider/host/rollback/rollback-script";
import { parseDirectives } from "../../provider/host/ssh/config/directives";
import { parseJumps } from "../../provider/host/ssh/config/jumps";
import { findKnownHosts, parseHostKeys } from "../../provider/host/ssh/host-keys/known-hosts";
import { parseFileLook } from "../../provider/kinds/file/facts";
import { parseAdvertised } from "../../provider/kinds/kernel-tuning/nat-facts";
import { declaredExports, parseExports } from "../../provider/kinds/nfs-export/exports-facts";
import { splitOption } from "../../provider/kinds/nfs-export/options";
import { serverConfigProblem } from "../../provider/kinds/nfs-export/server-config-facts";
import { clientConfigProblem } from "../../provider/kinds/nfs-mount/client-config";
import { parseMountPoint } from "../../provider/kinds/nfs-mount/facts";
import { dropEntry, findEntry, putEntry } from "../../provider/kinds/nfs-mount/fstab";
import { readByMount, readBySystemd } from "../../provider/kinds/nfs-mount/fstab-line";
import { mountUnitProblem } from "../../provider/kinds/nfs-mount/mount-unit";
import { readSource } from "../../provider/kinds/nfs-mount/source";
import { parsePackageState } from "../../provider/kinds/package/facts";
import { parseRouting } from "../../provider/kinds/return-route/facts";
import { parseStrays } from "../../provider/kinds/strays";
import { parseUnit } from "../../provider/kinds/systemd-service/facts";
import { parseTunnels } from "../../provider/kinds/tun-kernel-tuning/facts";
import { readBlocks } from "../../provider/kinds/virtual-service/checks/blocks";
import { readCheck } from "../../provider/kinds/virtual-service/checks/parse-check";
import { parseFragment } from "../../provider/kinds/virtual-service/checks/parse-fragment";
import { readFragment } from "../../provider/kinds/vrrp-instance/read-fragment";
import { parseAddressAndPort } from "../../provider/model/network/address";
import { splitPrefix } from "../../provider/model/network/interface-address";
import { IPVS_PARSERS } from "./ipvs-parsers";

export interface Parser {
  readonly read: (text: string) => unknown;
  /** Texts in which `…` stands for what is long: they lead the parser to its parts. */
  readonly around: readonly string[];
  /** Characters. A longer text is refused at once, and this much may take 4 s: the library that reads YAML is slow. */
  readonly longest?: number;
}

const lines = (text: string): Line[] => text.split("\n").map((line, index) => ({ number: index + 1, text: line }));
const files = (path: string, text: string) => new Map([[path, lines(text)]]);
const config = (path: string, text: string): NetworkConfig => ({
  presentPaths: new Set<string>(),
  files: files(path, text),
  activeConfigs: new Map(),
});
const ofIfupdown2 = (text: string): NetworkConfig => ({
  ...config("/etc/network/interfaces", text),
  presentPaths: new Set([OTHER_PROGRAMS[0]]),
});
const bare = ["…"];
const entry = { source: "nfs:/x", path: "/mnt/x", type: "nfs", options: ["ro"] };

/** Every function that reads a text of a host, or of a user. The first word of a name is the function. */
export const PARSERS: Readonly<Record<string, Parser>> = {
  ...IPVS_PARSERS,
  parseFile: { read: parseFile, around: ["…", "file\n…"] },
  parseLines: { read: parseLines, around: ["…", "1\t/etc/fstab\t…", "1\t…"] },
  unescapeOctal: { read: unescapeOctal, around: bare },
  parseStrays: { read: parseStrays, around: ["…"] },
  parseOwners: { read: parseOwners, around: ["…", '["a","b",["…"]]'] },
  parseOriginalState: { read: parseOriginalState, around: ["…", '["a","b",…]'] },
  parsePathState: { read: parsePathState, around: ["…", "full\n…"] },
  findBlock: {
    read: (text) => findBlock(text, { begin: "# begin", end: "# end" }),
    around: ["…", "# begin\n…", "…\n# begin\n…\n# end\n…"],
  },
  parseLedger: {
    read: parseLedger,
    around: ["…", "# a\n# owner: x\n# was: …\n# set to: a = b\na = …", "# a\n# owner: x\n…\na = b"],
  },
  parseEntries: { read: parseEntries, around: bare },
  parseNote: { read: (text) => parseNote(text, 1), around: ["…", "# owner: …", "# along with it: a…= b"] },
  "overruledBy of sysctl.d": {
    read: (text) => overruledBy(files("/etc/sysctl.d/99-zzz.conf", text), "net.ipv4.ip_forward", "1"),
    around: ["…", "net.ipv4.…ip_forward = 0"],
  },
  parseBootLines: { read: parseBootLines, around: ["…", "…=…", "-…a…", "a.…/b = 1"] },
  isKernelValue: { read: (text) => isKernelValue(text, "3\t50"), around: ["…", "3…50", "0…"] },
  matchesSetting: {
    read: (text) => matchesSetting(text, "net/ipv4/conf/eth0/arp_ignore"),
    around: ["…", "net/ipv4/conf/…/arp_ignore", "net/ipv4/conf/[…]/arp*"],
  },
  parseBootCommands: {
    read: (text) => parseBootCommands(text.split("\n"), "runs"),
    around: ["…", "runs /x 3 …", "runs /x …"],
  },
  parseBootSettings: {
    read: parseBootSettings,
    around: [
      "…",
      "runs /x 3 …",
      "sets /x 3 …",
      "runs /x 3 sysctl …",
      "runs /x 3 sysctl net.ipv4.…=1",
      "runs /x 3 for i in …; do echo 1 > /proc/sys/net/ipv4/conf/$i/rp_filter; done",
      "runs /x 3 echo 1 > /proc/sys/net/…",
    ],
  },
  parseStartOrder: {
    read: parseStartOrder,
    around: ["…", "/x\tBefore=…", "/etc/network/x\tiface …", "/etc/network/x\tiface…eth0"],
  },
  parseSysctlValues: { read: parseSysctlValues, around: ["…", "/proc/sys/a:…", "/proc/sys/…:1"] },
  parseAddresses: { read: parseAddresses, around: ["…", "1: eth0    inet …"] },
  parseKeepalivedAddresses: {
    read: parseKeepalivedAddresses,
    around: ["…", "3\t/etc/keepalived/a.conf\t…", "3\t…\t1.2.3.4"],
  },
  parseKeepalivedConfig: {
    read: parseKeepalivedConfig,
    around: [
      "…",
      "3\t/etc/keepalived/a.conf\t…",
      "3\ta\tvrrp_instance a {\n4\ta\tinterface …",
      "3\ta\tvirtual_server …",
    ],
  },
  readFragment: {
    read: (text) => readFragment(text, { device: "eth0", virtualRouterId: 1, addresses: [] }),
    around: [
      "…",
      "vrrp_instance a {\n…",
      "vrrp_instance a {\nvirtual_ipaddress {\n…",
      "vrrp_script a {\nscript … wait)\n}\ntrack_script {\npulumi_lvs_eth0_1_…",
    ],
  },
  readBlocks: { read: readBlocks, around: ["…", "a {\n…\n}", 'a "…"'] },
  parseFragment: {
    read: (text) => parseFragment(text, "tcp 1.2.3.4:80"),
    around: [
      "…",
      "virtual_server 1.2.3.4 80 {\n…\n}",
      "virtual_server 1.2.3.4 80 {\n  real_server 1.2.3.5 80 {\n    weight …\n    lvs_method TUN …\n  }\n}",
    ],
  },
  readCheck: {
    read: (text) =>
      readCheck(
        { words: ["MISC_CHECK"], block: [{ words: ["user", "root"] }, { words: ["misc_path", text] }] },
        "1.2.3.4:80",
      ),
    around: ["…", "/a 1.2.3.4 …"],
  },
  parseKeepalivedDaemon: {
    read: parseKeepalivedDaemon,
    around: [
      "…",
      "version Keepalived v…",
      "ActiveState=active\nfile …",
      "ActiveState=active\nloaded MainPID=\nloaded …",
    ],
  },
  parseLocalAddress: { read: parseLocalAddress, around: bare },
  parseNetworkConfig: { read: parseNetworkConfig, around: ["…", "present\t…", "1\t/etc/x\t…"] },
  parseRoutes: { read: parseRoutes, around: ["…", "default via 1.2.3.4 …"] },
  parseSshPath: { read: parseSshPath, around: bare },
  readCommands: { read: (text) => readCommands(lines(text)), around: ["…", "A=…", 'A="…"'] },
  readAssignments: { read: (text) => readAssignments(lines(text)), around: ["…", "A=…", "A='…'"] },
  declaredByIfcfg: {
    read: (text) =>
      declaredByIfcfg(
        { address: "1.2.3.4/32", device: "eth0" },
        config("/etc/sysconfig/network-scripts/ifcfg-eth0:0", text),
        [],
      ),
    around: ["…", "DEVICE=eth0:0\nIPADDR=…"],
  },
  readInterfaces: {
    read: (text) => readInterfaces(config("/etc/network/interfaces", text)),
    around: ["…", "iface eth0 inet static\n  address …", "source …", "auto …", "iface eth0 …"],
  },
  declaredByStanzas: {
    read: (text) => declaredByStanzas({ address: "1.2.3.4/32" }, config("/etc/network/interfaces", text)),
    around: ["…", "auto eth0\niface eth0 inet static\n  up ip addr add …", "auto eth0\niface eth0 inet static\n  up …"],
  },
  "readInterfaces of ifupdown2": {
    read: (text) => readInterfaces(ofIfupdown2(text)),
    around: ["…", "iface …", "iface eth0\n  address …", "source …", "# 5%\n…"],
  },
  "declaredByStanzas of ifupdown2": {
    read: (text) => declaredByStanzas({ address: "1.2.3.4/32" }, ofIfupdown2(text)),
    around: ["…", "auto eth0\niface eth0\n  address 1.2.3.4…\n  netmask …", "auto eth0\niface eth0\n  up …"],
  },
  readByMount: { read: readByMount, around: ["…", "a … nfs b", "a b c d …", "a b c d 0 0…"] },
  readBySystemd: { read: readBySystemd, around: ["…", "a … nfs b"] },
  readSource: { read: readSource, around: ["…", "web1:/…", "[…]:/x"] },
  readUnitFiles: {
    read: (text) => readUnitFiles([["/x", lines(text)]]),
    around: ["…", "[Match]\nName=…", "[Network]\n…\nAddress=1.2.3.4/32"],
  },
  declaredByNetworkd: {
    read: (text) =>
      declaredByNetworkd(
        { address: "1.2.3.4/32" },
        {
          ...config("/etc/systemd/network/a.network", text),
          activeConfigs: new Map([["eth0", { networkFile: "/etc/systemd/network/a.network" }]]),
        },
      ),
    around: [
      "…",
      "[Network]\nAddress=…",
      "[Address]\nAddress=1.2.3.4/32\nLabel=…",
      "[Network]\nAddress=1.2.3.4/32\n…\nAddress=",
    ],
  },
  readNetworkFile: {
    read: (text) => readNetworkFile("/etc/systemd/network/a.network", config("/etc/systemd/network/a.network", text)),
    around: ["…", "[…]"],
  },
  readAddressValue: { read: readAddressValue, around: ["…", "1.2.3.4/…", "…/24"] },
  declaredByNetplan: {
    read: (text) => declaredByNetplan({ address: "1.2.3.4/32", device: "eth0" }, config("/etc/netplan/a.yaml", text)),
    longest: 1 << 15,
    around: ["network: {ethernets: {eth0: {addresses: […]}}}"],
  },
  readNetplan: {
    read: (text) => readNetplan(text.split("\n")),
    longest: 1 << 15,
    around: ["network:\n  version: 2 #…", "network: {…}"],
  },
  loadProblem: {
    read: (text) => [
      earlyLoadProblem(files("/etc/modprobe.d/a.conf", text), "ip_vs"),
      laterOption(files("/proc/cmdline", text), "ip_vs", "conn_tab_bits", "/x"),
    ],
    around: ["…", "install ip_vs …", "install … /bin/false", "options ip_vs …", "modprobe.blacklist=…", "ip_vs.…=1"],
  },
  mountUnitProblem: {
    read: (text) => mountUnitProblem(files("/etc/systemd/system/mnt-x.mount.d/a.conf", text), "/mnt/x"),
    around: ["…", "[Mount]\n…", "[Mount]\nWhat=…"],
  },
  parseOutcome: { read: parseOutcome, around: ["…", "undone\n…"] },
  parseHostKeys: { read: parseHostKeys, around: ["…", "ssh-ed25519 …"] },
  "parseHostKeys, known": {
    read: (text) => findKnownHosts(text, `web1.${"a".repeat(200)}`, 22),
    around: ["…", "… ssh-ed25519 AAAA", "|1|…|… ssh-ed25519 AAAA"],
  },
  parseDirectives: {
    read: (text) => parseDirectives(text, "f"),
    around: ["…", "Host …", 'User "…"', "User = …", "… x", "…=x"],
  },
  parseJumps: {
    read: (text) => parseJumps({ keyword: "proxyjump", name: "ProxyJump", words: [], where: "f" }, text),
    around: ["…", "a@…", "ssh://…", "[…]:22", "a:…"],
  },
  parseAdvertised: { read: parseAdvertised, around: ["…", "default via fe80::1 dev …"] },
  parseExports: {
    read: (text) => parseExports(lines(text)),
    around: ["…", "/srv …", '"/srv…" *(rw)', "/srv *(…)", "/srv -…"],
  },
  "parseExports, declared": { read: (text) => declaredExports(files("/etc/exports", text)), around: bare },
  "parseExports, server": {
    read: (text) => serverConfigProblem(files("/etc/nfs.conf", text)),
    around: ["…", "[…", "[exports]\nrootdir=…", "[exports]\ninclude=…\ninclude=nfs.conf"],
  },
  splitOption: { read: splitOption, around: ["…", "a=…"] },
  parseMountPoint: { read: parseMountPoint, around: ["…", "mounted\n…"] },
  "parseMountPoint, fstab": {
    read: (text) => [findEntry(text, "/mnt/x"), putEntry(text, entry), dropEntry(text, "/mnt/x", "nfs:/x")],
    around: ["…", "nfs:/x /mnt/x nfs …", "nfs:/x…/mnt/x nfs ro 0 0"],
  },
  "parseMountPoint, config": {
    read: (text) =>
      clientConfigProblem(files("/etc/nfsmount.conf", text), {
        ...entry,
        boot: true,
        allowNonEmpty: false,
        createPath: true,
      }),
    around: ["…", "[NFSMount_Global_Options]\n…", '[MountPoint "/mnt/x"]\nsoft=…'],
  },
  parsePackageState: { read: parsePackageState, around: bare },
  parseFileLook: {
    read: parseFileLook,
    around: ["\nmissing\n…", "…\nmissing", "\nlink\n…", `\nfile\n1 644 0 0 1\nroot\nroot\n${"0".repeat(64)}\ntext\n…`],
  },
  parseRouting: { read: parseRouting, around: ["…", "default via 1.2.3.4 …", "1:\ta…b"] },
  parseUnit: { read: parseUnit, around: ["…", "Id=…"] },
  parseTunnels: { read: parseTunnels, around: bare },
  parseAddressAndPort: { read: parseAddressAndPort, around: ["…", "[…]:80", "1.2.3.4:…"] },
  splitPrefix: { read: splitPrefix, around: ["…", "1.2.3.4/…"] },
  contentOf: { read: (text) => contentOf(text.split("\n")), longest: 1 << 15, around: ["network:\n  version: 2 #…"] },
};

/** They read no text: values that are parsed already, properties of Pulumi, arguments of a program. */
export const WITHOUT_TEXT: readonly string[] = [
  "readChecks",
  "parseConnection",
  "readFacts",
  "readFile",
  "parseHostsFile",
  "readHostKey",
  "readHostsFile",
  "readInputs",
  "readRules",
  "readState",
  "readVip",
  "readVsSettings",
  "readsFile",
];
