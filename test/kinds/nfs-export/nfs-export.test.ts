import fc from "fast-check";
import { exportEffect, shortOptions } from "../../../provider/kinds/nfs-export/effect";
import { parseExports } from "../../../provider/kinds/nfs-export/exports-facts";
import { exportsText } from "../../../provider/kinds/nfs-export/exports-file";
import { nfsExport, plan } from "../../../provider/kinds/nfs-export/kind";
import type { WantedExport } from "../../../provider/kinds/nfs-export/schema";
import { refusals } from "../../fakes/fake-host";
import { FakeNfsServer } from "../../fakes/fake-nfs-server";

const want = (input: object): WantedExport =>
  nfsExport.schema.parse({ path: "/common", clients: { "*": ["rw"] }, ...input });

let host: FakeNfsServer;

beforeEach(() => {
  host = new FakeNfsServer();
  host.directories.add("/common").add("/etc/exports.d");
});

const common = () => want({});
const FILE = "/etc/exports.d/common.exports";
const LINE = "/common *(rw,no_subtree_check)";

describe("one pass", () => {
  test("creates the directory and the file, then exports to each client with its options only", () => {
    host.directories.delete("/common");
    expect(
      host.pass(
        nfsExport,
        want({ clients: { "*": ["rw"], "10.0.0.1": ["ro"], "10.0.0.2": ["ro"], "2001:db8::/64": ["ro"] } }),
      ),
    ).toEqual([
      'edit /var/lib/pulumi-lvs/before: record how /common was: {"made":"/common"}',
      "mkdir -p -- /common",
      `edit ${FILE}: ${LINE} 10.0.0.1(ro,no_subtree_check) 10.0.0.2(ro,no_subtree_check) 2001:db8::/64(ro,no_subtree_check)`,
      "exportfs -i -o rw,no_subtree_check '*:/common'",
      "exportfs -i -o ro,no_subtree_check 10.0.0.1:/common 10.0.0.2:/common '[2001:db8::/64]:/common'",
    ]);
  });

  test.each([
    [
      "a live export that somebody changed is exported again, and the file stays",
      () => host.execute({ run: ["exportfs", "-i", "-o", "ro", "*:/common"] }),
      ["exportfs -i -o rw,no_subtree_check '*:/common'"],
    ],
    [
      "a live export that somebody removed is exported again",
      () => host.table.clear(),
      ["exportfs -i -o rw,no_subtree_check '*:/common'"],
    ],
    [
      "a file that somebody changed is written again, and live exports stay",
      () => host.files.set(FILE, exportsText(want({ clients: { "*": ["ro"] } }))),
      [`edit ${FILE}: ${LINE}`],
    ],
    [
      "options in another order, or written out, are equal",
      () => host.files.set(FILE, `# /common: kept by pulumi-lvs as a whole\n/common *(no_subtree_check,sync,rw)\n`),
      [],
    ],
    ["a boot changes nothing", () => host.boot(), []],
  ])("%s", (_, meanwhile, steps) => {
    host.pass(nfsExport, common());
    meanwhile();
    expect(host.pass(nfsExport, common())).toEqual(steps);
    expect(host.pass(nfsExport, common())).toEqual([]);
  });

  test("changes one client, ends another, and moves the file in one go", () => {
    const first = want({ clients: { "*": ["rw"], web1: ["ro"] } });
    host.names.set("web1", "web1.example.org");
    host.pass(nfsExport, first);
    const known = host.observe(nfsExport, first);
    expect(known).toEqual({ path: "/common", clients: first.clients, file: "common", boot: true });
    expect(host.pass(nfsExport, want({ clients: { "*": ["rw", "async"] }, file: "shared" }), undefined, known)).toEqual(
      [
        "edit /etc/exports.d/shared.exports: /common *(rw,async,no_subtree_check)",
        "exportfs -i -o rw,async,no_subtree_check '*:/common'",
        "exportfs -u web1.example.org:/common",
        "edit /etc/exports.d/common.exports: remove it",
      ],
    );
  });

  test("a delete leaves nothing, and does nothing where the export is absent", () => {
    host.directories.delete("/common");
    host.files.set("/etc/exports", "/other *(ro,no_subtree_check)\n");
    host.boot();
    host.directories.delete("/etc/exports.d");
    const before = [[...host.table], [...host.files], [...host.directories]];
    host.pass(nfsExport, common());
    expect(host.pass(nfsExport, undefined, common())).toEqual([
      "exportfs -u '*:/common'",
      `edit ${FILE}: remove it`,
      ...["/common", "/etc/exports.d"].flatMap((path) => [
        expect.stringContaining(`sh ${path} ${path}`) as string,
        `edit /var/lib/pulumi-lvs/before: drop how ${path} was`,
      ]),
    ]);
    expect([[...host.table], [...host.files], [...host.directories]]).toEqual(before);
    expect(host.pass(nfsExport, undefined, common())).toEqual([]);
  });

  test.each([
    ["line ends of Windows", (text: string) => text.replaceAll("\n", "\r\n")],
    ["a line above ours", (text: string) => `# mine\n\n${text}`],
  ])("our file with %s is ours, and goes with the export", (_, change) => {
    host.pass(nfsExport, common());
    host.files.set(FILE, change(host.files.get(FILE) ?? ""));
    expect(host.pass(nfsExport, common())).toEqual([]);
    host.pass(nfsExport, undefined, common());
    expect([host.table.size, host.files.has(FILE)]).toEqual([0, false]);
  });

  test("a file of somebody else's under the name of ours stays, also while our export is live", () => {
    host.pass(nfsExport, common());
    host.files.set(FILE, "/srv *(ro,no_subtree_check)\n");
    host.pass(nfsExport, undefined, common());
    expect([[...host.table.keys()], host.files.get(FILE)]).toEqual([[], "/srv *(ro,no_subtree_check)\n"]);
  });

  test("exports of the same directory by others, in a file or by hand, are left alone", () => {
    host.files.set("/etc/exports", "/common 10.0.0.9(ro)\n");
    host.boot();
    host.execute({ run: ["exportfs", "-i", "-o", "ro", "10.0.0.8:/common"] });
    host.pass(nfsExport, common());
    expect(host.observe(nfsExport, common())).toEqual({
      path: "/common",
      clients: { "*": ["rw", "no_subtree_check"] },
      file: "common",
      boot: true,
    });
    host.pass(nfsExport, undefined, common());
    expect([...host.table.keys()]).toEqual(["/common\t10.0.0.9", "/common\t10.0.0.8"]);
  });
});

test.each(["", "\n\n"])("our file that somebody has emptied is written again: %j", (text) => {
  host.pass(nfsExport, common());
  const written = host.files.get(FILE);
  host.files.set(FILE, text);
  host.pass(nfsExport, common());
  expect(host.files.get(FILE)).toBe(written);
  expect(host.pass(nfsExport, common())).toEqual([]);
});

test.each([
  [
    "another file exports to the client",
    () => host.files.set("/etc/exports", "# mine\n/common *(ro)\n"),
    "/etc/exports, line 2, already exports /common to *, and exportfs uses only one of the two: remove that line, or leave this client out",
  ],
  [
    "the file is somebody else's",
    () => host.files.set(FILE, "/srv *(ro)\n"),
    `${FILE} exists and is not ours: give "file" another name, or remove that file`,
  ],
  [
    "there is no exportfs",
    () => {
      host.hasExportfs = false;
      host.threads = 0;
    },
    'this host has no NFS server (exportfs): install it first, with new Package(..., { name: "nfs-server" }), which is nfs-kernel-server on Debian and nfs-utils on Red Hat, and let this export depend on it',
  ],
  [
    "exportfs looks for paths below another root",
    () => host.files.set("/etc/nfs.conf", "[exports]\nrootdir=/srv\n"),
    "/etc/nfs.conf, line 2, sets rootdir=/srv, below which exportfs looks for every path that is exported: remove that line, or export by hand on this host",
  ],
  [
    "the file is that of another export",
    () => host.files.set("/etc/exports.d/common.exports", exportsText(want({ path: "/com mon" }))),
    `${FILE} is the file of the NfsExport of /com mon, in this or another stack: give one of the two another "file"`,
  ],
  [
    "a file has a blank in its name",
    () => host.files.set("/etc/exports.d/my shares.exports", "/srv *(ro)\n"),
    "/etc/exports.d/my shares.exports may export /common, too, and cannot be read here, because its name has a blank: rename that file",
  ],
  [
    "the directory is missing and createPath is false",
    () => host.directories.delete("/common"),
    "/common does not exist on this host: create it, or set createPath: true",
  ],
  [
    "no server runs",
    () => {
      host.threads = 0;
    },
    'the NFS server of this host does not run, so no client could mount this: start it first, with new SystemdService(..., { name: "nfs-server" }), and let this export depend on it',
  ],
])("refuses where %s", (_, when, message) => {
  when();
  expect(() => host.pass(nfsExport, want({ createPath: false }))).toThrow(message);
});

test.each([
  ["no path", { path: "common" }, 'path: must be an absolute path, such as "/var/www/html"'],
  ["dots in it", { path: "/srv/../etc" }, 'path: must not contain "." or ".." as a part'],
  ["a line end in it", { path: "/srv\n/etc *(rw)" }, "path: must not contain line ends or other control characters"],
  ["no clients", { clients: {} }, "clients: must name at least one client"],
  [
    "a blank before the parenthesis",
    { clients: { "web1 ": ["rw"] } },
    'clients.web1 : must be a host, a network or a pattern as in exports(5), such as "192.168.2.0/24", "*.example.org" or "*", without blanks, quotes, commas or parentheses',
  ],
  [
    "brackets",
    { clients: { "[2001:db8::1]": ["rw"] } },
    "clients.[2001:db8::1]: must be an IPv6 address without brackets: exports(5) takes none",
  ],
  [
    "a typing mistake",
    { clients: { "*": ["no_root_sqash"] } },
    'clients.*: "no_root_sqash" is not an option of exports(5); did you mean "no_root_squash"?',
  ],
  ["an unknown word", { clients: { "*": ["frobnicate"] } }, 'clients.*: "frobnicate" is not an option of exports(5)'],
  [
    "two options in one",
    { clients: { "*": ["rw,sync"] } },
    'clients.*: "rw,sync" must be one option: no blanks, commas, quotes or parentheses',
  ],
  ["a value that is missing", { clients: { "*": ["anonuid"] } }, 'clients.*: "anonuid" needs a value: "anonuid=..."'],
  ["a value too many", { clients: { "*": ["rw=yes"] } }, 'clients.*: "rw" takes no value'],
  [
    "a name for a number",
    { clients: { "*": ["anonuid=nobody"] } },
    'clients.*: "anonuid" must be a number, not "nobody"',
  ],
  [
    "an unknown flavour",
    { clients: { "*": ["sec=krb6"] } },
    'clients.*: "sec" knows no flavour "krb6", only sys, unix, none, null, krb5, krb5i, krb5p',
  ],
  [
    "a path as file",
    { file: "../x" },
    'file: must be the name of a file in /etc/exports.d, such as "common": letters, digits, "_", "." and "-", no "/"',
  ],
  [
    "a string for a list",
    { clients: { "*": "rw" } },
    'clients.*: must be a list of options as in exports(5), such as ["rw"]',
  ],
])("refuses %s", (_, input, message) => {
  expect(refusals(nfsExport, { path: "/common", clients: { "*": ["rw"] }, ...input })).toEqual([message]);
});

test.each([
  ["/srv/www data/", "srv-www-data", "/srv/www\\040data *(rw,no_subtree_check)"],
  ["/", "root", "/ *(rw,no_subtree_check)"],
  ["//a//b#c", "a-b-c", "/a/b\\043c *(rw,no_subtree_check)"],
])("%s is exported by %s.exports", (path, file, rule) => {
  const record = want({ path });
  expect(record.file).toBe(file);
  expect(nfsExport.commands(record)).toEqual([rule]);
});

test("a plan from the state alone ignores spelling", () => {
  const have = { path: "/common", clients: { "*": ["no_subtree_check", "rw", "sync"] }, file: "common", boot: true };
  expect(plan(common(), have)).toEqual([]);
});

const flags = fc.constantFrom(
  "ro",
  "rw",
  "sync",
  "async",
  "wdelay",
  "no_wdelay",
  "hide",
  "nohide",
  "crossmnt",
  "secure",
  "insecure",
  "root_squash",
  "no_root_squash",
  "all_squash",
  "no_all_squash",
  "subtree_check",
  "insecure_locks",
  "auth_nlm",
  "no_acl",
  "pnfs",
  "nordirplus",
  "security_label",
);
const values = fc.constantFrom("anonuid=99", "anongid=100", "fsid=7", "fsid=0");
const flavours = fc.array(
  fc.tuple(
    fc.constantFrom("sys", "krb5", "krb5i:krb5p"),
    fc.array(fc.constantFrom("ro", "rw", "no_root_squash", "all_squash")),
  ),
  { maxLength: 2 },
);
const optionLists = fc
  .tuple(fc.array(fc.oneof(flags, values)), flavours)
  .map(([all, some]) => [...all, ...some.flatMap(([flavour, own]) => [`sec=${flavour}`, ...own])]);
const paths = fc
  .array(
    fc
      .string({
        unit: fc.oneof(
          fc.constantFrom(...Array.from("\u00a0\u0085\u2028 \"#\\'():,=*é07")),
          fc.string({ unit: "grapheme", minLength: 1, maxLength: 1 }),
        ),
        minLength: 1,
        maxLength: 8,
      })
      .filter((part) => !/^\.{1,2}$|[/\u0000-\u001f\u007f]/.test(part)),
    { minLength: 1, maxLength: 3 },
  )
  .map((parts) => `/${parts.join("/")}`)
  // exportfs takes them for a code.
  .filter((path) => !/\\[0-3][0-7]{2}/.test(path));
const clients = fc.constantFrom(
  "*",
  "192.168.2.0/24",
  "192.168.2.7",
  "*.example.org",
  "@trusted",
  "2001:db8::/64",
  "gss/krb5",
);

test("what is written is read back, and a second pass after exportfs or a boot does nothing", () => {
  fc.assert(
    fc.property(paths, fc.dictionary(clients, optionLists, { minKeys: 1 }), (path, map) => {
      const record: WantedExport = nfsExport.schema.parse({ path, clients: map });
      const lines = exportsText(record)
        .split("\n")
        .map((text, index) => ({ number: index + 1, text }));
      const read = parseExports(lines);
      expect(Object.fromEntries(read.map(({ client, options }) => [client, options]))).toEqual(record.clients);
      expect(new Set(read.map((entry) => entry.path))).toEqual(new Set([record.path]));
      const server = new FakeNfsServer();
      server.pass(nfsExport, record);
      expect(server.pass(nfsExport, record)).toEqual([]);
      server.boot();
      expect(server.pass(nfsExport, record)).toEqual([]);
    }),
  );
});

test("the short form of a list has the same effect", () => {
  fc.assert(
    fc.property(optionLists, (list) => {
      expect(exportEffect(shortOptions(list))).toEqual(exportEffect(list));
    }),
  );
});

test.each([
  ["/bin/sh: 3: exportfs: not found", "has no NFS server"],
  ["exportfs: /dev/shm does not support NFS export", "fsid=1"],
  ["exportfs: Failed to resolve nohost.invalid", "cannot resolve the name of that client"],
  ["exportfs: Failed to stat /nowhere: No such file or directory", "The directory is missing"],
])("advises on %j", (said, advice) => {
  const found = (nfsExport.advice ?? []).filter(({ when }) => when.test(said));
  expect(found.map(({ say }) => say).join("\n")).toContain(advice);
  expect(found).toHaveLength(1);
});
