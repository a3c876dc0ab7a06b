import { firstWord, wordsOf } from "../../../facts/files/blanks";
import type { Line } from "../../../facts/files/lines";
import type { NetworkConfig } from "../../../facts/network/managers";
import type { Place } from "../declaration";
import { INTERFACES } from "./ifupdown-files";
import { Found, type Interfaces, optionName, type Stanza } from "./interfaces";
import { logicalLines } from "./logical-lines";
import { type Source, sourcedPaths } from "./sources";

/** Reads as Debian's ifupdown does. `isLenient`: ifupdown-ng passes over what ifupdown refuses. */
export class ClassicReader {
  readonly #files: NetworkConfig["files"];
  readonly #isLenient: boolean;
  readonly #found = new Found();
  readonly #seen = new Set<string>();
  /** What the next option belongs to. */
  #current: Stanza | "mapping" | undefined;

  constructor(files: NetworkConfig["files"], isLenient: boolean) {
    this.#files = files;
    this.#isLenient = isLenient;
  }

  read(): Interfaces {
    // ifup brings lo up without being told.
    this.#found.autos.push({ name: "lo", stanza: "lo", by: "auto" });
    this.#readFile(INTERFACES);
    return this.#found;
  }

  #readFile(path: string): void {
    const lines = this.#files.get(path);
    if (lines === undefined || this.#seen.has(path)) return;
    this.#seen.add(path);
    this.#current = undefined;
    // ifup reads no further in a file in which it refuses a line.
    for (const line of logicalLines(lines)) if (!this.#readLine(path, line)) break;
    this.#current = undefined;
  }

  #readLine(path: string, { number, text }: Line): boolean {
    const place = { path, line: number };
    const [word, rest] = firstWord(text);
    if (word === "source" || word.startsWith("source-dir")) return this.#source({ ...place, word, text: rest });
    if (word === "iface") return this.#iface(place, wordsOf(rest));
    if (word === "auto") return this.#auto("auto", rest);
    if (word.startsWith("allow-") && word.length > 6) return this.#auto(word.slice(6), rest);
    if (word === "mapping") {
      this.#found.mapped.push(...wordsOf(rest));
      this.#current = "mapping";
      return true;
    }
    if (word === "no-auto-down" || word === "no-scripts" || word === "rename") {
      if (rest !== "" || word === "rename") this.#current = undefined;
      return true;
    }
    return this.#option(place, word, rest);
  }

  #source(source: Source): boolean {
    const paths = sourcedPaths(source, [...this.#files.keys()]);
    if (paths === undefined) return this.#refuse(source, `cannot expand "${source.word} ${source.text}"`);
    this.#found.sources.push(source);
    for (const path of paths) this.#readFile(path);
    this.#current = undefined;
    return true;
  }

  #iface(place: Place, [name, ...words]: readonly string[]): boolean {
    if (name === undefined) return this.#refuse(place, "iface without a name");
    const at = words.slice(0, 3).indexOf("inherits");
    const [family, method] = at < 0 ? words : words.slice(0, at);
    if (!this.#isLenient && !isKnown(family, method, at)) {
      return this.#refuse(place, `iface ${name} with a family or method that ifup does not know`);
    }
    const parent = at < 0 ? undefined : this.#found.stanzas.find((one) => isParent(one, words[at + 1], family));
    if (at >= 0 && parent === undefined && !this.#isLenient)
      return this.#refuse(place, `unknown iface to inherit from: ${words[at + 1] ?? ""}`);
    const [ownFamily, ownMethod] = [family ?? parent?.family, method ?? parent?.method];
    this.#current = {
      ...place,
      name,
      ...(ownFamily !== undefined && { family: ownFamily }),
      ...(ownMethod !== undefined && { method: ownMethod }),
      options: [...(parent?.options ?? [])],
    };
    this.#found.stanzas.push(this.#current);
    return true;
  }

  #auto(by: string, rest: string): boolean {
    const names = wordsOf(rest);
    if (names.length === 0 && typeof this.#current === "object") {
      this.#found.autos.push({ name: this.#current.name, stanza: this.#current.name, by });
      return true;
    }
    for (const text of names) {
      const [name = "", stanza = name] = text.split("=");
      this.#found.autos.push({ name, stanza, by });
    }
    this.#current = undefined;
    return true;
  }

  #option(place: Place, name: string, value: string): boolean {
    const current = this.#current;
    if (current === "mapping")
      return name === "script" || name === "map" || this.#refuse(place, `misplaced option ${name}`);
    if (current === undefined) return this.#isLenient || this.#refuse(place, `misplaced option ${name}`);
    if (value === "" && !this.#isLenient) return this.#refuse(place, `option ${name} with empty value`);
    current.options.push({ ...place, name: optionName(name), value });
    return true;
  }

  #refuse(place: Place, reason: string): false {
    this.#found.refuse(place, reason);
    return false;
  }
}

function isParent(stanza: Stanza, name: string | undefined, family: string | undefined): boolean {
  return stanza.name === name && (family === undefined || stanza.family === family);
}

/** The methods of ifupdown 0.8, by family. */
const METHODS: ReadonlyMap<string, readonly string[]> = new Map([
  ["inet", ["loopback", "static", "manual", "dhcp", "bootp", "tunnel", "ppp", "wvdial", "ipv4ll"]],
  ["inet6", ["auto", "loopback", "static", "manual", "dhcp", "v4tunnel", "6to4"]],
  ["can", ["static"]],
  ["ipx", ["static", "dynamic"]],
]);

/** `inherits` at 0 stands for both, at 1 for the method. */
function isKnown(family: string | undefined, method: string | undefined, inheritsAt: number): boolean {
  if (inheritsAt === 0) return true;
  const methods = METHODS.get(family ?? "");
  return methods !== undefined && (inheritsAt === 1 || methods.includes(method ?? ""));
}
