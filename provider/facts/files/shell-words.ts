import type { Line } from "./lines";

/** A command of shell text that has words only. */
export interface Command {
  readonly line: number;
  readonly words: readonly ShellWord[];
}

export interface ShellWord {
  /** Without quotes. */
  readonly text: string;
  /** Where its `=` is, if the word is an assignment. */
  readonly nameEnd?: number;
  /** False: it has a variable, or something else that only a shell could expand. */
  readonly isKnown: boolean;
}

/** The commands of shell text up to the first that is not made of words alone: a pipe, a substitution, an open quote. */
export function readCommands(lines: readonly Line[]): {
  readonly commands: readonly Command[];
  readonly problem?: { readonly line: number; readonly reason: string };
} {
  return new WordReader(lines).read();
}

class WordReader {
  readonly #text: string;
  readonly #commands: Command[] = [];
  #words: ShellWord[] = [];
  #at = 0;
  #line: number;
  #commandLine = 0;

  constructor(lines: readonly Line[]) {
    this.#text = lines.map(({ text }) => `${text}\n`).join("");
    this.#line = lines[0]?.number ?? 1;
  }

  read(): ReturnType<typeof readCommands> {
    while (this.#at < this.#text.length) {
      const problem = this.#step();
      if (problem !== undefined) return { commands: this.#commands, problem: { line: this.#line, reason: problem } };
    }
    this.#endCommand();
    return { commands: this.#commands };
  }

  /** Takes a blank, a comment, the end of a command or a word. Returns what is neither. */
  #step(): string | undefined {
    const char = this.#text.charAt(this.#at);
    if (char === " " || char === "\t") this.#at++;
    else if (char === "#") this.#at = this.#text.indexOf("\n", this.#at);
    else if (char === "\n" || char === ";") {
      if (char === ";" && this.#words.length === 0) return "; without a command before it";
      this.#endCommand();
      this.#skip();
    } else if (this.#text.startsWith("\\\n", this.#at)) {
      this.#skip();
      this.#skip();
    } else return this.#word();
    return undefined;
  }

  #endCommand(): void {
    if (this.#words.length > 0) this.#commands.push({ line: this.#commandLine, words: this.#words });
    this.#words = [];
  }

  #skip(): void {
    if (this.#text.charAt(this.#at) === "\n") this.#line++;
    this.#at++;
  }

  #word(): string | undefined {
    if (this.#words.length === 0) this.#commandLine = this.#line;
    const [, name] = ASSIGNMENT.exec(this.#text.slice(this.#at, this.#at + 80)) ?? [];
    let isKnown = true;
    const parts: string[] = [];
    while (!BREAKS.includes(this.#text.charAt(this.#at))) {
      const part = this.#part();
      if ("problem" in part) return part.problem;
      parts.push(part.text);
      isKnown &&= part.isKnown;
    }
    if (this.#at < this.#text.length && !ENDS.includes(this.#text.charAt(this.#at))) {
      return `"${this.#text.charAt(this.#at)}" is more than an assignment`;
    }
    this.#words.push({ text: parts.join(""), isKnown, ...(name !== undefined && { nameEnd: name.length }) });
    return undefined;
  }

  /** A quoted part, an escaped character, or plain text. */
  #part(): Part {
    const char = this.#text.charAt(this.#at);
    if (char === "'") return this.#singleQuoted();
    if (char === '"') return this.#doubleQuoted();
    if (char === "`") return { problem: "` runs a command" };
    if (char === "$") return this.#dollar('"');
    if (char === "\\") {
      this.#at++;
      const escaped = this.#text.charAt(this.#at);
      this.#skip();
      return { text: escaped === "\n" ? "" : escaped, isKnown: true };
    }
    PLAIN.lastIndex = this.#at;
    const [text = ""] = PLAIN.exec(this.#text) ?? [];
    this.#at += text.length;
    // ~ may be somebody's home, and braces several words.
    return { text, isKnown: !/[~{]/.test(text) };
  }

  #singleQuoted(): Part {
    const end = this.#text.indexOf("'", this.#at + 1);
    if (end < 0) return { problem: "a quote has no end" };
    const text = this.#text.slice(this.#at + 1, end);
    this.#line += text.split("\n").length - 1;
    this.#at = end + 1;
    return { text, isKnown: true };
  }

  #doubleQuoted(): Part {
    const parts: string[] = [];
    let isKnown = true;
    this.#at++;
    while (this.#at < this.#text.length) {
      const char = this.#text.charAt(this.#at);
      if (char === '"') {
        this.#at++;
        return { text: parts.join(""), isKnown };
      }
      if (char === "`") return { problem: "` runs a command" };
      const part = char === "$" ? this.#dollar("") : this.#quotedPart(char);
      if ("problem" in part) return part;
      parts.push(part.text);
      isKnown &&= part.isKnown;
    }
    return { problem: "a quote has no end" };
  }

  #quotedPart(char: string): { readonly text: string; readonly isKnown: true } {
    if (char === "\\") {
      const next = this.#text.charAt(this.#at + 1);
      this.#skip();
      this.#skip();
      return { text: next === "\n" ? "" : '$`"\\'.includes(next) ? next : `\\${next}`, isKnown: true };
    }
    QUOTED.lastIndex = this.#at;
    const [text = ""] = QUOTED.exec(this.#text) ?? [];
    this.#line += text.split("\n").length - 1;
    this.#at += text.length;
    return { text, isKnown: true };
  }

  /** `$NAME` and `${NAME}` have a value that is not known here. Outside of quotes, a quote after the dollar sign is one more way to quote. */
  #dollar(quote: string): Part {
    VARIABLE.lastIndex = this.#at;
    const [variable] = VARIABLE.exec(this.#text) ?? [];
    if (variable !== undefined) {
      this.#at += variable.length;
      return { text: variable, isKnown: false };
    }
    const next = this.#text.charAt(this.#at + 1);
    if ("({[\\".includes(next) || (quote !== "" && (next === "'" || next === '"'))) {
      return { problem: `"$${next}" is more than an assignment` };
    }
    this.#at++;
    return { text: "$", isKnown: true };
  }
}

type Part = { readonly text: string; readonly isKnown: boolean } | { readonly problem: string };

const ASSIGNMENT = /^([A-Za-z_]\w*)=/;
const PLAIN = /[^'"`$\\ \t\n;&|()<>]+/y;
const QUOTED = /[^"`$\\]+/y;
const VARIABLE = /\$(?:\w+|\{\w+\}|[@*#?$!-])/y;
/** What ends a word, and of these what may. The end of the text is the empty string. */
const BREAKS = [" ", "\t", "\n", ";", "&", "|", "(", ")", "<", ">", ""];
const ENDS = [" ", "\t", "\n", ";"];
