/**
 * The characters of an exports file as nfs-utils reads them, byte by byte: support/nfs/xio.c is the same from version 1.3 to 2.9.
 * Words end at the blanks of C's isspace(), but only blanks and tabs may stand in front of one; so a form feed ends a line, too.
 */
export class ExportsReader {
  readonly #bytes: Uint8Array;
  #at = 0;
  #line = 1;
  #counted = 0;
  /** The bytes of the word that is read now. */
  readonly #letters = Buffer.alloc(LONGEST_PATH + 1);

  constructor(text: string) {
    this.#bytes = Buffer.from(text);
  }

  /** The number of the line that is read now. */
  get line(): number {
    for (; this.#counted < this.#at; this.#counted++) if (this.#bytes[this.#counted] === NEWLINE) this.#line++;
    return this.#line;
  }

  /** The first word of an entry, on this line or a later one. "" at the end of the file; undefined when it is too long. */
  path(): string | undefined {
    this.#skip(true);
    return this.#word(LONGEST_PATH);
  }

  /** The next word of the same line. "" at its end; undefined when it is too long. */
  client(): string | undefined {
    this.#skip(false);
    return this.#word(LONGEST_CLIENT);
  }

  /** A backslash at the end of a line is a blank, together with the line's end and the blanks that begin the next line. */
  #next(): number | undefined {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) return undefined;
    this.#at++;
    if (byte !== BACKSLASH || this.#bytes[this.#at] !== NEWLINE) return byte;
    this.#at++;
    while (isBlank(this.#bytes[this.#at])) this.#at++;
    return BLANK;
  }

  /** Skips blanks, and a comment: it begins only where a word could, and a backslash does not continue it. */
  #skip(overLines: boolean): void {
    for (;;) {
      const start = this.#at;
      const byte = this.#next();
      if (byte === HASH) {
        const end = this.#bytes.indexOf(NEWLINE, this.#at);
        this.#at = end === -1 ? this.#bytes.length : end;
      } else if (!isBlank(byte) && !(overLines && byte === NEWLINE)) {
        this.#at = start;
        return;
      }
    }
  }

  #word(longest: number): string | undefined {
    let length = 0;
    let quoted = false;
    let byte: number | undefined;
    while (length <= longest) {
      byte = this.#next();
      if (byte === undefined || (!quoted && SPACES.has(byte))) break;
      if (byte === QUOTE) {
        quoted = !quoted;
        continue;
      }
      this.#letters[length++] = byte;
      length = this.#resolveOctal(length);
    }
    if (length > longest) return undefined;
    if (byte === NEWLINE) this.#at--;
    return this.#letters.toString("utf8", 0, length);
  }

  /** Replaces a code at the end of the word by its byte. A backslash that came out of a code can begin one, too. */
  #resolveOctal(length: number): number {
    const start = length - 4;
    const [high, middle, low] = [
      digit(this.#letters[start + 1]),
      digit(this.#letters[start + 2]),
      digit(this.#letters[start + 3]),
    ];
    if (this.#letters[start] !== BACKSLASH || high > 3 || middle > 7 || low > 7) return length;
    this.#letters[start] = high * 64 + middle * 8 + low;
    return start + 1;
  }
}

/** Bytes of a path. */
const LONGEST_PATH = 1024;

/** Bytes of a client with its options. */
const LONGEST_CLIENT = 511;

const [NEWLINE, BLANK, QUOTE, HASH, BACKSLASH] = [10, 32, 34, 35, 92];

/** isspace() of the C locale: other blanks, such as U+00A0, are letters of a name. */
const SPACES: ReadonlySet<number> = new Set([9, 10, 11, 12, 13, 32]);

/** What an octal digit counts; more than 7 for all else. */
function digit(byte: number | undefined): number {
  return byte === undefined || byte < 48 ? 8 : byte - 48;
}

function isBlank(byte: number | undefined): boolean {
  return byte === 32 || byte === 9;
}
