import { TextDecoder } from "node:util";

/**
 * Bytes of a host as text and back, without loss. A byte that is no UTF-8 becomes a lone surrogate U+DC80 ... U+DCFF, so
 * that a file with a comment in Latin-1 is written back as it was.
 */
export function decode(bytes: Buffer): string {
  const text = bytes.toString("utf8");
  return text.includes("\uFFFD") ? decodeAll(bytes) : text;
}

/** The way back. */
export function encode(text: string): Buffer {
  if (!LONE.test(text)) return Buffer.from(text, "utf8");
  return Buffer.concat(
    text
      .split(/((?<![\uD800-\uDBFF])[\uDC80-\uDCFF])/)
      .map((part) => (LONE.test(part) ? Buffer.of(part.charCodeAt(0) - 0xdc00) : Buffer.from(part, "utf8"))),
  );
}

const LONE = /(?<![\uD800-\uDBFF])[\uDC80-\uDCFF]/;

function decodeAll(bytes: Buffer): string {
  const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = [1, 2, 3, 4].find(
      (count) => at + count <= bytes.length && reads(strict, bytes.subarray(at, at + count)),
    );
    parts.push(
      length === undefined
        ? String.fromCharCode(0xdc00 + bytes.readUInt8(at))
        : bytes.toString("utf8", at, at + length),
    );
    at += length ?? 1;
  }
  return parts.join("");
}

function reads(decoder: TextDecoder, bytes: Buffer): boolean {
  try {
    decoder.decode(bytes);
    return true;
  } catch {
    return false;
  }
}
