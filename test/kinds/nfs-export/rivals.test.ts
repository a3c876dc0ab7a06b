import { overlap } from "../../../provider/kinds/nfs-export/clients";
import { nfsExport } from "../../../provider/kinds/nfs-export/kind";
import { rivalsOf } from "../../../provider/kinds/nfs-export/rivals";
import type { WantedExport } from "../../../provider/kinds/nfs-export/schema";
import { refusals } from "../../fakes/fake-host";
import { FakeNfsServer } from "../../fakes/fake-nfs-server";

const HOSTS = new Map([
  ["web1", { canonical: "web1.example.org", addresses: ["192.168.2.100", "2001:db8::100"] }],
  ["web2", { canonical: "web2.example.org", addresses: ["192.168.2.200"] }],
]);

test.each([
  ["192.168.2.0/24", "192.168.2.0/255.255.255.0", true],
  ["192.168.2.0/24", "192.168.0.0/16", true],
  ["192.168.2.0/24", "192.168.3.0/24", false],
  ["192.168.2.0/24", "192.168.2.9", false],
  ["192.168.2.0/24", "192.168.2.0/33", false],
  ["192.168.2.7/24", "192.168.2.0/24", true],
  ["2001:db8::/64", "2001:DB8:0:0::/ffff:ffff:ffff:ffff::", true],
  ["2001:db8::/64", "2001:db8:0:1::/64", false],
  ["2001:db8::/64", "192.168.2.0/24", false],
  ["web1", "WEB1", true],
  ["web1", "192.168.2.100", true],
  ["web1", "2001:db8:0:0::100", true],
  ["web1", "web2", false],
  ["web1", "old.example.org", undefined],
  ["192.168.2.100", "old.example.org", undefined],
  ["192.168.2.100", "192.168.2.101", false],
  ["*", "", true],
  ["*", "192.168.2.0/24", false],
  ["*", "0.0.0.0/0", true],
  ["*", "::/0.0.0.0", false],
  ["", "::/0", true],
  ["0.0.0.0/0.0.0.0", "::/0", false],
  ["*.example.org", "web?.example.org", true],
  ["*.example.org", "*.example.net", false],
  ["web[12]", "web3*", true],
  ["a*b*c", "abcabc", false],
  ["a*b*c", "*c", true],
  ["@web", "@WEB", true],
  ["@web", "@db", undefined],
  ["gss/krb5", "gss/krb5i", false],
])("%s and %s have hosts in common: %s", (one, other, expected) => {
  expect(overlap(one, other, HOSTS)).toBe(expected);
  expect(overlap(other, one, HOSTS)).toBe(expected);
});

test("a path of which the host does not say where it leads may be ours", () => {
  const files = new Map([["/etc/exports", [{ number: 1, text: "/link *(ro)" }]]]);
  const rivals = (paths: ReadonlyMap<string, string>) =>
    rivalsOf({ files, meanings: { hosts: new Map(), paths, unread: [] } }, "/common", ["*"]).map(
      (one) => one.isSamePath,
    );
  expect(rivals(new Map())).toEqual([false]);
  expect(rivals(new Map([["/link", "/common"]]))).toEqual([true]);
  expect(rivals(new Map([["/link", "/other"]]))).toEqual([]);
});

test("patterns of 500 signs are compared at once", () => {
  const started = process.cpuUsage();
  expect(overlap(`${"*a".repeat(250)}b`, `${"a*".repeat(250)}c`, HOSTS)).toBe(false);
  expect(process.cpuUsage(started).user).toBeLessThan(1_000_000);
});

const want = (clients: Readonly<Record<string, readonly string[]>>, path = "/common"): WantedExport =>
  nfsExport.schema.parse({ path, clients });

let host: FakeNfsServer;

beforeEach(() => {
  host = new FakeNfsServer();
  host.directories.add("/common").add("/etc/exports.d");
  host.names.set("web1", "web1");
  host.addresses.set("web1", ["192.168.4.100"]).set("192.168.4.100", ["192.168.4.100"]);
});

const both = "and exportfs uses only one of the two: remove that line, or leave this client out";
const unknown = "exportfs would use only one of the two lines: remove that line, or leave this client out";

test.each([
  [
    "/common/ 192.168.2.0/255.255.255.0(rw)",
    `already exports /common/ to 192.168.2.0/255.255.255.0, which has hosts in common with 192.168.2.0/24, ${both}`,
  ],
  [
    "//common -rw 10.0.0.1 192.168.0.0/16",
    `already exports //common to 192.168.0.0/16, which has hosts in common with 192.168.2.0/24, ${both}`,
  ],
  ['"/com"mon 192.168.2.0/24', `already exports /common to 192.168.2.0/24, ${both}`],
  ["/\\143ommon 192.168.2.0/24", `already exports /common to 192.168.2.0/24, ${both}`],
  ["/srv/../common 192.168.2.0/24", `already exports /srv/../common to 192.168.2.0/24, ${both}`],
  ["/link 192.168.2.0/24", `already exports /link to 192.168.2.0/24, ${both}`],
  ["/common", `already exports /common to *, ${both}`],
  ["/common web9 -ro", `already exports /common to *, ${both}`],
  ["/common 192.168.4.100", `already exports /common to 192.168.4.100, which has hosts in common with web1, ${both}`],
  [
    "/common old.example.org",
    `exports /common to old.example.org, and this host cannot tell whether old.example.org and web1 have hosts in common; ${unknown}`,
  ],
  [
    "/common @db",
    `exports /common to @db, and this host cannot tell whether @db and @web have hosts in common; ${unknown}`,
  ],
])("a line of others is refused in other words, too: %s", (line, message) => {
  host.links.set("/link", "/common");
  host.files.set("/etc/exports", `# mine \\\n${line}\n`);
  const record = want({ "*": ["ro"], "192.168.2.0/24": ["rw"], web1: ["ro"], "@web": ["ro"] });
  expect(() => host.pass(nfsExport, record)).toThrow(`/etc/exports, line 2, ${message}`);
});

test("lines for other directories and other hosts are none of ours", () => {
  host.files.set(
    "/etc/exports",
    "/com 192.168.2.0/24\n/common/sub *\n/common 192.168.3.0/24 web2 *.example.org @db gss/krb5\n",
  );
  host.addresses.set("web2", ["192.168.4.200"]);
  host.pass(nfsExport, want({ "*": ["ro"], "192.168.2.0/24": ["rw"], web1: ["ro"] }));
  expect(host.pass(nfsExport, want({ "*": ["ro"], "192.168.2.0/24": ["rw"], web1: ["ro"] }))).toEqual([]);
});

test("a line that somebody adds later shows as drift, and boot is false: the next boot takes that line", () => {
  const record = want({ "192.168.2.0/24": ["ro"] });
  host.pass(nfsExport, record);
  host.files.set("/etc/exports", "/common/ 192.168.2.0/255.255.255.0(rw)\n");
  expect(host.observe(nfsExport, record)).toEqual({ path: "/common", clients: {}, file: "common", boot: false });
});

test("a host that exportfs keeps under another name is found", () => {
  const record = want({ web1: ["ro"] });
  host.pass(nfsExport, record);
  const entries = [...host.table].map(([key, options]) => [key.replace("web1", "192.168.4.100"), options] as const);
  host.table.clear();
  for (const [key, options] of entries) host.table.set(key, options);
  host.files.set("/etc/exports", "/other 192.168.4.100\n");
  expect(host.pass(nfsExport, record)).toEqual([]);
  expect(host.pass(nfsExport, undefined, record)[0]).toBe("exportfs -u 192.168.4.100:/common");
});

test.each([
  [
    "a path too long for exportfs",
    { path: `/${"x".repeat(1024)}` },
    "path: must not be longer than 1024 bytes, which is all that exportfs reads",
  ],
  [
    "a path that exportfs takes for another one",
    { path: "/a\\040b" },
    "path: must not have a backslash in front of three digits from 0 to 7: exportfs takes them for the code of a character",
  ],
  ["half a character", { path: "/a\ud800" }, "path: must not contain half of a UTF-16 pair"],
  [
    "a client too long for exportfs",
    { clients: { "*": [`refer=/${"x".repeat(520)}@nfs`] } },
    "clients.*: is longer, with its options, than the 511 bytes that exportfs reads",
  ],
  [
    "two clients of one host with other options",
    { clients: { "192.168.0.0/16": ["ro"], "192.168.2.0/24": ["rw"] } },
    'clients.192.168.2.0/24: has hosts in common with "192.168.0.0/16", and other options: exportfs gives a host those of the client that it was told first, which is another one after a boot. Give both the same options, or let no host be both',
  ],
])("refuses %s", (_, input, message) => {
  expect(refusals(nfsExport, { path: "/common", clients: { "*": ["rw"] }, ...input })).toEqual([message]);
});

test("two clients of one host with the same options are fine", () => {
  const clients = { "192.168.0.0/16": ["ro"], "192.168.2.0/24": ["sync", "ro"], "192.168.2.1": ["rw"], "*": ["rw"] };
  expect(refusals(nfsExport, { path: "/common", clients })).toEqual([]);
});
