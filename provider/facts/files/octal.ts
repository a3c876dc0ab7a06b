/** Replaces the characters by their octal codes, as fstab(5), exports(5) and /proc/self/mountinfo want it: a blank is `\040`. */
export function escapeOctal(text: string, characters: RegExp): string {
  return text.replaceAll(characters, (character) => `\\${character.charCodeAt(0).toString(8).padStart(3, "0")}`);
}

/** The text with all octal codes resolved. Codes above 177 are bytes of UTF-8, so neighbouring ones are decoded together. */
export function unescapeOctal(text: string): string {
  return text.replaceAll(/(?:\\[0-3][0-7]{2})+/g, (codes) => {
    const bytes = codes.split("\\").slice(1);
    return Buffer.from(bytes.map((code) => Number.parseInt(code, 8))).toString("utf8");
  });
}
