import { userInfo } from "node:os";
import { resolve } from "node:path";
import { DialError } from "../dial-error";
import { projectFolder } from "../hosts-file";
import { expandHome, sshHome } from "../local-files";
import { matchesPattern, matchesPatterns } from "../patterns";
import { shownPath } from "../shown";
import { type Directive, directivesOf, lineError } from "./directives";
import { filesOf, readConfigFile } from "./files";
import { HARMLESS, LISTS, READ, REFUSED } from "./keywords";
import { matchApplies, wantsFinal } from "./match";
import { expandHostName, refuseOtherHome } from "./tokens";

/** What was given beside the files, and comes before them. */
export interface Given {
  readonly host: string;
  readonly user: string | undefined;
}

/** The values of a host: of each keyword its first line, and all lines of those that add up. */
export interface Values {
  readonly first: ReadonlyMap<string, Directive>;
  readonly lists: ReadonlyMap<string, readonly Directive[]>;
}

/** Reads `~/.ssh/config` and the system's file, or one file alone, as `ssh -F` does. Runs no program and asks no server. */
export async function readValues(path: true | string, given: Given): Promise<Values> {
  const reader = new Reader(given);
  await readAll(reader, path);
  if (reader.beginFinal()) await readAll(reader, path);
  return reader;
}

async function readAll(reader: Reader, path: true | string): Promise<void> {
  if (path === true) {
    await reader.read(`${sshHome()}/.ssh/config`, { isUsers: true, isPrivate: true, depth: 0 });
    await reader.read("/etc/ssh/ssh_config", { isUsers: false, isPrivate: false, depth: 0 });
    return;
  }
  const whole = configPath(path);
  const isThere = await reader.read(whole, { isUsers: true, isPrivate: false, depth: 0 });
  if (!isThere) throw new DialError(`there is no file ${shownPath(path)}, which sshConfig names`, [], []);
}

/** A relative path starts at the folder of Pulumi.yaml. */
export function configPath(path: string): string {
  return resolve(projectFolder(process.cwd()), expandHome(path));
}

interface File {
  /** Relative names are looked up in ~/.ssh, else in /etc/ssh. */
  readonly isUsers: boolean;
  readonly isPrivate: boolean;
  /** Of the file in others. */
  readonly depth: number;
}

/** As OpenSSH: a file that includes itself ends there. */
const DEEPEST = 16;

class Reader implements Values {
  readonly first = new Map<string, Directive>();
  readonly lists = new Map<string, readonly Directive[]>();
  /** The first line alone, as of other keywords. */
  #ignored: readonly string[] | undefined;
  #wantsFinal = false;
  /** What Host is compared with: what was given, and what HostName has made of it when the files are read again. */
  #host: string;
  #isFinal = false;

  constructor(private readonly given: Given) {
    this.#host = given.host;
  }

  /** Whether the files are to be read once more. Values that there are stay. */
  beginFinal(): boolean {
    this.#host = this.#requested().host.toLowerCase();
    this.#isFinal = true;
    return this.#wantsFinal;
  }

  /** Whether there is such a file. */
  async read(path: string, file: File): Promise<boolean> {
    const text = await readConfigFile(path, file);
    if (text === undefined) return false;
    let applies = true;
    for (const directive of directivesOf(text, path)) {
      const { keyword, words } = directive;
      this.#wantsFinal ||= wantsFinal(directive);
      if (keyword === "host") applies = matchesPatterns(this.#host, words);
      else if (keyword === "match") applies = matchApplies(directive, this.#requested());
      else if (!applies) this.#known(directive);
      else if (keyword === "include") await this.#include(directive, file);
      else this.#take(directive);
    }
    return true;
  }

  async #include({ words, where }: Directive, { isUsers, isPrivate, depth }: File): Promise<void> {
    if (depth + 1 > DEEPEST) throw lineError(where, "files include each other too deeply");
    for (const word of words) {
      if (/[[\]{}%$]/.test(word)) throw lineError(where, `Include ${word}: of patterns, * and ? are read alone`);
      refuseOtherHome(word, { where, name: "Include" });
      const path = word.startsWith("~")
        ? expandHome(word, sshHome())
        : resolve(isUsers ? `${sshHome()}/.ssh` : "/etc/ssh", word);
      for (const found of await filesOf(path)) await this.read(found, { isUsers, isPrivate, depth: depth + 1 });
    }
  }

  #take(directive: Directive): void {
    const { keyword, words } = directive;
    this.#known(directive);
    // When the files are read again, ssh goes on with the name that it has by then.
    if (keyword === "hostname" && this.#isFinal) return;
    if (keyword === "ignoreunknown") this.#ignored ??= words.join(",").toLowerCase().split(",");
    if (isOneOf(LISTS, keyword)) this.lists.set(keyword, [...(this.lists.get(keyword) ?? []), directive]);
    // Of these two, whichever is first.
    const slot = keyword === "proxycommand" ? "proxyjump" : keyword;
    if ((isOneOf(READ, keyword) || Object.hasOwn(REFUSED, keyword)) && !this.first.has(slot))
      this.first.set(slot, directive);
  }

  #known({ keyword, name, where }: Directive): void {
    const isKnown =
      keyword === "include" || isOneOf(READ, keyword) || isOneOf(LISTS, keyword) || Object.hasOwn(REFUSED, keyword);
    if (isKnown || HARMLESS.has(keyword)) return;
    if (this.#ignored?.some((pattern) => matchesPattern(keyword, pattern))) return;
    throw lineError(where, `${name} is not known, and could change who is reached`, [
      "IgnoreUnknown, above it in the file, names keywords that may be passed over.",
    ]);
  }

  #requested() {
    const { host: original, user } = this.given;
    const hostName = this.first.get("hostname");
    const localUser = userInfo().username;
    return {
      original,
      host: hostName === undefined ? original : expandHostName(hostName, original),
      user: user ?? this.first.get("user")?.words[0] ?? localUser,
      localUser,
      isFinal: this.#isFinal,
    };
  }
}

function isOneOf(words: readonly string[], word: string): boolean {
  return words.includes(word);
}
