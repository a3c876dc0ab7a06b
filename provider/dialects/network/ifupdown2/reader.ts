import { CLASS } from "../../../facts/files/glob";
import type { Line } from "../../../facts/files/lines";
import type { NetworkConfig } from "../../../facts/network/managers";
import type { Place } from "../declaration";
import { INTERFACES, isOurFile } from "../ifupdown/ifupdown-files";
import { Found, type Interfaces, optionName, type Stanza } from "../ifupdown/interfaces";
import { type Source, sourcedPaths } from "../ifupdown/sources";
import { firstPythonWord, ifupdown2Lines, pythonWords } from "./lines";
import { templateLine } from "./template";

/**
 * Reads as ifupdown2 does. A stanza of an alias is one more of its device. `auto` and `allow-` hold for stanzas behind them only.
 * `source` reads one pattern, `source-directory` is unknown. Lines that ifupdown2 does not understand it passes over.
 */
export class Ifupdown2Reader {
  readonly #files: NetworkConfig["files"];
  readonly #found = new Found();
  /** By class and name: the files that name it. */
  readonly #classes = new Map<string, Map<string, string[]>>();
  readonly #ranges: string[] = [];
  readonly #seen = new Set<string>();
  readonly #open = new Set<string>();
  #isAutoAll = false;
  /** What the next option belongs to. */
  #current: { readonly stanza: Stanza; readonly written: string } | undefined;

  constructor(files: NetworkConfig["files"]) {
    this.#files = files;
  }

  read(): Interfaces {
    this.#readFile(INTERFACES);
    return this.#found;
  }

  #readFile(path: string): void {
    const lines = this.#files.get(path);
    if (lines === undefined || this.#seen.has(path)) return;
    this.#seen.add(path);
    this.#open.add(path);
    const template = templateLine(lines);
    if (template !== undefined) this.#found.refuse({ path, line: template.number }, template.text);
    for (const line of ifupdown2Lines(lines)) this.#readLine(path, line);
    this.#current = undefined;
    this.#open.delete(path);
  }

  #readLine(path: string, { number, text }: Line): void {
    const place = { path, line: number };
    const [word = "", ...rest] = pythonWords(text);
    if (word === "iface") this.#iface(place, rest);
    else if (word === "source")
      this.#source({ ...place, word, text: rest[0] ?? "", stanzasBefore: this.#found.stanzas.length }, text);
    // Those of ours from earlier versions are rewritten.
    else if (word === "auto") this.#auto(path, isOurFile(path) ? [] : rest);
    else if (word === "allow" || word.startsWith("allow-")) this.#allow(place, word, rest);
    else if (word === "vlan" && rest.length === 0) this.#found.refuse(place, "vlan without a name");
    else if (word !== "vlan") {
      this.#option(place, text);
      return;
    }
    if (word !== "iface") this.#current = undefined;
  }

  #source(source: Source, text: string): void {
    const { text: pattern } = source;
    if (!/^source[ \t]/.test(text)) {
      this.#found.refuse(source, "source with other blanks than a space or a tab, or without a file");
      return;
    }
    if (!pattern.startsWith("/")) {
      this.#found.refuse(
        source,
        `"source ${pattern}" is no absolute path, and ifupdown2 looks in the folder that it is started in`,
      );
      return;
    }
    // In a list of characters ^ is one of them to Python, and means "not" to the shell that looks for the files.
    const paths =
      CLASS.test(pattern) || pattern.includes("[^") ? undefined : sourcedPaths(source, [...this.#files.keys()]);
    if (paths === undefined) {
      this.#found.refuse(source, `cannot expand "source ${pattern}"`);
      return;
    }
    this.#found.sources.push(source);
    for (const path of paths) {
      if (this.#open.has(path)) this.#found.refuse(source, `${path} reads itself`);
      this.#readFile(path);
    }
  }

  #iface(place: Place, [written, family = "", method]: readonly string[]): void {
    if (written === undefined) {
      this.#found.refuse(place, "iface without a name");
      return;
    }
    if (/\[\d+-\d+\]/.test(written)) {
      this.#found.refuse(place, `iface ${written}: ranges of interfaces are not understood here`);
      return;
    }
    const [name = ""] = written.split(":");
    const isFamily = family === "inet" || family === "inet6";
    const stanza = { ...place, name, ...(isFamily && { family, method: method ?? "static" }), options: [] };
    this.#found.stanzas.push(stanza);
    this.#current = { stanza, written };
    if (this.#isAutoAll || this.#ranges.some((range) => isInRange(range, name))) {
      this.#found.autos.push({ name, stanza: name, by: "auto" });
    }
    for (const [by, named] of this.#classes) {
      const paths = named.get(name);
      if (paths !== undefined)
        this.#found.autos.push({ name, stanza: name, by, ...(!isBefore(paths, place) && { anyOrder: true }) });
    }
  }

  #auto(path: string, names: readonly string[]): void {
    for (const name of names) {
      if (name === "all") this.#isAutoAll = true;
      if (name === "all") return;
      if (name.includes("[")) this.#ranges.push(name);
      this.#addTo("auto", name, path);
    }
  }

  /** `allow-auto` is a class of its own, which nobody brings up. */
  #allow(place: Place, word: string, names: readonly string[]): void {
    const by = word.split("-")[1];
    if (by === undefined || names.length === 0) {
      this.#found.refuse(place, `"${word}" without a class or a name`);
      return;
    }
    for (const name of names) this.#addTo(by === "auto" ? "allow-auto" : by, name, place.path);
  }

  /** An option without a value is passed over. */
  #option(place: Place, text: string): void {
    const current = this.#current;
    const [word, rest] = firstPythonWord(text);
    if (current === undefined || rest === undefined) return;
    const value = rest.replaceAll("$IFACE", () => current.written);
    current.stanza.options.push({ ...place, name: optionName(word.replaceAll("_", "-")), value });
  }

  #addTo(by: string, name: string, path: string): void {
    const named = this.#classes.get(by) ?? new Map<string, string[]>();
    this.#classes.set(by, named.set(name, [...(named.get(name) ?? []), path]));
  }
}

/** Whether one of these files is surely read before the place: two that are sourced may come in any order. */
function isBefore(paths: readonly string[], { path }: Place): boolean {
  return path === INTERFACES || paths.some((one) => one === path || one === INTERFACES);
}

/** `swp[1-4]` or `swp[1-4].100` */
function isInRange(range: string, name: string): boolean {
  const [, prefix = "", from, to, suffix = ""] = /^([\w.]+)\[(\d+)-(\d+)\]([\w.]*)/.exec(range) ?? [];
  if (from === undefined || !name.startsWith(prefix) || !name.endsWith(suffix)) return false;
  const number = name.slice(prefix.length, name.length - suffix.length);
  return /^\d+$/.test(number) && Number(number) >= Number(from) && Number(number) <= Number(to);
}
