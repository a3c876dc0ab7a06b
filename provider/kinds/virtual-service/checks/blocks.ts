/** A line of keepalived's configuration, with the lines of its block. */
export interface Line {
  readonly words: readonly string[];
  /** Undefined: it has no block. */
  readonly block?: readonly Line[];
}

/** The lines of a text in the form in which we write them: a block begins at the end of a line, and ends on one of its own. */
export function readBlocks(text: string): readonly Line[] | undefined {
  const top: Line[] = [];
  const open: Line[][] = [top];
  for (const line of text.split("\n")) {
    const words = wordsOf(line);
    const inside = open.at(-1);
    if (words === undefined || inside === undefined) return undefined;
    if (words.length === 0) continue;
    if (words.length === 1 && words[0] === "}") open.pop();
    else if (words.at(-1) === "{") {
      const block: Line[] = [];
      inside.push({ words: words.slice(0, -1), block });
      open.push(block);
    } else inside.push({ words });
  }
  return open.length === 1 ? top : undefined;
}

/** Without a comment. Quotes hold a program with its arguments together. Undefined: not in a form of ours. */
function wordsOf(line: string): readonly string[] | undefined {
  const [text = ""] = line.split(/[#!]/);
  const [before = "", quoted, after, ...more] = text.split('"');
  const words = before.split(/[ \t]+/).filter((word) => word !== "");
  if (quoted === undefined) return words;
  return after?.trim() === "" && more.length === 0 ? [...words, quoted] : undefined;
}

/** The words behind a name, of lines without a block: each name once. */
export class Options {
  readonly #left: Map<string, readonly string[]>;
  readonly #isRepeated: boolean;

  constructor(lines: readonly Line[]) {
    const plain = lines.filter(({ block }) => block === undefined);
    this.#left = new Map(plain.map(({ words: [name = "", ...rest] }) => [name, rest]));
    this.#isRepeated = this.#left.size !== plain.length;
  }

  /** The words, which are then read. Undefined: there is no such line. */
  take(name: string): readonly string[] | undefined {
    const words = this.#left.get(name);
    this.#left.delete(name);
    return words;
  }

  /** The one word. Throws where there are none, or more. */
  word(name: string): string | undefined {
    const words = this.take(name);
    if (words === undefined) return undefined;
    const [word, ...more] = words;
    if (word === undefined || more.length > 0) throw new Error(`${name} has ${words.length} words`);
    return word;
  }

  /** The one number. Throws where it is none. */
  number(name: string): number | undefined {
    const word = this.word(name);
    if (word === undefined) return undefined;
    if (!/^\d{1,12}(?:\.\d{1,6})?$/.test(word)) throw new Error(`${name} ${word} is no number`);
    return Number(word);
  }

  needed(name: string): number {
    const value = this.number(name);
    if (value === undefined) throw new Error(`${name} is missing`);
    return value;
  }

  /** Whether there is this word alone. */
  flag(name: string): boolean {
    const words = this.take(name);
    if (words !== undefined && words.length > 0) throw new Error(`${name} has words behind it`);
    return words !== undefined;
  }

  /** Throws where a line was not read, or is there twice. */
  end(): void {
    const [name] = this.#left.keys();
    if (this.#isRepeated || name !== undefined) throw new Error(`${name ?? "a line"} is not one of ours`);
  }
}
