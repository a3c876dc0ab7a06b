import { DialError } from "../dial-error";
import { ALIASES } from "./keywords";

/** A line of an ssh_config file that says something. */
export interface Directive {
  /** In lower case: ssh does not tell the cases apart. */
  readonly keyword: string;
  /** As it is written. */
  readonly name: string;
  readonly words: readonly string[];
  /** `/root/.ssh/config line 3` */
  readonly where: string;
}

/** What files were when they were read last. A run reads the same one for each of its hosts. */
const parsed = new Map<string, { readonly text: string; readonly directives: readonly Directive[] }>();

/** The lines of a file, read as OpenSSH reads them. Throws a DialError that names the line which ssh would not take either. */
export function directivesOf(text: string, path: string): readonly Directive[] {
  const last = parsed.get(path);
  if (last?.text === text) return last.directives;
  const directives = parseDirectives(text, path);
  parsed.set(path, { text, directives });
  return directives;
}

export function parseDirectives(text: string, path: string): readonly Directive[] {
  return text.split("\n").flatMap((line, index) => {
    const trimmed = line.trim();
    return trimmed === "" || trimmed.startsWith("#") ? [] : [parseLine(trimmed, `${path} line ${index + 1}`)];
  });
}

/** The error of a line, which ends the connection before there is any. */
export function lineError(where: string, why: string, advice: readonly string[] = []): DialError {
  return new DialError(`${where}: ${why}`, [], advice);
}

function parseLine(line: string, where: string): Directive {
  const end = line.search(/[\s=]/);
  const name = end === -1 ? line : line.slice(0, end);
  const after = line.slice(name.length).trimStart();
  const rest = after.startsWith("=") ? after.slice(1).trimStart() : after;
  if (rest === "") throw lineError(where, `nothing follows ${name}`);
  const keyword = name.toLowerCase();
  const words = splitWords(rest, keyword === "match");
  if (words === undefined) throw lineError(where, "a quotation mark has no partner");
  // An empty address would be that of this machine.
  if (words[0] === "") throw lineError(where, `nothing follows ${name}`);
  return { keyword: ALIASES.get(keyword) ?? keyword, name, words, where };
}

/** Undefined: a quotation does not end. A comment begins where a word could, and only there. `keeps`: single quotation marks stay in the words. */
function splitWords(text: string, keeps: boolean): readonly string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let quote = "";
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at);
    const next = text.charAt(at + 1);
    const isBlank = quote === "" && (char === " " || char === "\t");
    if (word === undefined && (isBlank || char === "#")) {
      if (isBlank) continue;
      break;
    }
    if (isBlank) {
      words.push(word ?? "");
      word = undefined;
      continue;
    }
    word ??= "";
    if (char === "\\" && (`'"\\`.includes(next) || (quote === "" && next === " ")) && next !== "") {
      word += next;
      at += 1;
    } else if (quote === "" && (char === '"' || char === "'")) {
      quote = char;
      if (keeps && char === "'") word += char;
    } else if (quote !== "" && char === quote) {
      quote = "";
      if (keeps && char === "'") word += char;
    } else word += char;
  }
  if (quote !== "") return undefined;
  return word === undefined ? words : [...words, word];
}
