import { type AnyAuthMethod, utils } from "ssh2";
import { DialError, messageOf } from "../dial-error";
import type { Hop } from "../route";
import { fromPkcs8, isPkcs8 } from "./pkcs8";

/** A way to log in. `label` is its name in messages, and never holds the secret. */
export interface Login {
  readonly label: string;
  /** Undefined: it is there, and cannot be used. The label says why. */
  readonly method: AnyAuthMethod | undefined;
}

export function keyLogin(hop: Hop, text: string, label: string): Login {
  // Pasted keys often lack the last newline, and configuration files may have DOS line ends.
  const key = parse(`${text.replaceAll("\r\n", "\n").trim()}\n`, hop.privateKeyPassword);
  if (key instanceof Error) throw unreadableKey(label, key.message, hop.privateKeyPassword !== undefined);
  if (!key.isPrivateKey())
    throw new DialError(`${label} is a public key`, [], ["Give the private one: the file without .pub."]);
  return { label: `${label} (${key.type})`, method: { type: "publickey", username: hop.user, key } };
}

function parse(text: string, passphrase: string | undefined): ReturnType<typeof utils.parseKey> | Error {
  if (!isPkcs8(text)) return utils.parseKey(text, passphrase);
  try {
    return utils.parseKey(fromPkcs8(text, passphrase));
  } catch (error) {
    return new Error(messageOf(error));
  }
}

function unreadableKey(label: string, why: string, hasPassword: boolean): DialError {
  const encrypted = /passphrase|encrypted|decrypt/i.test(why);
  if (encrypted && !hasPassword)
    return new DialError(`${label} is encrypted`, [], ["Set privateKeyPassword, or give an agent by agentSocketPath."]);
  if (encrypted || hasPassword) return new DialError(`${label} cannot be decrypted with privateKeyPassword`, [], []);
  return new DialError(
    `${label} is not a private key that we can read: ${why}`,
    [],
    ["OpenSSH, PEM and PKCS#8 forms of ed25519, ecdsa and rsa keys are read."],
  );
}
