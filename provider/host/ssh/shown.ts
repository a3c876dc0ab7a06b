/** What stands for a text that could be the secret itself, put into the wrong field. */
const HIDDEN = "(not shown: it could be a secret)";

/** A path of the connection for a message. A key or a password has no place there, and may stand there all the same. */
export function shownPath(path: string): string {
  return isPath(path) ? path : HIDDEN;
}

/** The name of an environment variable for a message. */
export function shownVariable(name: string): string {
  return /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/.test(name) ? name : HIDDEN;
}

/** A line that should be a public key, for a message. */
export function shownKey(line: string): string {
  return /^(?:SHA256:|MD5:|ssh-|ecdsa-|sk-)/.test(line) ? JSON.stringify(line.slice(0, 80)) : HIDDEN;
}

export function isPath(text: string): boolean {
  return text.length < 256 && text.includes("/") && !/[\u0000-\u001f]|-----/.test(text);
}
