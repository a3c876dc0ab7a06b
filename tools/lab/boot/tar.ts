/** What a guest's seed is made of: files and symbolic links, all owned by root. */
export type Entry =
  | { readonly path: string; readonly mode?: number; readonly text: string }
  | { readonly path: string; readonly link: string };

/** An archive as tar(5) describes it under "POSIX ustar". Paths are relative and shorter than 100 bytes. */
export function tar(entries: readonly Entry[]): Buffer {
  const end = Buffer.alloc(1024);
  return Buffer.concat([...entries.flatMap(member), end]);
}

function member(entry: Entry): Buffer[] {
  if ("link" in entry) return [header(entry.path, 0o777, 0, "2", entry.link)];
  const content = Buffer.from(entry.text);
  const padding = Buffer.alloc((512 - (content.length % 512)) % 512);
  return [header(entry.path, entry.mode ?? 0o644, content.length, "0", ""), content, padding];
}

function header(path: string, mode: number, size: number, type: string, link: string): Buffer {
  if (Buffer.byteLength(path) >= 100) throw new Error(`tar: the path ${path} is too long`);
  const octal = (value: number, width: number) => `${value.toString(8).padStart(width - 1, "0")}\0`;
  const block = Buffer.alloc(512);
  block.write(path, 0);
  block.write(octal(mode, 8), 100);
  block.write(octal(0, 8), 108);
  block.write(octal(0, 8), 116);
  block.write(octal(size, 12), 124);
  block.write(octal(Math.floor(Date.now() / 1000), 12), 136);
  block.write(" ".repeat(8), 148);
  block.write(type, 156);
  block.write(link, 157);
  block.write("ustar\u000000", 257);
  // The checksum is taken with its own field full of blanks.
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${octal(sum, 7)} `, 148);
  return block;
}
