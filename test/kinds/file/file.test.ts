import fc from "fast-check";
import { bytesOf, contentOf, digestOf } from "../../../provider/kinds/file/content";
import { fileLook, parseFileLook } from "../../../provider/kinds/file/facts";
import { keptPath } from "../../../provider/kinds/file/kept";
import { fileKind as kind, plan } from "../../../provider/kinds/file/kind";
import type { HostFile, WantedFile } from "../../../provider/kinds/file/schema";
import { decode, encode } from "../../../provider/model/bytes";
import { FakeFileHost } from "../../fakes/fake-file-host";
import { refusals } from "../../fakes/fake-host";

const PATH = "/etc/nginx/nginx.conf";
const KEPT = "/var/lib/pulumi-lvs/files/%2Fetc%2Fnginx%2Fnginx.conf";
const want = (input: object = {}): WantedFile => kind.schema.parse({ path: PATH, content: "good\n", ...input });
const have = (input: object = {}): HostFile => {
  const { path, sha256, mode, owner, group } = want();
  return { path, sha256, mode, owner, group, loaded: true, before: "missing", ...input };
};
const TESTED = { validate: ["nginx", "-t"] };

let host: FakeFileHost;

beforeEach(() => {
  host = new FakeFileHost();
  host.directories.add("/etc/nginx");
  host.put(PATH, "caf\udce9\n", { mode: "0640", owner: "www-data", group: "adm" });
  host.start("nginx.service", PATH);
});

test.each([
  ["nothing is left to do", {}, {}, []],
  ["no file", {}, undefined, ["record", "write", "endBegun"]],
  ["no file, and a unit that is told", { reload: "nginx" }, undefined, ["record", "write", "tell", "end"]],
  ["one that is not on record", {}, { before: undefined }, ["record"]],
  ["another content", {}, { sha256: "other" }, ["write"]],
  ["another mode", {}, { mode: "0600" }, ["write"]],
  ["another owner", {}, { owner: "www-data" }, ["write"]],
  ["another group", {}, { group: "adm" }, ["write"]],
  [
    "a unit is told of a change, and what was begun has ended",
    { reload: "nginx" },
    { mode: "0600" },
    ["write", "tell", "end"],
  ],
  ["a unit that was not told of the last change is told now", { reload: "nginx" }, { loaded: false }, ["tell", "end"]],
  ["no unit has to be told any more", {}, { loaded: false }, ["end"]],
  ["what was not tested in its place is tested now", TESTED, { loaded: false }, ["write", "end"]],
  ["what is tested before its place was tested", { validate: ["nginx", "-t", "-c", "{}"] }, { loaded: false }, ["end"]],
])("%s", (_why, input, seen, ops) => {
  const present = seen === undefined ? undefined : have(seen);
  expect(plan(want(input), present).map(({ op }) => op)).toEqual(ops);
});

test.each([
  [
    "what is on record goes back",
    have({ reload: "nginx.service" }),
    [{ op: "restore", path: PATH, reload: "nginx.service" }],
  ],
  ["what is not on record is not ours", have({ before: undefined }), []],
  ["nothing is there", undefined, []],
])("a delete: %s", (_why, present, changes) => {
  expect(plan(undefined, present)).toEqual(changes);
});

test("a file of an operator's is copied and recorded, then replaced and loaded; the second time nothing is done; a delete puts it back", () => {
  const wanted = want({ ...TESTED, reload: "nginx" });
  expect(host.pass(kind, wanted)).toEqual([
    `copy ${PATH} to ${KEPT}`,
    'edit /var/lib/pulumi-lvs/before: record how /etc/nginx/nginx.conf was: {"was":"file"}',
    `write ${PATH}`,
    "systemctl reload nginx.service",
    `${PATH} is loaded`,
  ]);
  expect(host.pass(kind, wanted)).toEqual([]);
  expect(host.units.get("nginx.service")).toBe("good\n");
  expect(host.observe(kind, wanted)).toMatchObject({ before: KEPT, loaded: true });
  expect(host.pass(kind, undefined, wanted)).toEqual([
    `put ${KEPT} back to ${PATH}`,
    "systemctl reload nginx.service",
    "edit /var/lib/pulumi-lvs/before: drop how /etc/nginx/nginx.conf was",
    `remove ${KEPT}`,
  ]);
  expect([...host.files]).toEqual([[PATH, "caf\udce9\n"]]);
  expect(host.stats.get(PATH)).toEqual({ mode: "0640", owner: "www-data", group: "adm" });
  expect(host.units.get("nginx.service")).toBe("caf\udce9\n");
});

test("the folders of a file that was not there are made, and go with it", () => {
  const wanted = want({ path: "/srv/a/b/c.conf" });
  expect(host.pass(kind, wanted)).toEqual([
    'edit /var/lib/pulumi-lvs/before: record how /srv/a/b/c.conf was: {"was":"missing"}',
    'edit /var/lib/pulumi-lvs/before: record how /srv/a/b was: {"made":"/srv/a"}',
    "mkdir -p -- /srv/a/b",
    "write /srv/a/b/c.conf",
  ]);
  expect(host.pass(kind, wanted)).toEqual([]);
  host.pass(kind, undefined, wanted);
  expect(host.directories).not.toContain("/srv/a");
  expect([...host.files.keys()]).toEqual([PATH]);
});

test("what an operator has made of it is told by its text, or in base64 where it is none", () => {
  host.pass(kind, want());
  host.put(PATH, "mine\n");
  expect(host.observe(kind, want())).toMatchObject({ content: "mine\n", sha256: digestOf(Buffer.from("mine\n")) });
  host.put(PATH, "\udcff\0");
  expect(host.observe(kind, want())).toMatchObject({ content: undefined, contentBase64: "/wA=" });
  host.files.delete(PATH);
  expect(host.observe(kind, want())).toBeUndefined();
});

test("a change that was begun of a file that is gone ends with the one that makes it for nobody", () => {
  host.pass(kind, want({ reload: "nginx" }));
  host.files.delete(PATH);
  host.files.set(`${KEPT}+begun`, "");
  host.pass(kind, want());
  expect(host.files.has(`${KEPT}+begun`)).toBe(false);
  expect(host.pass(kind, want())).toEqual([]);
});

test("systemd is told of a unit that has changed, and of one that goes", () => {
  const unit = want({ path: "/etc/systemd/system/web.service.d/limits.conf", reload: "web" });
  host.reads.set("web.service", PATH);
  expect(kind.commands(unit)).toEqual([
    "write /etc/systemd/system/web.service.d/limits.conf: 0644 root:root",
    "systemctl daemon-reload",
    "systemctl reload web.service",
  ]);
  host.pass(kind, want({ ...unit, reload: undefined, sha256: undefined }));
  expect(host.daemonReloads).toBe(1);
  expect(host.pass(kind, want({ ...unit, reload: undefined, sha256: undefined }))).toEqual([]);
  host.pass(kind, undefined, unit);
  expect(host.daemonReloads).toBe(2);
});

test("owners by number are seen by number", () => {
  host.put(PATH, "good\n", { mode: "0644", owner: "www-data", group: "adm" });
  expect(host.observe(kind, want({ owner: 33, group: "4" }))).toMatchObject({ owner: "33", group: "4" });
  expect(host.observe(kind, want())).toMatchObject({ owner: "www-data", group: "adm" });
});

describe("refused on the host", () => {
  const look = (text: string) => () => kind.render({ op: "write", want: want() }, seen(text));
  const seen = (text: string) => ({ ...host.readFacts(kind.facts(want())), look: parseFileLook(text) });
  const large = `\nfile\n${17 << 20} 644 0 0 1\nroot\nroot\nlarge\n`;

  test.each([
    ["a link", "\nlink\n/srv/real\n", `${PATH} is a symbolic link to /srv/real: declare that file, or remove the link`],
    ["a folder", "\nother\ndirectory\n", `${PATH} is no file but a directory`],
    [
      "a file with two names",
      `\nfile\n1 644 0 0 2\nroot\nroot\n${"0".repeat(64)}\n`,
      `${PATH} has 2 names (hard links)`,
    ],
    ["a large file", large, `${PATH} has ${17 << 20} bytes, and is too large to be kept for a destroy: move it away`],
  ])("%s", (_name, text, message) => {
    expect(look(text)).toThrow(message);
  });

  test("a destroy whose copy is gone", () => {
    host.pass(kind, want());
    host.files.delete(KEPT);
    expect(() => host.pass(kind, undefined, want())).toThrow(
      `the copy of the file that was there before, ${KEPT}, is gone`,
    );
  });
});

test.each([
  [{ path: "nginx.conf" }, "path: must be an absolute path"],
  [{ path: "/" }, "path: must be the path of a file"],
  [{ path: "/etc/sysctl.d/99-zz-pulumi-lvs.conf" }, "path: has the name of a file that this package keeps by itself"],
  [{ path: "/var/lib/pulumi-lvs/owners" }, "path: has the name of a file that this package keeps by itself"],
  [{ path: "/etc/exports.d/a.exports" }, "path: is a file of exports: declare an NfsExport"],
  [{ path: "/etc/fstab" }, "path: has the file systems of the whole host: declare an NfsMount"],
  [{ path: "/etc/ipvsadm.rules" }, "path: has the rules of the whole host: declare a VirtualService"],
  [{ path: "/etc/shadow" }, "path: is kept line by line, by useradd and others"],
  [{ path: "/proc/sys/net/ipv4/ip_forward" }, "path: is no file on a disk"],
  [{ path: "/run/nginx.conf" }, "path: would be gone after a boot"],
  [
    { path: "/etc/sudoers.d/web" },
    'validate: is required for this file, as a mistake in it ends sudo: ["visudo", "-cf", "{}"]',
  ],
  [{ content: "a\0b" }, "content: must be a text, without NUL characters"],
  [{ content: "\ud800" }, "content: must be a text, without NUL characters"],
  [{ content: "ä".repeat(1 << 19) + "a" }, "content: must not have more than 1024 KiB"],
  [{ content: undefined }, "content: is missing: give one of content, contentBase64 and source"],
  [{ contentBase64: "AP8=" }, "contentBase64: is beside another content"],
  [{ content: undefined, contentBase64: "AP8" }, "contentBase64: must be bytes in base64, without line ends"],
  [{ mode: 420 }, 'mode: must be octal digits in quotes, such as "0644"'],
  [{ mode: "4755" }, "mode: must be octal digits in quotes"],
  [{ owner: "a:b" }, 'owner: must be a name, such as "www-data", or a number'],
  [{ validate: "nginx -t" }, "validate: must be a list of words, which no shell reads"],
  [{ validate: ["{}"] }, "validate: must be a list of words"],
  [{ reload: "network.target" }, "reload: must be a service, socket, timer or path"],
])("refuses %j", (input, message) => {
  expect(refusals(kind, { path: PATH, content: "x", ...input })).toEqual([expect.stringContaining(message)]);
});

test.each(["/etc/ssh/sshd_config", "/root/.ssh/authorized_keys", "/etc/pam.d/sshd", "/etc/network/interfaces.d/eth1"])(
  "%s may cut us off",
  (path) => {
    const at = { address: "192.0.2.1", port: 22 };
    expect(kind.lockoutProblem?.(want({ path }), at)).toMatchObject({ property: "path" });
    expect(kind.lockoutProblem?.(want({ path, allowCuttingOff: true }), at)).toBeUndefined();
  },
);

test("the same words in another spelling are the same file", () => {
  expect(want({ path: "/etc//nginx/nginx.conf", mode: "644", owner: 0, reload: "nginx" })).toEqual(
    want({ mode: "0644", owner: "0", reload: "nginx.service" }),
  );
});

test("any bytes survive the way to a host and back", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), fc.boolean(), (bytes, isKnown) => {
      const text = decode(Buffer.from(bytes));
      const digest = digestOf(Buffer.from(bytes));
      host.put(PATH, text);
      const look = parseFileLook(host.read(fileLook(PATH, isKnown ? digest : "", keptPath(PATH)).command));
      expect(look.place).toMatchObject({ sha256: digest, size: bytes.length, ...(isKnown ? {} : { text }) });
      expect(bytesOf(contentOf(text, {}))).toEqual(Buffer.from(bytes));
      expect(encode(text)).toEqual(Buffer.from(bytes));
    }),
  );
});

test("what is written is what is read, and a second time nothing is done", () => {
  const content = fc.oneof(
    fc.string({ unit: "binary" }).map((text) => ({ content: text.replaceAll("\0", "") })),
    fc
      .uint8Array({ maxLength: 40 })
      .map((bytes) => ({ contentBase64: Buffer.from(bytes).toString("base64"), content: undefined })),
  );
  fc.assert(
    fc.property(content, fc.constantFrom("0644", "0600", "755"), (given, mode) => {
      const wanted = want({ ...given, mode });
      host.pass(kind, wanted);
      expect(encode(host.files.get(PATH) ?? "")).toEqual(bytesOf(wanted));
      expect(host.pass(kind, wanted)).toEqual([]);
    }),
  );
});

test("each path has a copy of its own, with a name that a file system takes", () => {
  const path = fc.array(fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(path, path, (one, other) => {
      const [first, second] = [one, other].map((parts) => keptPath(`/${parts.join("/")}`)) as [string, string];
      expect(first === second).toBe(one.join("/") === other.join("/"));
      expect(first.slice("/var/lib/pulumi-lvs/files/".length)).toMatch(/^[^/+]{1,200}$/);
    }),
  );
});
