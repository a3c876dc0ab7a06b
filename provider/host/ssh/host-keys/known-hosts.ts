import { createHash, createHmac, randomBytes } from "node:crypto";
import { findHostKey, type HostKey, keyLines, keyType } from "../../../model/host-key";
import { matchesPatterns } from "../patterns";
import { shownKey } from "../shown";

/** A line of a known_hosts file, for one host. */
export interface KnownHost {
  readonly key: HostKey;
  readonly revoked: boolean;
  /** The key is that of an authority which signs keys of hosts. It says nothing about a plain key. */
  readonly authority: boolean;
  /** The line has no port although we use another one than 22: it can confirm a key, but not contradict one. */
  readonly loose: boolean;
  /** Where it stands. Undefined: in `hostKey`. */
  readonly path?: string;
}

/** How a key that a host shows compares with the known ones. */
export type Verdict = "known" | "unknown" | "changed" | "revoked";

/** Lines as in authorized_keys or known_hosts: words before the type of the key are skipped. */
export function parseHostKeys(text: string): readonly HostKey[] {
  return keyLines(text).map((line) => {
    const key = findHostKey(line.split(/\s+/));
    if (key === undefined)
      throw new Error(`cannot read a host key in ${shownKey(line)}; expected "ssh-ed25519 AAAA..."`);
    return key;
  });
}

/** The lines of a known_hosts file for a host: plain, hashed and wildcard names, `[host]:port`, `@revoked`. */
export function findKnownHosts(text: string, host: string, port: number): readonly KnownHost[] {
  return text.split("\n").flatMap((line): KnownHost[] => {
    const [first = "", ...others] = line.trim().split(/\s+/);
    if (first === "" || first.startsWith("#")) return [];
    const [revoked, authority] = [first === "@revoked", first === "@cert-authority"];
    const [names = "", ...rest] = revoked || authority ? others : [first, ...others];
    const key = findHostKey(rest.slice(0, 2));
    if (key === undefined) return [];
    if (matches(names, knownHostsName(host, port))) return [{ key, revoked, authority, loose: false }];
    return port !== 22 && matches(names, host.toLowerCase()) ? [{ key, revoked, authority, loose: true }] : [];
  });
}

/** A changed key is worse than an unknown one: another machine may intercept the connection. */
export function judge(shown: HostKey, known: readonly KnownHost[]): Verdict {
  const same = known.filter(({ key, authority }) => !authority && key.type === shown.type && key.blob === shown.blob);
  if (same.some(({ revoked }) => revoked)) return "revoked";
  if (same.some(isOwn)) return "known";
  // A line without a port is asked only where there is none with it.
  if (known.some(isOwn)) return "changed";
  return same.length > 0 ? "known" : "unknown";
}

/** Whether a key is one that the host itself should show. */
export function isOwn({ revoked, authority, loose }: KnownHost): boolean {
  return !revoked && !authority && !loose;
}

/** The name of a host as `HashKnownHosts` wants it noted: nobody can read there where its owner logs in. */
export function hashedName(name: string): string {
  const salt = randomBytes(20);
  return `|1|${salt.toString("base64")}|${createHmac("sha1", salt).update(name).digest("base64")}`;
}

/** The name of a host in known_hosts. */
export function knownHostsName(host: string, port: number): string {
  return port === 22 ? host.toLowerCase() : `[${host.toLowerCase()}]:${port}`;
}

/** The key in the form in which the protocol carries it. */
export function readHostKey(bytes: Buffer): HostKey {
  return { type: keyType(bytes) ?? "unknown", blob: bytes.toString("base64") };
}

/** `SHA256:...`, as `ssh-keygen -l` prints it. */
export function fingerprint({ blob }: HostKey): string {
  return `SHA256:${createHash("sha256").update(Buffer.from(blob, "base64")).digest("base64").replace(/=+$/, "")}`;
}

/** The length of an RSA key; undefined for other keys. */
export function rsaBits({ type, blob }: HostKey): number | undefined {
  if (type !== "ssh-rsa") return undefined;
  const bytes = Buffer.from(blob, "base64");
  // The type, the exponent, and the modulus, whose first byte is 0 where its first bit is set.
  let at = 0;
  for (const _part of ["type", "exponent"]) at += 4 + (bytes.length < at + 4 ? 0 : bytes.readUInt32BE(at));
  const modulus = bytes.subarray(at + 4);
  const first = modulus.findIndex((byte) => byte !== 0);
  return first === -1 ? 0 : (modulus.length - first) * 8 - Math.clz32(modulus[first] ?? 0) + 24;
}

function matches(names: string, name: string): boolean {
  if (names.startsWith("|1|")) return matchesHash(names, name);
  return matchesPatterns(name, names.toLowerCase().split(","));
}

function matchesHash(hashed: string, name: string): boolean {
  const [, , salt = "", hash = ""] = hashed.split("|");
  return createHmac("sha1", Buffer.from(salt, "base64")).update(name).digest("base64") === hash;
}
