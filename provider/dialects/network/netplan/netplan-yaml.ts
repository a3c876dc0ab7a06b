import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, parseAllDocuments } from "yaml";

/** An interface as netplan defines it: its name, and the section (`ethernets`, `bonds`) that lists it. */
export interface Definition {
  readonly section: string;
  readonly name: string;
  /** The interface, where it is found by something else than its name, and gets a name. */
  readonly setName?: string;
  readonly addresses: readonly NetplanAddress[];
}

/** An entry of a list of addresses. */
export interface NetplanAddress {
  readonly text: string;
  readonly label?: string;
  readonly line: number;
}

/** What we need of one netplan file. */
export interface NetplanFile {
  readonly definitions: readonly Definition[];
  /** The backend that the file selects, if any. */
  readonly renderer?: string;
  /** Why the file cannot be read. */
  readonly error?: { readonly line: number; readonly reason: string };
}

/**
 * Reads a file as netplan does (tried with 0.106): flow style and anchors count, of several documents the first one counts, a key
 * may be repeated, and of several renderers the last one counts. Merge keys (`<<`) are no YAML feature to netplan: it refuses them.
 */
export function readNetplan(lines: readonly string[]): NetplanFile {
  const deep = lines.findIndex(isTooDeep());
  if (deep >= 0)
    return { definitions: [], error: { line: deep + 1, reason: `brackets are nested more than ${DEEPEST} times` } };
  if (isTooLong(lines))
    return { definitions: [], error: { line: 1, reason: `it has more than ${LONGEST / 1024} KiB` } };
  const counter = new LineCounter();
  const document = firstDocument(lines, counter);
  if (document === undefined) return { definitions: [] };
  const [error] = document.errors;
  if (error !== undefined) {
    const reason = error.message.split(/ at line \d+|\n/)[0] ?? error.message;
    return { definitions: [], error: { line: error.linePos?.[0].line ?? 1, reason } };
  }
  const entries = entriesOf(document.contents, document).flatMap(([key, value]) =>
    key === "network" ? entriesOf(value, document) : [],
  );
  const renderers = entries.flatMap(([key, value]) =>
    key === "renderer" && isScalar(value) ? [String(value.value)] : [],
  );
  const renderer = renderers.at(-1);
  return {
    definitions: entries.flatMap(([section, value]) =>
      entriesOf(value, document).flatMap(([name, definition]) =>
        isMap(resolve(definition, document)) ? [definitionIn(section, name, definition, { document, counter })] : [],
      ),
    ),
    ...(renderer !== undefined && { renderer }),
  };
}

interface Source {
  readonly document: Document.Parsed;
  readonly counter: LineCounter;
}

function definitionIn(section: string, name: string, definition: unknown, { document, counter }: Source): Definition {
  const entries = entriesOf(definition, document);
  const setName = entries.findLast(([key]) => key === "set-name")?.[1];
  return {
    section,
    name,
    ...(isScalar(setName) && { setName: String(setName.value) }),
    addresses: entries.flatMap(([key, value]) => {
      const list = resolve(value, document);
      return key === "addresses" && isSeq(list)
        ? list.items.flatMap((item) => addressIn(item, { document, counter }))
        : [];
    }),
  };
}

/** `192.168.4.5/32`, or `192.168.4.5/32: {label: "eth0:0"}`. */
function addressIn(item: unknown, { document, counter }: Source): NetplanAddress[] {
  const node = resolve(item, document);
  if (isScalar(node)) return [{ text: String(node.value), line: counter.linePos(node.range?.[0] ?? 0).line }];
  if (!isMap(node)) return [];
  return node.items.flatMap(({ key, value }) => {
    if (!isScalar(key)) return [];
    const label = entriesOf(value, document).findLast(([name]) => name === "label")?.[1];
    const line = counter.linePos(key.range?.[0] ?? 0).line;
    return [{ text: String(key.value), line, ...(isScalar(label) && { label: String(label.value) }) }];
  });
}

/** No file of netplan's has as many. Beyond, reading takes time that grows with the square of the depth. */
const DEEPEST = 100;

/** Characters. No file of netplan's comes near: the parser of YAML takes a second for this much in the worst case. */
const LONGEST = 1 << 15;

function isTooLong(lines: readonly string[]): boolean {
  return lines.reduce((sum, line) => sum + line.length + 1, 0) > LONGEST;
}

/** A test for the lines of a file, in order. Brackets in quotes count, too. */
function isTooDeep(): (line: string) => boolean {
  let depth = 0;
  return (line) => {
    for (const char of line) {
      if (char === "[" || char === "{") depth++;
      else if ((char === "]" || char === "}") && depth > 0) depth--;
      if (depth > DEEPEST) return true;
    }
    return false;
  };
}

/** The content of a file, to compare files that are written differently; undefined if the file cannot be read. */
export function contentOf(lines: readonly string[]): unknown {
  const document = isTooLong(lines) || lines.some(isTooDeep()) ? undefined : firstDocument(lines);
  if (document === undefined || document.errors.length > 0) return undefined;
  try {
    return document.toJS();
  } catch {
    return undefined; // an alias without an anchor
  }
}

/** All scalars stay text, as in libyaml. */
function firstDocument(lines: readonly string[], lineCounter = new LineCounter()): Document.Parsed | undefined {
  const documents = parseAllDocuments(lines.join("\n"), {
    version: "1.1",
    schema: "failsafe",
    merge: false,
    uniqueKeys: false,
    lineCounter,
  });
  return Array.isArray(documents) ? documents[0] : undefined;
}

function entriesOf(node: unknown, document: Document.Parsed): (readonly [key: string, value: unknown])[] {
  const map = resolve(node, document);
  if (!isMap(map)) return [];
  return map.items.flatMap(({ key, value }) => (isScalar(key) ? [[String(key.value), value] as const] : []));
}

function resolve(node: unknown, document: Document.Parsed): unknown {
  return isAlias(node) ? node.resolve(document) : node;
}
