import { escapeOctal } from "../../provider/facts/files/octal";
import { pathState, UNMAKE } from "../../provider/facts/files/path-state";
import { exportEffect } from "../../provider/kinds/nfs-export/effect";
import { parseExports } from "../../provider/kinds/nfs-export/exports-facts";
import { exportTable, hasExportfs, meanings, nfsThreads } from "../../provider/kinds/nfs-export/facts";
import { type Command, describeCommand } from "../../provider/step";
import { makeDirectory, placeAt, unmake } from "./directories";
import { argsOf, CommandFailure, FakeHost, shellOf } from "./fake-host";

/** A host with exportfs, whose table is the text that nfs-utils 2.6.2 writes. Under contract: test/fakes/contracts/nfs-server.ts. */
export class FakeNfsServer extends FakeHost {
  /** `PATH<tab>CLIENT` → its options, in parentheses. */
  readonly table = new Map<string, string>();
  /** Name of a client → its canonical name. */
  readonly names = new Map<string, string>();
  readonly addresses = new Map<string, readonly string[]>();
  /** A path in a file → the same place without symbolic links, where that is another one. */
  readonly links = new Map<string, string>();
  readonly unresolvable = new Set<string>();
  threads = 8;
  hasExportfs = true;

  answer(command: Command): string | undefined {
    const [sh, args] = [shellOf(command), argsOf(command)];
    if (sh === shellOf(exportTable.command)) return [...this.table].map(([key, line]) => `${key}${line}\n`).join("");
    if (sh === shellOf(hasExportfs.command)) return this.hasExportfs ? "yes\n" : "";
    if (sh === shellOf(nfsThreads.command)) return this.threads === 0 ? "none\n" : `${this.threads}\n`;
    if (sh === shellOf(meanings([]).command)) return this.#meanings(args);
    if (sh !== shellOf(pathState("").command)) return undefined;
    return placeAt(args[0] ?? "", this);
  }

  execute(command: Command): void {
    if ("sh" in command) {
      if (command.sh === UNMAKE) unmake(argsOf(command), this);
      return;
    }
    const [program, ...words] = command.run;
    if (program === "mkdir") makeDirectory(words.at(-1) ?? "", this);
    else if (program === "exportfs" && words[0] === "-u") for (const word of words.slice(1)) this.#unexport(word);
    else if (program === "exportfs" && words[0] === "-i")
      for (const word of words.slice(3)) this.#export(word, words[2] ?? "");
    else throw new Error(`the fake does not know ${describeCommand(command)}`);
  }

  #meanings(names: readonly string[]): string {
    const entries = this.#declared();
    const hosts = new Set([...names, ...(names.length === 0 ? [] : entries.map(({ client }) => client))]);
    return [
      ...[...this.files.keys()].filter((file) => file.includes(" ")).map((file) => `unread\t${file}\n`),
      ...entries.map(({ path }) => `path\t${path}\t${this.links.get(path) ?? path}\n`),
      ...[...hosts].map((name) => {
        const known = this.names.has(name) ? ["192.168.4.100"] : [];
        const lines = (this.addresses.get(name) ?? known).map((address) => `${address}  STREAM `);
        return `host\t${name}\n${lines.map((line, at) => `${line}${at === 0 ? (this.names.get(name) ?? name) : ""}\n`).join("")}`;
      }),
    ].join("");
  }

  /** `exportfs -ra`, as at boot. */
  boot(): void {
    this.table.clear();
    for (const { path, client, options } of this.#declared()) this.#add(path, client, options);
  }

  #declared() {
    const files = [...this.files].filter(([path]) => path === "/etc/exports" || path.endsWith(".exports"));
    return files.flatMap(([, text]) =>
      parseExports(text.split("\n").map((line, index) => ({ number: index + 1, text: line }))),
    );
  }

  /** exportfs complains of a missing directory, and exports it all the same; a host that it cannot resolve it skips. */
  #export(word: string, options: string): void {
    const [client, path] = split(word);
    if (this.unresolvable.has(client)) return;
    this.#add(path, this.names.get(client) ?? client, options.split(","));
    if (!this.directories.has(path)) {
      throw new CommandFailure(1, `exportfs: Failed to stat ${path}: No such file or directory`);
    }
  }

  #unexport(word: string): void {
    const [client, path] = split(word);
    if (this.table.delete(keyOf(path, this.names.get(client) ?? client)) || this.table.delete(keyOf(path, client)))
      return;
    throw new CommandFailure(1, `exportfs: Could not find '${word}' to unexport.`);
  }

  #add(path: string, client: string, options: readonly string[]): void {
    this.table.set(keyOf(path, client), `(${writtenOut(options).join(",")})`);
  }
}

/** All options in the order in which exportfs writes them: flags, values, and a section for each group of flavours. */
function writtenOut(options: readonly string[]): string[] {
  const { sec = "", ...effect } = exportEffect(options);
  // Words after `sec=` are common ones as well: they stand before the first section, too.
  const common = sectionsOf(exportEffect(options.filter((word) => !word.startsWith("sec=")))["sec"])[0]?.flags ?? [];
  const words = [...common, ...Object.entries(effect).map(([name, value]) => wordFor(name, value))];
  const at = (word: string) => ORDER.findIndex((pattern) => pattern.test(word));
  return [
    ...words.filter((word) => at(word) >= 0).sort((a, b) => at(a) - at(b)),
    ...sectionsOf(sec).flatMap(({ flavours, flags }) => [`sec=${flavours.join(":")}`, ...flags]),
  ];
}

/** `krb5(ro,secure) krb5i(ro,secure) sys(rw,secure)`; neighbours with the same flags are one section. */
function sectionsOf(sec = ""): { readonly flavours: string[]; readonly flags: readonly string[] }[] {
  const sections: { flavours: string[]; flags: readonly string[] }[] = [];
  for (const one of sec.split(" ")) {
    const [, flavour = "", flags = ""] = /^(.*)\((.*)\)$/.exec(one) ?? [];
    const last = sections.at(-1);
    if (last?.flags.join(",") === flags) last.flavours.push(flavour);
    else sections.push({ flavours: [flavour], flags: flags.split(",") });
  }
  return sections;
}

const ORDER = [
  ...[
    /^r[ow]$/,
    /^a?sync$/,
    /wdelay$/,
    /hide$/,
    /crossmnt$/,
    /secure$/,
    /root_squash$/,
    /all_squash$/,
    /subtree_check$/,
  ],
  ...[/secure_locks$/, /acl$/, /^nordirplus$/, /^security_label$/, /pnfs$/, /^fsid=/, /^anonuid=/, /^anongid=/],
];

function wordFor(name: string, value: string): string {
  // This version prints numbers of users as signed ones.
  if (/^anon[ug]id$/.test(name)) return `${name}=${Number(value) | 0}`;
  return name === "fsid" ? `${name}=${value}` : value;
}

function keyOf(path: string, client: string): string {
  return `${escapeOctal(path, /[ "#\\]/g)}\t${client}`;
}

function split(word: string): [string, string] {
  const [, bracketed, plain, path = ""] = /^(?:\[(.*)\]|([^:]*)):(.*)$/s.exec(word) ?? [];
  return [bracketed ?? plain ?? "", path];
}
