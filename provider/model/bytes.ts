/**
 * Bytes of a host as text and back, without loss. A byte that is no UTF-8 becomes a lone surrogate U+DC80 ... U+DCFF, so
 * that a file with a comment in Latin-1 is written back as it was. Both ways take time in proportion to the length.
 */
export function decode(bytes: Buffer): string {
  const text = bytes.toString("utf8");
  return text.includes("\uFFFD") ? decodeAll(bytes) : text;
}

/** The way back. */
export function encode(text: string): Buffer {
  if (!LONE.test(text)) return Buffer.from(text, "utf8");
  const bytes = Buffer.allocUnsafe(3 * text.length);
  let end = 0;
  for (const [index, part] of text.split(LONE).entries()) {
    if (index % 2 === 0) end += bytes.write(part, end, "utf8");
    else for (let at = 0; at < part.length; at += 1) bytes[end++] = part.charCodeAt(at) - 0xdc00;
  }
  return bytes.subarray(0, end);
}

/** Whether a text can stand for itself: no byte of it is no UTF-8, and no shell would lose a character. */
export function isPlainText(text: string): boolean {
  return !/[\0\p{Surrogate}]/u.test(text);
}

const LONE = /((?<![\uD800-\uDBFF])[\uDC80-\uDCFF]+)/;

function decodeAll(bytes: Buffer): string {
  // No character has more UTF-16 units than bytes of UTF-8.
  const units = new Uint16Array(bytes.length);
  let end = 0;
  for (let at = 0; at < bytes.length; ) {
    const length = characterAt(bytes, at);
    const point = length === 0 ? 0xdc00 + byteAt(bytes, at) : pointOf(bytes, at, length);
    if (point < 0x10000) units[end++] = point;
    else {
      units[end++] = 0xd800 + ((point - 0x10000) >> 10);
      units[end++] = 0xdc00 + ((point - 0x10000) & 0x3ff);
    }
    at += Math.max(1, length);
  }
  return Buffer.from(units.buffer, 0, 2 * end).toString("utf16le");
}

/** The number of bytes of the UTF-8 character that begins here; 0: none does. Table 3-7 of the Unicode standard. */
function characterAt(bytes: Buffer, at: number): number {
  const first = byteAt(bytes, at);
  if (first < 0x80) return 1;
  if (first < 0xc2 || first > 0xf4) return 0;
  const length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  // No overlong forms, no surrogates, nothing above U+10FFFF.
  const low = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const high = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  const second = byteAt(bytes, at + 1);
  if (second < low || second > high) return 0;
  for (let offset = 2; offset < length; offset += 1) if (byteAt(bytes, at + offset) >> 6 !== 2) return 0;
  return length;
}

function pointOf(bytes: Buffer, at: number, length: number): number {
  const first = byteAt(bytes, at);
  if (length === 1) return first;
  let point = first & (0x7f >> length);
  for (let offset = 1; offset < length; offset += 1) point = (point << 6) | (byteAt(bytes, at + offset) & 0x3f);
  return point;
}

/** 0 behind the end, which continues no character. */
function byteAt(bytes: Buffer, at: number): number {
  return bytes[at] ?? 0;
}
