import type { Result } from "../../step";
import { decode } from "./bytes";

/** The output of one script, as it arrives on two streams. */
export interface Replies {
  readonly take: (stream: "stdout" | "stderr", chunk: Buffer) => void;
  /** The number of marks seen on stdout: the index of the entry that is running. */
  readonly passed: () => number;
  /** One result for each entry, once the last mark was seen on both streams; an entry that was skipped has none. */
  readonly results: () => readonly (Result | undefined)[] | undefined;
  /** What has arrived since the last mark. */
  readonly unfinished: () => { readonly stdout: string; readonly stderr: string };
}

interface Part {
  readonly code: string;
  readonly bytes: Buffer;
}

/** Cuts two streams at their marks: `\n<nonce> <entry> <exit code>\n`. The newline before it belongs to the mark. */
export function replies(nonce: string, entries: number): Replies {
  const streams = { stdout: cutter(nonce), stderr: cutter(nonce) };
  return {
    take: (stream, chunk) => streams[stream].take(chunk),
    passed: () => streams.stdout.parts.length,
    unfinished: () => ({ stdout: decode(streams.stdout.rest()), stderr: decode(streams.stderr.rest()) }),
    results: () => {
      const { stdout, stderr } = streams;
      if (stdout.parts.length <= entries || stderr.parts.length <= entries) return undefined;
      return stdout.parts.slice(0, entries).map(({ code, bytes }, index) => {
        if (code === SKIPPED) return undefined;
        const errors = stderr.parts[index]?.bytes ?? Buffer.alloc(0);
        return { code: Number(code), stdout: decode(bytes), stderr: decode(errors) };
      });
    },
  };
}

/** Instead of an exit code: the command did not run. */
export const SKIPPED = "-";

function cutter(nonce: string) {
  const start = Buffer.from(`\n${nonce} `);
  const parts: Part[] = [];
  let rest = Buffer.alloc(0);
  let searched = 0;
  const cut = (): boolean => {
    const at = rest.indexOf(start, searched);
    if (at === -1) {
      searched = Math.max(0, rest.length - start.length);
      return false;
    }
    searched = at;
    const end = rest.indexOf("\n", at + start.length);
    if (end === -1) return false;
    const [, code = ""] = rest.toString("latin1", at + start.length, end).split(" ");
    parts.push({ code, bytes: rest.subarray(0, at) });
    rest = rest.subarray(end + 1);
    searched = 0;
    return true;
  };
  return {
    parts: parts as readonly Part[],
    rest: () => rest,
    take: (chunk: Buffer) => {
      rest = Buffer.concat([rest, chunk]);
      while (cut());
    },
  };
}
