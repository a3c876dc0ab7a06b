import { posix } from "node:path";
import { nfsSettings } from "../../../../provider/facts/files/nfs-config.ts";
import { overlap, sortOf } from "../../../../provider/kinds/nfs-export/clients.ts";
import { exportEffect } from "../../../../provider/kinds/nfs-export/effect.ts";
import { declaredExports } from "../../../../provider/kinds/nfs-export/exports-facts.ts";
import type { KnownHost } from "../../../../provider/kinds/nfs-export/facts.ts";
import { fc, type Texts } from "../../../support/differential.ts";
import type { LabFormat } from "../compare.ts";
import { readEach } from "../read-each.ts";
import { exportsTexts } from "./exports-texts.ts";
import { linesOf } from "./lines-of.ts";

/** /etc/exports and /etc/exports.d as `exportfs -ra` reads them: who may mount what, and with which options. */
export const exportsFormat: LabFormat = {
  name: "exports",
  host: "nfs",
  texts: fc
    .record({
      main: exportsTexts(),
      first: fc.option(exportsTexts()),
      second: fc.option(exportsTexts()),
      other: fc.option(exportsTexts()),
    })
    .map(
      ({ main, first, second, other }): Texts => ({
        exports: main,
        ...(first !== null && { "exports.d/a.exports": first }),
        ...(second !== null && { "exports.d/b.exports": second }),
        // exportfs reads neither.
        ...(other !== null && { "exports.d/.hidden.exports": other, "exports.d/a.exports.bak": other }),
      }),
    ),
  refusedAtMost: 0,
  read: async (host, all) => {
    const answers = await readEach(host, all, READ);
    await host.sh("rm -rf /etc/exports /etc/exports.d /x; : > /etc/exports; exportfs -ra");
    return answers.map(({ stdout }) =>
      inOrder(
        stdout.split("\n").flatMap((line) => {
          const [, path, client, options] = /^([^\t]*)\t([^(]*)\((.*)\)$/.exec(line) ?? [];
          if (path === undefined || client === undefined || options === undefined) return [];
          return [{ path: posix.resolve("/", decoded(path)), client, options: options.split(",") }];
        }),
      ),
    );
  },
  ours: (texts) => {
    const files = new Map(
      Object.entries(texts)
        .filter(([path]) => path === "exports" || /^exports\.d\/[^.]\w*\.exports$/.test(path))
        .map(([path, text]) => [path, linesOf(text)]),
    );
    return inOrder(asExportfsKeeps(declaredExports(files)));
  },
};

// /x/link is a link to /x/common. exportfs finds the files of a text by its working directory. Where no server runs, it tries no export.
const READ = `[ -L /etc/exports ] || {
  mkdir -p /x/common '/x/my docs' '/x/#1' /x/a\u00a0b && ln -s common /x/link
  rm -rf /etc/exports /etc/exports.d && ln -s /proc/self/cwd/exports /proc/self/cwd/exports.d /etc/
}
exportfs -ra 2>/dev/null
while IFS= read -r line; do printf '%s\\n' "$line"; done </var/lib/nfs/etab`;

const HOSTS: ReadonlyMap<string, KnownHost> = new Map(
  [
    ["web1", "192.168.4.100"],
    ["web2", "192.168.4.200"],
    ["nfs", "192.168.2.50"],
  ].flatMap(([name = "", address = ""]) =>
    [name, name.toUpperCase()].map((one) => [one, { canonical: name, addresses: [address] }] as const),
  ),
);

interface Entry {
  readonly path: string;
  readonly client: string;
  readonly options: readonly string[];
}

/** One entry for each directory and client: the first. A host keeps the name under which it was read first, for any directory. */
function asExportfsKeeps(entries: readonly Entry[]): readonly Entry[] {
  const names: string[] = [];
  const kept: Entry[] = [];
  for (const { path, client, options } of entries) {
    if (sortOf(client) === "network" && client.includes("#")) continue;
    if (sortOf(client) === "host" && !HOSTS.has(client) && !/^[\d.]+$/.test(client)) continue;
    const isSame = (one: string) =>
      sortOf(one) === "network" ? one === client : overlap(one, client, HOSTS) === true && sortOf(one) !== "pattern";
    const name = names.find((one) => one.toLowerCase() === client.toLowerCase() || isSame(one));
    if (name === undefined) names.push(HOSTS.get(client)?.canonical ?? client);
    const entry = {
      path: posix.resolve("/", path).replace(/^\/x\/link(?=\/|$)/, "/x/common"),
      client: name ?? HOSTS.get(client)?.canonical ?? client,
      options,
    };
    if (!kept.some((one) => one.path === entry.path && one.client === entry.client)) kept.push(entry);
  }
  return kept;
}

/** exportfs's table has its own order, and two names for everybody, of which it uses the first. */
function inOrder(entries: readonly Entry[]): readonly (readonly unknown[])[] {
  const kept = new Map<string, readonly unknown[]>();
  for (const { path, client, options } of entries) {
    const key = `${path}\t${client === "" ? "*" : client}`;
    if (!kept.has(key)) kept.set(key, [key, exportEffect(options)]);
  }
  return [...kept.values()].sort(([one], [other]) => (String(one) < String(other) ? -1 : 1));
}

function decoded(path: string): string {
  return path.replaceAll(/\\(\d{3})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 8)));
}

/** nfs.conf(5) as exportfs reads it: where the root of all exports is. */
export const nfsConf: LabFormat = {
  name: "nfs.conf",
  host: "nfs",
  texts: fc.record({ conf: confTexts(), other: fc.option(confTexts()) }).map(
    ({ conf, other }): Texts => ({
      conf,
      // nfsconf reads a file that includes itself for ever.
      ...(other !== null && { "other.conf": other.replaceAll(/^include.*$/gim, "") }),
    }),
  ),
  refusedAtMost: 0,
  read: async (host, all) => {
    const answers = await readEach(host, all, "nfsconf --file conf --get exports rootdir 2>/dev/null");
    return answers.map(({ stdout, code }) => (code === 0 ? stdout.replace(/\n$/, "") : undefined));
  },
  ours: (texts) => {
    const files = new Map(Object.entries(texts).map(([path, text]) => [path, linesOf(text)]));
    const settings = nfsSettings(files, "conf", (path) => files.has(path));
    return settings.findLast(({ section, name }) => section === "exports" && name === "rootdir")?.value;
  },
};

function confTexts(): fc.Arbitrary<string> {
  const line = fc.constantFrom(
    ...["[exports]", "[ Exports ] x", "[exports", "[exportfs]", "  [exports]\t", "[exports]", "[exports]"],
    ...["rootdir=/a", " RootDir = /b c ", "rootdir=/a # all", "rootdir=/a;b", 'rootdir="/a # b" c', "rootdir='/a'"],
    ...['rootdir="/a', "rootdir=", 'rootdir=""', "rootdir==/x", "=x", "rootdir", "rootdir /a", "\trootdir\t=\t/d\t"],
    ...[
      "# rootdir=/x",
      "; rootdir=/x",
      " # x \\",
      "rootdir=\\",
      "/e",
      "root\\",
      "dir=/f",
      "",
      " \t",
      "rootdir=/a\r",
      "\r",
    ],
    ...["include=other.conf", "Include = -./other.conf", "include=-missing.conf", "threads=8"],
  );
  return fc.array(line, { maxLength: 7 }).map((all) => all.map((one) => `${one}\n`).join(""));
}
