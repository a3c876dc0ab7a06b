import { declaredExports, parseExports } from "../../../provider/kinds/nfs-export/exports-facts";

const lines = (text: string) => text.split("\n").map((one, index) => ({ number: index + 1, text: one }));
const entries = (text: string) =>
  parseExports(lines(text)).map(({ path, client, options }) => `${path} ${client}(${options.join(",")})`);

test("the table of exportfs from nfs-utils 2.6.2 is parsed", () => {
  const etab =
    "/srv/www\\040data\t*(ro,sync,wdelay,hide,nocrossmnt,insecure,no_root_squash,no_all_squash,no_subtree_check,secure_locks,acl,no_pnfs,anonuid=65534,anongid=65534,sec=sys,rw,secure,no_root_squash,no_all_squash,sec=krb5:krb5i,ro,insecure,no_root_squash,no_all_squash)\n" +
    "/common\t2001:db8::/64(ro,sync,wdelay,hide,nocrossmnt,secure,root_squash,no_all_squash,no_subtree_check,secure_locks,acl,no_pnfs,anonuid=65534,anongid=65534,sec=sys,ro,secure,root_squash,no_all_squash)\n";
  expect(parseExports(lines(etab)).map(({ path, client, options }) => [path, client, options.length])).toEqual([
    ["/srv/www data", "*", 24],
    ["/common", "2001:db8::/64", 19],
  ]);
});

test("everything that exports(5) allows is parsed, with the number of its first line", () => {
  const text = [
    "# a comment",
    '"/srv/my docs"  web1(rw) \\',
    "    *.example.org(ro,sync) # and another",
    "/common -ro,no_subtree_check web1 web2(rw) @trusted",
    "/open (ro)",
    "/caf\\303\\251\t10.0.0.0/8(rw)",
    "",
  ].join("\n");
  expect(declaredExports(new Map([["/etc/exports", lines(text)]]))).toEqual([
    { path: "/srv/my docs", client: "web1", options: ["rw"], line: 2, file: "/etc/exports" },
    { path: "/srv/my docs", client: "*.example.org", options: ["ro", "sync"], line: 2, file: "/etc/exports" },
    { path: "/common", client: "web1", options: ["ro", "no_subtree_check"], line: 4, file: "/etc/exports" },
    { path: "/common", client: "web2", options: ["ro", "no_subtree_check", "rw"], line: 4, file: "/etc/exports" },
    { path: "/common", client: "@trusted", options: ["ro", "no_subtree_check"], line: 4, file: "/etc/exports" },
    { path: "/open", client: "*", options: ["ro"], line: 5, file: "/etc/exports" },
    { path: "/café", client: "10.0.0.0/8", options: ["rw"], line: 6, file: "/etc/exports" },
  ]);
});

// What exportfs of nfs-utils 2.6.2 did with each of them; test/lab/files compares many more.
test.each([
  ["a path alone is exported to everybody", "/a\n/b\n", ["/a *()", "/b *()"]],
  // From files of operators, as they are found in public.
  ["a blank in front of the options", "/mnt/nfs * (rw,sync)\n", ["/mnt/nfs *()", "/mnt/nfs *(rw,sync)"]],
  ["blanks between options end the file", "/a *(rw, sync, no_subtree_check)\n/b *(ro)\n", []],
  ["options of a server in user space end the file", "/a *(rw,link_relative)\n/b *(ro)\n", []],
  ["options of a client end the file", "/a *(rw,sync)\n/b *(rw,nocto)\n/c *(ro)\n", ["/a *(rw,sync)"]],
  ["capital letters end the file", "/a *(RW,sync)\n/b *(ro)\n", []],
  [
    "numbers that old versions took",
    "/media/b 192.168.1.1/24(fsid=0,rw,squash_uids=1000-1001,squash_gids=1001,sync)\n",
    ["/media/b 192.168.1.1/24(fsid=0,rw,squash_uids=1000-1001,squash_gids=1001,sync)"],
  ],
  [
    "options of new versions",
    "/a *(rw,fsid=0,xprtsec=none:tls:mtls)\n/b *(rw,reexport=auto-fsidnum)\n",
    ["/a *(rw,fsid=0,xprtsec=none:tls:mtls)", "/b *(rw,reexport=auto-fsidnum)"],
  ],
  [
    "blanks in front, a comma at the end, lines of DOS",
    "\t/a 10.0.0.0/8(rw,sync,) \\\n   10.1.0.0/16(ro)\r\n/b *.*.x(ro)\r\n",
    ["/a 10.0.0.0/8(rw,sync)", "/a 10.1.0.0/16(ro)", "/b *.*.x(ro)"],
  ],
  ["options in front of no client are for everybody", "/a web1 -ro\n", ["/a web1()", "/a *(ro)"]],
  ["U+00A0 is a letter", "/a\u00a0b web1(rw)\n", ["/a\u00a0b web1(rw)"]],
  ["a comment does not go on in the next line", "# old \\\n/a web1(rw)\n", ["/a web1(rw)"]],
  ["a line end that is escaped is a blank, in a word too", "/a\\\nweb1(rw)\n", ["/a web1(rw)"]],
  ["# in a word is a character of it", "/a#b web1\n", ["/a#b web1()"]],
  ["a carriage return ends the line", "/a web1(rw)\r\n/b web2\r\n", ["/a web1(rw)", "/b web2()"]],
  ["a form feed ends the line, also where a word could begin", "/a web1(rw) \f web2\n", ["/a web1(rw)", "web2 *()"]],
  ["a backslash from a code begins another one", "/a\\134040b web1\n", ["/a b web1()"]],
  ["quotes may begin anywhere", '/"a b"/c w"eb1"(rw)\n', ["/a b/c web1(rw)"]],
  ["a list may end with a comma", "/a web1(rw,)\n", ["/a web1(rw)"]],
  ["an unknown option ends the file", "/a web1(rw)\n/b web1(frobnicate)\n/c web1\n", ["/a web1(rw)"]],
  ["a text behind the options ends the file", "/a web1(rw)x web2\n/c web1\n", []],
  ["a word without an end ends the file", `/a ${"x".repeat(512)}\n/c web1\n`, []],
])("%s", (_, text, expected) => {
  expect(entries(text)).toEqual(expected);
});

test.each([
  ["blanks", " "],
  ["quotes", '"'],
  ["continuations", "\\\n"],
  ["comments", "#\n"],
  ["codes", "\\040"],
  ["backslashes", "\\"],
  ["commas", "/a w(,,,,"],
  ["entries", "/a w(rw)\n"],
])("a megabyte of %s is read in less than a second", (_, unit) => {
  const text = unit.repeat(Math.ceil(1_000_000 / unit.length));
  const started = process.cpuUsage();
  expect(parseExports([{ number: 1, text }]).length).toBeGreaterThanOrEqual(0);
  expect(process.cpuUsage(started).user).toBeLessThan(1_000_000);
});
