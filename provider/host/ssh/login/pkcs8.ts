import { createPrivateKey, type KeyObject } from "node:crypto";

/** Whether a text has the form of OpenSSL's own tools, of which ssh reads most, and ssh2 none. */
export function isPkcs8(text: string): boolean {
  return /^-----BEGIN (?:ENCRYPTED )?PRIVATE KEY-----/.test(text);
}

/** The same key in a form that ssh2 reads. Throws what Node says of one that it cannot read. */
export function fromPkcs8(text: string, passphrase: string | undefined): string {
  // OpenSSL would ask for one.
  if (passphrase === undefined && text.startsWith("-----BEGIN ENCRYPTED")) throw new Error("it is encrypted");
  const key = createPrivateKey({ key: text, format: "pem", passphrase });
  switch (key.asymmetricKeyType) {
    case "rsa":
      return key.export({ type: "pkcs1", format: "pem" }).toString();
    case "ec":
      return key.export({ type: "sec1", format: "pem" }).toString();
    case "ed25519":
      return openSsh(key);
    default:
      throw new Error(`it is of the type ${key.asymmetricKeyType ?? "unknown"}`);
  }
}

/** As `ssh-keygen` writes it, without a passphrase and a comment. */
function openSsh(key: KeyObject): string {
  const { d = "", x = "" } = key.export({ format: "jwk" });
  const [seed, shown] = [Buffer.from(d, "base64url"), Buffer.from(x, "base64url")];
  const type = Buffer.from("ssh-ed25519");
  const none = part(Buffer.from("none"));
  const check = Buffer.alloc(8);
  const own = [check, part(type), part(shown), part(Buffer.concat([seed, shown])), part(Buffer.alloc(0))];
  const length = own.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const padding = Buffer.from([1, 2, 3, 4, 5, 6, 7].slice(0, -length & 7));
  const all = Buffer.concat([
    Buffer.from("openssh-key-v1\0"),
    none,
    none,
    part(Buffer.alloc(0)),
    Buffer.from([0, 0, 0, 1]),
    part(Buffer.concat([part(type), part(shown)])),
    part(Buffer.concat([...own, padding])),
  ]);
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${all.toString("base64")}\n-----END OPENSSH PRIVATE KEY-----\n`;
}

/** Its length in four bytes, and the bytes. */
function part(bytes: Uint8Array): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.byteLength);
  return Buffer.concat([length, bytes]);
}
