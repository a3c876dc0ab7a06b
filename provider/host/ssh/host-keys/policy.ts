import { appendFile, mkdir } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname } from "node:path";
import type { HostKey } from "../../../model/host-key";
import { quote } from "../../../step";
import { codeOf, DialError, messageOf, reasonOf } from "../dial-error";
import { IF_OLD } from "../last-up";
import { expandHome, readLocalFile, sshHome } from "../local-files";
import type { Hop } from "../route";
import { shownPath } from "../shown";
import { hostKeyAlgorithms } from "./algorithms";
import {
  findKnownHosts,
  fingerprint,
  hashedName,
  isOwn,
  judge,
  type KnownHost,
  knownHostsName,
  parseHostKeys,
  readHostKey,
  rsaBits,
} from "./known-hosts";

/** The known keys of a host, before a connection. */
export interface KeyPolicy {
  /** The algorithms that the host may sign with. */
  readonly algorithms: readonly string[];
  /** A key is known, whatever it is. */
  readonly isKnown: boolean;
  /** Resolves to the reason to end the connection, or undefined. */
  readonly verify: (shown: Buffer) => Promise<DialError | undefined>;
}

/** From `hostKey`, or else from known_hosts files. */
export async function keyPolicy(hop: Hop): Promise<KeyPolicy> {
  const known = hop.hostKey === undefined ? await readKnownHosts(hop) : pinned(hop.hostKey);
  const types = known.filter(isOwn).map(({ key }) => key.type);
  return {
    isKnown: types.length > 0,
    algorithms: hostKeyAlgorithms(types, hop.config?.hostKeyAlgorithms),
    verify: (shown) => verify(hop, known, readHostKey(shown)),
  };
}

function pinned(hostKey: string): readonly KnownHost[] {
  try {
    return parseHostKeys(hostKey).map((key) => ({ key, revoked: false, authority: false, loose: false }));
  } catch (error) {
    throw new DialError(
      messageOf(error),
      [],
      ['Set hostKey to the line that "ssh-keyscan HOST" prints, once you have compared its fingerprint.'],
    );
  }
}

async function readKnownHosts(hop: Hop): Promise<readonly KnownHost[]> {
  const { users, all } = knownHostsFiles(hop);
  const found = [...users, ...all].map(async (path) => {
    const text = await readIfThere(path);
    return findKnownHosts(text, ...nameAndPort(hop)).map((known) => ({ ...known, path }));
  });
  return (await Promise.all(found)).flat();
}

/** Of this user, of which the first is written to, and of all. */
function knownHostsFiles({ knownHostsPath, config }: Hop): { users: readonly string[]; all: readonly string[] } {
  if (knownHostsPath !== undefined) return { users: [expandHome(knownHostsPath)], all: [] };
  const home = config === undefined ? homedir() : sshHome();
  return {
    users: config?.userKnownHosts ?? [`${home}/.ssh/known_hosts`, `${home}/.ssh/known_hosts2`],
    all: config?.globalKnownHosts ?? ["/etc/ssh/ssh_known_hosts", "/etc/ssh/ssh_known_hosts2"],
  };
}

/** What the host is called in known_hosts: an alias stands there without a port. */
function nameAndPort({ host, port, config }: Hop): [name: string, port: number] {
  return config?.hostKeyAlias === undefined ? [host, port] : [config.hostKeyAlias, 22];
}

async function readIfThere(path: string): Promise<string> {
  try {
    return await readLocalFile(path);
  } catch (error) {
    if (codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR") return "";
    throw new DialError(`cannot read the known host keys in ${shownPath(path)}: ${reasonOf(error)}`, [], []);
  }
}

async function verify(hop: Hop, known: readonly KnownHost[], shown: HostKey): Promise<DialError | undefined> {
  const { requiredRsaSize = 0 } = hop.config ?? {};
  const bits = rsaBits(shown);
  if (bits !== undefined && bits < requiredRsaSize) return tooShort(hop, shown, bits);
  switch (judge(shown, known)) {
    case "known":
      return undefined;
    case "revoked":
      return new DialError("THE HOST KEY IS REVOKED", describe(hop, shown), [
        "It is marked @revoked in the known hosts file. Do not connect.",
      ]);
    case "changed":
      return changed(hop, known, shown);
    case "unknown":
      return hop.hostKeyCheck === "accept-new" && hop.hostKey === undefined
        ? accept(hop, shown)
        : unknown(hop, known, shown);
  }
}

function tooShort(hop: Hop, shown: HostKey, bits: number): DialError {
  return new DialError(
    `the host's RSA key has ${bits} bits, and RequiredRSASize in ssh_config wants ${hop.config?.requiredRsaSize}`,
    describe(hop, shown),
    ["Give the host an ed25519 key, or a longer one (ssh-keygen -t rsa -b 3072)."],
  );
}

function changed(hop: Hop, known: readonly KnownHost[], shown: HostKey): DialError {
  const expected = known.filter(isOwn).map(({ key }) => `expected ${key.type} ${fingerprint(key)}`);
  const place =
    hop.hostKey === undefined ? `the old line out of the known hosts file (${removals(hop, known)})` : "hostKey";
  return new DialError(
    "THE HOST KEY HAS CHANGED",
    [...expected, ...describe(hop, shown)],
    [
      "Somebody may be between you and the host, and nothing was sent to it.",
      `If the host was installed anew, compare the fingerprint on its console and then ${hop.hostKey === undefined ? "take" : "change"} ${place}.`,
      ...(hop.hostKey === undefined ? [] : [IF_OLD]),
    ],
  );
}

/** `ssh-keygen` looks in the usual file alone, where no other is named. */
function removals(hop: Hop, known: readonly KnownHost[]): string {
  const name = JSON.stringify(knownHostsName(...nameAndPort(hop)));
  const files = new Set(known.filter(isOwn).map(({ path = "" }) => path));
  const usual = `${sshHome()}/.ssh/known_hosts`;
  return [...files].map((path) => `ssh-keygen ${path === usual ? "" : `-f ${quote(path)} `}-R ${name}`).join("; ");
}

function unknown(hop: Hop, known: readonly KnownHost[], shown: HostKey): DialError {
  return new DialError("the host key is not known", describe(hop, shown), [
    ...(known.some(({ authority }) => authority) ? [AUTHORITY] : []),
    `Compare it with what "ssh-keygen -lf /etc/ssh/ssh_host_${shortType(shown.type)}_key.pub" prints on the host. If it is the same,`,
    `set hostKey to "${shown.type} ${shown.blob}",`,
    `or add the line above to ${shownPath(hop.knownHostsPath ?? hop.config?.userKnownHosts?.[0] ?? "~/.ssh/known_hosts")}`,
    'or set hostKeyCheck: "accept-new" to trust the key that a host shows first.',
  ]);
}

async function accept(hop: Hop, shown: HostKey): Promise<DialError | undefined> {
  const [path] = knownHostsFiles(hop).users;
  if (path === undefined) return undefined;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const before = await readIfThere(path);
    const newline = before === "" || before.endsWith("\n") ? "" : "\n";
    const hashes = hop.config?.hashKnownHosts === true;
    const noted = hashes ? line(hop, shown, hashedName) : line(hop, shown);
    await appendFile(path, `${newline}${noted}\n`, { mode: 0o600 });
    return undefined;
  } catch (error) {
    return new DialError(`cannot add the host key to ${shownPath(path)}: ${reasonOf(error)}`, [], []);
  }
}

function describe(hop: Hop, shown: HostKey): string[] {
  return [`${shown.type} ${fingerprint(shown)}`, line(hop, shown)];
}

function line(hop: Hop, { type, blob }: HostKey, write = (name: string) => name): string {
  return `${write(knownHostsName(...nameAndPort(hop)))} ${type} ${blob}`;
}

const AUTHORITY =
  "The known hosts file names an authority for this host (@cert-authority). ssh2, which speaks SSH here, takes no certificates of hosts: its own key has to be known.";

function shortType(type: string): string {
  return type.startsWith("ecdsa") ? "ecdsa" : type.replace("ssh-", "");
}
