/** A public key of a host, as in `ssh-ed25519 AAAAC3Nza...`. */
export interface HostKey {
  readonly type: string;
  readonly blob: string;
}

/**
 * The key among words of a line of authorized_keys or known_hosts: those before its type are skipped, and may look like one (`ssh-gw`).
 * Undefined: none that is whole.
 */
export function findHostKey(words: readonly string[]): HostKey | undefined {
  for (const [at, type] of words.entries()) {
    if (!/^(ssh-|ecdsa-sha2-|sk-)/.test(type)) continue;
    const bytes = Buffer.from(words[at + 1] ?? "", "base64");
    if (keyType(bytes) === type && isWhole(bytes)) return { type, blob: bytes.toString("base64") };
  }
  return undefined;
}

/** A key begins with its own type: four bytes of length, then the name. */
export function keyType(bytes: Buffer): string | undefined {
  if (bytes.length < 4) return undefined;
  const length = bytes.readUInt32BE(0);
  return bytes.length < 4 + length ? undefined : bytes.toString("latin1", 4, 4 + length);
}

/** Lines that say something: a comment, as `ssh-keyscan` prints one, is none. */
export function keyLines(text: string): readonly string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
}

/** Whether a text has a key in each of its lines, and one at least. */
export function hasHostKeys(text: string): boolean {
  const lines = keyLines(text);
  return lines.length > 0 && lines.every((line) => findHostKey(line.split(/\s+/)) !== undefined);
}

/** One that was copied in part ends within one of its parts. Each has its length before it. */
function isWhole(bytes: Buffer): boolean {
  let [at, parts] = [0, 0];
  while (at + 4 <= bytes.length) {
    at += 4 + bytes.readUInt32BE(at);
    parts += 1;
  }
  return at === bytes.length && parts > 1;
}
