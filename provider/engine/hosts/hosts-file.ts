import {
  type Document,
  isAlias,
  isDocument,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
} from "yaml";
import { UserError } from "../../errors";
import type { Connection } from "../../model/connection";
import { hosts } from "../../model/hosts";
import { problemsIn } from "../../model/input/problems";
import { escaped } from "../../printable";

/** As many entries may be written with the help of others. */
const MOST_ALIASES = 10_000;

/** Messages of the parser that quote nothing: others might quote a key. */
const QUOTES_NOTHING = new Set(["DUPLICATE_KEY", "MISSING_CHAR", "BAD_INDENT", "TAB_AS_INDENT"]);

/** Hosts by name, from a file in YAML or JSON. Throws a UserError with the file and the line of each mistake. */
export function parseHostsFile({ path, text }: { readonly path: string; readonly text: string }) {
  const lines = new LineCounter();
  const at = (offset: number) => `${path}:${lines.linePos(offset).line}`;
  const document = unlessTooDeep(path, () => parseDocument(text, { ...OPTIONS, lineCounter: lines }));
  const [error] = [...document.errors, ...document.warnings];
  if (error !== undefined) {
    const why = error.code === "MULTIPLE_DOCS" ? ": it has more than one document (---)" : quoted(error, text);
    throw new UserError(`${at(error.pos[0])}: this is not valid YAML${why}`);
  }
  unlessTooDeep(path, () => refuseOddities(document, at));
  const value = unlessTooDeep(path, () => document.toJS({ maxAliasCount: MOST_ALIASES }) as unknown);
  if (value === null || value === undefined)
    throw new UserError(`${path} has no hosts: it must be a map such as web1: { host: "192.0.2.1" }`);
  const read = hosts.safeParse(value);
  if (read.success) return read.data as ReadonlyMap<string, Connection>;
  const placeOf = (words: readonly PropertyKey[]) =>
    [at(offsetOf(document, words)), ...(words.length > 0 ? [words.map(String).join(".")] : [])].join(": ");
  throw new UserError(hostsProblems(value, placeOf));
}

function quoted({ code, message }: { readonly code: string; readonly message: string }, text: string): string {
  if (/^\s*\/[/*]/m.test(text)) return ": a comment begins with #, in JSON too";
  return QUOTES_NOTHING.has(code) ? `: ${message}` : "";
}

/** What is wrong with a map of hosts, a line for each. None of the values is in it: they may be secrets. `at` says where a path is. */
export function hostsProblems(value: unknown, at: (path: readonly PropertyKey[]) => string): string {
  const problems = problemsIn(hosts, value, { unknown: "is not a field of a connection" });
  // A number that is no whole one and too large is one mistake.
  const lines = [...new Set(problems.map(({ path, reason }) => escaped(`${at(path)}: ${reason}`)))];
  const more = lines.length - MOST_PROBLEMS;
  return [...lines.slice(0, MOST_PROBLEMS), ...(more > 0 ? [`and ${more} more`] : [])].join("\n");
}

/** Two hundred hosts with one mistake in each would push all else off the terminal. */
const MOST_PROBLEMS = 20;

/** Tags beyond JSON's types make objects that are no data: bytes, sets. */
const OPTIONS = { merge: true, prettyErrors: false, resolveKnownTags: false } as const;

function unlessTooDeep<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof UserError) throw error;
    // Too deep, an alias of nothing, more aliases than anybody writes: the message may quote what is there.
    throw new UserError(`${path} cannot be read as YAML: brackets are nested too deep, or an alias has no anchor`);
  }
}

/** What YAML can say, and no list of hosts: a host that is its own proxy by an alias, a map as a name. */
function refuseOddities(document: Document.Parsed, at: (offset: number) => string): void {
  const placeOf = (node: unknown) => at(isNode(node) ? (node.range?.[0] ?? 0) : 0);
  visit(document, {
    Alias: (_key, alias, path) => {
      if (alias.resolve(document) === undefined)
        throw new UserError(`${placeOf(alias)}: there is an alias (*), and no anchor (&) of its name above it`);
      if (!path.some((node) => !isDocument(node) && "anchor" in node && node.anchor === alias.source)) return;
      throw new UserError(`${placeOf(alias)}: the alias *${alias.source} stands within what it is an alias of`);
    },
    Pair: (_key, { key, value }) => {
      if (isScalar(key) && key.source === "<<" && key.type === "PLAIN" && !isMergeable(value, document))
        throw new UserError(`${placeOf(key)}: << takes the alias of a map (*usual), or a list of such`);
      if (isScalar(key) || isAlias(key)) return;
      throw new UserError(`${placeOf(key)}: a name must be text, and no map or list`);
    },
  });
}

function isMergeable(value: unknown, document: Document.Parsed): boolean {
  const found = isAlias(value) ? value.resolve(document) : value;
  // An alias of nothing has an error of its own.
  if (isAlias(value) && found === undefined) return true;
  return isMap(found) || (isSeq(found) && found.items.every((one) => !isSeq(one) && isMergeable(one, document)));
}

/** Where a path is: at the last key of it that is written there. Others may come from another entry. */
function offsetOf(document: Document.Parsed, path: readonly PropertyKey[]): number {
  let offset = document.contents?.range[0] ?? 0;
  let node: unknown = document.contents;
  for (const name of path) {
    const map = isAlias(node) ? node.resolve(document) : node;
    const pair = isMap(map)
      ? map.items.find(({ key }) => isScalar(key) && String(key.value) === String(name))
      : undefined;
    if (pair === undefined) break;
    offset = (pair.key as Node).range?.[0] ?? offset;
    node = pair.value;
  }
  return offset;
}
