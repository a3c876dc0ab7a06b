import { fc, type Texts } from "../../../support/differential.ts";

/** Begins a text that stands for a link; the rest is where it leads to. */
export const LINK = "\u0001link to ";

/** Files in the folders of sysctl.d, that hide one another; some have our own file with lines of others around. */
export function sysctlTexts(ledger: string): fc.Arbitrary<Texts> {
  const lines = fc
    .array(line(), { maxLength: 4 })
    .chain((all) =>
      fc
        .tuple(fc.constantFrom("\n", "\n", "\n", "\r\n", "\r"), fc.boolean())
        .map(([end, isEnded]) => all.join(end) + (isEnded ? end : "")),
    );
  const content = fc.oneof(
    { weight: 12, arbitrary: lines },
    { weight: 1, arbitrary: fc.constantFrom("/dev/null", "/nowhere", "../sysctl.conf").map((to) => LINK + to) },
  );
  const file = fc.tuple(
    fc.constantFrom("etc", "etc", "run", "usr/local/lib", "usr/lib"),
    fc.constantFrom(
      ...["10-a.conf", "50-b.conf", "50-b.conf", "99-sysctl.conf", "99-zzz.conf", "Z.conf", "my own.conf", "é.conf"],
      ...[".hidden.conf", "50-c.conf.bak", "~.conf"],
    ),
    content,
  );
  const around = fc.tuple(lines, lines).map(([before, after]) => `${before}\n${ledger}\n${after}`);
  return fc.record({ files: fc.array(file, { maxLength: 4 }), main: lines, own: fc.option(around) }).map(
    ({ files, main, own }): Texts => ({
      ...Object.fromEntries(files.map(([folder, name, text]) => [`${folder}/sysctl.d/${name}`, text])),
      ...(files.some(([, , text]) => text.endsWith("sysctl.conf")) && { "etc/sysctl.conf": main }),
      ...(own !== null && { "etc/sysctl.d/99-zz-pulumi-lvs.conf": own }),
    }),
  );
}

function line(): fc.Arbitrary<string> {
  const key = fc.oneof(
    {
      weight: 2,
      arbitrary: fc.constantFrom("net.ipv4.ip_forward", "net.ipv4.conf.all.forwarding", "net/ipv4/ip_forward"),
    },
    { weight: 1, arbitrary: fc.constantFrom(...OTHER_WORDS) },
    { weight: 1, arbitrary: fc.constantFrom(...PATTERNS) },
  );
  const value = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom("0", "1", "1") },
    { weight: 2, arbitrary: fc.constantFrom(...VALUES) },
  );
  const dash = fc.constantFrom("", "", "", "", "-", "- ", "--");
  const blank = fc.constantFrom("", "", " ", "\t", "\u00a0", "\v");
  const gap = fc.constantFrom("", " ", " ", "  ", "\t");
  const set = fc
    .tuple(fc.constantFrom("", "", "", " ", "\t"), dash, key, gap, gap, value, fc.constantFrom("", "", " ", "\t"))
    .map(([indent, minus, name, before, behind, to, end]) =>
      [indent, minus, name, before, "=", behind, to, end].join(""),
    );
  const kept = fc.tuple(blank, fc.constantFrom("-", "-", "- ", "", "--"), key).map((parts) => parts.join(""));
  const comment = fc.tuple(blank, fc.constantFrom("#", ";", "# ", "-#", "//", "!"), set).map((parts) => parts.join(""));
  return fc.oneof(
    { weight: 10, arbitrary: set },
    { weight: 2, arbitrary: kept },
    { weight: 1, arbitrary: comment },
    { weight: 1, arbitrary: fc.constantFrom("", " ", "=", "= 1", "-", "\\", "[net]", "\ufeffnet.ipv4.ip_forward=1") },
  );
}

const OTHER_WORDS = [
  ...["/net/ipv4/ip_forward", "net/ipv4/conf/all/forwarding", "net//ipv4/./ip_forward", "net..ipv4.ip_forward"],
  ...[
    "net.ipv4/ip_forward",
    "net/ipv4.ip_forward",
    "net.ipv4.ip_forward.",
    ".net.ipv4.ip_forward",
    "NET.ipv4.ip_forward",
  ],
  ...["net.ipv4.conf.eth1/5.tag", "net/ipv4/conf/eth1.5/tag", "net.ipv4.conf.eth1.5.tag", "net.ipv4.conf.eth1.tag"],
  ...["net.ipv4.conf.all.tag", "net.ipv4.conf.lo.tag", "proc/sys/net/ipv4/ip_forward", "net.ipv4.ip_forward\u00a0"],
];

/** None is for a setting that a host needs. */
const PATTERNS = [
  ...["net.ipv4.conf.*.tag", "net/ipv4/conf/eth1*/tag", "net.ipv4.conf.eth?.tag", "net.ipv4.conf.[al]*.tag"],
  ...["net.ipv4.conf.[!a]*.tag", "net.ipv4.conf.*.forwarding", "net.ipv4.ip_forwar[a-d]", "net.*.ip_forward"],
  ...["net.ipv4.ip_f*d", "net.ipv4.conf.eth1[/.]5.tag", "net.ipv4.conf.[.tag", "net.ipv4.conf.**l*.ta*g"],
  ...["net.ipv4.conf.[]l]o.tag", "net.ipv4.conf.[^]l]*.tag", "net.ipv4.conf.{all,lo}.t*"],
];

const VALUES = [
  ...[
    "2",
    "01",
    "0x1",
    "010",
    "+1",
    "-1",
    "1 # on",
    "1\t0",
    "1;",
    "on",
    "",
    "\u00a01",
    "1\u00a0",
    "1\v",
    "\v1",
    "08",
    "0x",
  ],
  ...[
    "2147483647",
    "2147483648",
    "-2147483648",
    '"1"',
    "1 = 0",
    "1\\",
    "00000000000000000000001",
    "00000000000000000001",
  ],
];
