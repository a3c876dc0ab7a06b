import { decode } from "../../model/bytes";
import { READABLE } from "../../readable";
import type { Result } from "../../step";

/** The output of one script, as it arrives on two streams. */
export interface Replies {
  readonly take: (stream: "stdout" | "stderr", chunk: Buffer) => void;
  /** The number of marks seen on stdout: the index of the entry that is running. No more than there are entries, and the last mark. */
  readonly passed: () => number;
  /** One result for each entry, once the last mark was seen on both streams; an entry that was skipped has none. */
  readonly results: () => readonly (Result | undefined)[] | undefined;
  /** Whether there was more than any command of ours has to say: it would fill the memory of the machine that runs Pulumi. */
  readonly tooMuch: () => boolean;
  /** The end of what has arrived since the last mark. */
  readonly unfinished: () => { readonly stdout: string; readonly stderr: string };
}

interface Part {
  readonly code: string;
  readonly bytes: Buffer;
  /** More was said than is kept. */
  readonly isCut: boolean;
}

/** Cuts two streams at their marks: `\n<nonce> <entry> <exit code>\n`. The newline before it belongs to the mark. */
export function replies(nonce: string, entries: number): Replies {
  const streams = { stdout: cutter(nonce), stderr: cutter(nonce) };
  return {
    take: (stream, chunk) => streams[stream].take(chunk),
    passed: () => Math.min(streams.stdout.parts.length, entries + 1),
    tooMuch: () => streams.stdout.length() + streams.stderr.length() > MOST,
    unfinished: () => ({ stdout: endOf(streams.stdout.rest()), stderr: endOf(streams.stderr.rest()) }),
    results: () => {
      const { stdout, stderr } = streams;
      if (stdout.parts.length <= entries || stderr.parts.length <= entries) return undefined;
      return stdout.parts.slice(0, entries).map(({ code, bytes, isCut }, index) => {
        if (code === SKIPPED) return undefined;
        const errors = stderr.parts[index];
        if (isCut || errors?.isCut === true) return TOO_LONG;
        if (hasTooManyLines(bytes)) return TOO_MANY_LINES;
        return { code: Number(code), stdout: decode(bytes), stderr: decode(errors?.bytes ?? Buffer.alloc(0)) };
      });
    },
  };
}

function endOf(bytes: Buffer): string {
  return decode(bytes.subarray(-4000));
}

/** Bytes of one script. */
export const MOST = 64 * 2 ** 20;

/** Of one answer. A text of empty lines takes a hundred times its length, once it is a list of them. */
const MOST_LINES = 250_000;

/** The command whose answer it was fails, and no other. */
const TOO_LONG: Result = { code: 1, stdout: "", stderr: tooLong(`${READABLE >> 20} MiB`) };
const TOO_MANY_LINES: Result = { code: 1, stdout: "", stderr: tooLong(`${MOST_LINES} lines`) };

function tooLong(most: string): string {
  return `this printed more than ${most}, or the file that it reads is longer: look what is in it\n`;
}

function hasTooManyLines(bytes: Buffer): boolean {
  if (bytes.length <= MOST_LINES) return false;
  let lines = 0;
  for (const byte of bytes) if (byte === 10) lines += 1;
  return lines > MOST_LINES;
}

/** Instead of an exit code: the command did not run. */
export const SKIPPED = "-";

function cutter(nonce: string) {
  const start = Buffer.from(`\n${nonce} `);
  const parts: Part[] = [];
  const arrived = growing();
  let searched = 0;
  let isCut = false;
  const cut = (): boolean => {
    const rest = arrived.rest();
    const at = rest.indexOf(start, searched);
    if (at === -1) {
      searched = Math.max(0, rest.length - start.length);
      // The end may be the beginning of a mark.
      if (rest.length > READABLE + start.length) {
        isCut = true;
        arrived.drop(searched);
        searched = 0;
      }
      return false;
    }
    searched = at;
    const end = rest.indexOf("\n", at + start.length);
    if (end === -1) return false;
    const [, code = ""] = rest.toString("latin1", at + start.length, end).split(" ");
    parts.push({ code, bytes: rest.subarray(0, at), isCut: isCut || at > READABLE });
    isCut = false;
    arrived.drop(end + 1);
    searched = 0;
    return true;
  };
  return {
    parts: parts as readonly Part[],
    length: arrived.length,
    rest: arrived.rest,
    take: (chunk: Buffer) => {
      arrived.add(chunk);
      while (cut());
    },
  };
}

/** Bytes that arrive in many chunks. What was dropped is never written to again: whoever has it may keep it. */
function growing() {
  let store = Buffer.alloc(0);
  let from = 0;
  let to = 0;
  let length = 0;
  return {
    length: () => length,
    rest: () => store.subarray(from, to),
    drop: (count: number) => {
      from += count;
    },
    add: (chunk: Buffer) => {
      length += chunk.length;
      if (to + chunk.length > store.length) {
        // Twice as large each time, so that a long answer is not copied with each chunk of it.
        const larger = Buffer.allocUnsafe(2 * (to - from + chunk.length));
        to = store.copy(larger, 0, from, to);
        [store, from] = [larger, 0];
      }
      to += chunk.copy(store, to);
    },
  };
}
