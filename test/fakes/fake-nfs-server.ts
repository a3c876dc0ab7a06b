import { pathState, UNMAKE } from "../../provider/facts/files/path-state";
import { exportEffect } from "../../provider/kinds/nfs-export/effect";
import { canonicalNames, exportTable, nfsThreads, parseExports } from "../../provider/kinds/nfs-export/facts";
import type { Command } from "../../provider/step";
import { FakeHost, shellOf } from "./fake-host";

/** Its table is the text that nfs-utils 2.6.2 wrote on a real host for the same options, word by word. */
export class FakeNfsServer extends FakeHost {
  readonly table = new Map<string, string>();
  readonly names = new Map<string, string>();
  threads = 8;

  answer(command: Command): string | undefined {
    const sh = shellOf(command);
    const args = "args" in command ? (command.args ?? []) : [];
    if (sh === shellOf(exportTable.command)) return [...this.table].map(([key, line]) => `${key}${line}\n`).join("");
    if (sh === shellOf(nfsThreads.command)) return this.threads === 0 ? "none\n" : `${this.threads}\n`;
    if (sh === shellOf(canonicalNames([]).command))
      return args.map((name) => `${name}\t${this.names.get(name) ?? ""}\n`).join("");
    if (sh === shellOf(pathState("").command)) {
      const [path = ""] = args;
      if ([...this.files.keys()].some((file) => file.startsWith(`${path}/`))) return `full\n${path}\n`;
      return this.directories.has(path) ? `empty\n${path}\n` : `missing\n${path}\n${path}\n`;
    }
    return undefined;
  }

  execute(command: Command): void {
    if ("sh" in command) {
      if (command.sh === UNMAKE) this.directories.delete(command.args?.[0] ?? "");
      return;
    }
    const [program, ...words] = command.run;
    if (program === "mkdir") this.directories.add(words.at(-1) ?? "");
    else if (program === "exportfs" && words[0] === "-u") for (const word of words.slice(1)) this.#unexport(word);
    else if (program === "exportfs" && words[0] === "-i")
      for (const word of words.slice(3)) this.#export(word, words[2] ?? "");
    else throw new Error(`no such program: ${command.run.join(" ")}`);
  }

  /** `exportfs -ra`, as at boot. */
  boot(): void {
    this.table.clear();
    const files = [...this.files].filter(([path]) => path === "/etc/exports" || path.endsWith(".exports"));
    for (const [, text] of files) {
      const lines = text.split("\n").map((line, index) => ({ number: index + 1, text: line }));
      for (const { path, client, options } of parseExports(lines)) this.#add(path, client, options);
    }
  }

  #export(word: string, options: string): void {
    const [client, path] = split(word);
    this.#add(path, this.names.get(client) ?? client, options.split(","));
  }

  #unexport(word: string): void {
    const [client, path] = split(word);
    if (!this.table.delete(keyOf(path, client))) throw new Error(`Could not find '${word}' to unexport.`);
  }

  #add(path: string, client: string, options: readonly string[]): void {
    const { sec = "", ...effect } = exportEffect(options);
    const flags = Object.entries(effect).map(([name, value]) =>
      value === name || !/^(?:\d|root)/.test(value) ? value : `${name}=${value}`,
    );
    const [first = ""] = sec.split(" ");
    const base = /\((.*)\)/.exec(first)?.[1] ?? "";
    const flavours = sec.split(" ").map((one) => one.replace(/^(.*)\((.*)\)$/, "sec=$1,$2"));
    const shown = flags.filter((word) => !["rdirplus", "no_security_label"].includes(word));
    this.table.set(keyOf(path, client), `(${[base, ...shown, ...flavours].join(",")})`);
  }
}

function keyOf(path: string, client: string): string {
  return `${path.replaceAll(/[ "#\\]/g, (one) => `\\${one.charCodeAt(0).toString(8).padStart(3, "0")}`)}\t${client}`;
}

function split(word: string): [string, string] {
  const [, bracketed, plain, path = ""] = /^(?:\[(.*)\]|([^:]*)):(.*)$/.exec(word) ?? [];
  return [bracketed ?? plain ?? "", path];
}
