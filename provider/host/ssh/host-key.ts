import { appendFile, mkdir, readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname } from "node:path";
import type { Reach } from "../../model/connection";
import { ownValue } from "../../model/own-value";
import { codeOf, DialError, messageOf, reasonOf } from "./dial-error";
import { expandHome } from "./expand-home";
import {
  findKnownHosts,
  fingerprint,
  type HostKey,
  judge,
  type KnownHost,
  knownHostsName,
  parseHostKeys,
  readHostKey,
} from "./known-hosts";
import { IF_OLD } from "./last-up";
import { shownPath } from "./shown";

/** The known keys of a host, before a connection. */
export interface KeyPolicy {
  /** The algorithms that the host may sign with. Undefined: any. */
  readonly algorithms: readonly string[] | undefined;
  /** Resolves to the reason to end the connection, or undefined. */
  readonly verify: (shown: Buffer) => Promise<DialError | undefined>;
}

/** From `hostKey`, or else from known_hosts files. */
export async function keyPolicy(reach: Reach): Promise<KeyPolicy> {
  const known = reach.hostKey === undefined ? await readKnownHosts(reach) : pinned(reach.hostKey);
  const types = known.filter(({ revoked, loose }) => !revoked && !loose).map(({ key }) => key.type);
  const algorithms = [...new Set(types.flatMap((type) => ownValue(ALGORITHMS, type) ?? []))];
  if (types.length > 0 && algorithms.length === 0) throw unsupported(types);
  return {
    algorithms: types.length === 0 ? undefined : algorithms,
    verify: (shown) => verify(reach, known, readHostKey(shown)),
  };
}

// An RSA key signs by several algorithms; SHA-1 is not offered.
const ALGORITHMS: Readonly<Record<string, readonly string[]>> = {
  "ssh-ed25519": ["ssh-ed25519"],
  "ecdsa-sha2-nistp256": ["ecdsa-sha2-nistp256"],
  "ecdsa-sha2-nistp384": ["ecdsa-sha2-nistp384"],
  "ecdsa-sha2-nistp521": ["ecdsa-sha2-nistp521"],
  "ssh-rsa": ["rsa-sha2-512", "rsa-sha2-256"],
};

function pinned(hostKey: string): readonly KnownHost[] {
  try {
    return parseHostKeys(hostKey).map((key) => ({ key, revoked: false, loose: false }));
  } catch (error) {
    throw new DialError(
      messageOf(error),
      [],
      ['Set hostKey to the line that "ssh-keyscan HOST" prints, once you have compared its fingerprint.'],
    );
  }
}

async function readKnownHosts({ host, port, knownHostsPath }: Reach): Promise<readonly KnownHost[]> {
  const paths =
    knownHostsPath === undefined ? [defaultPath(), "/etc/ssh/ssh_known_hosts"] : [expandHome(knownHostsPath)];
  const texts = await Promise.all(paths.map(readIfThere));
  return texts.flatMap((text) => findKnownHosts(text, host, port));
}

async function readIfThere(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR") return "";
    throw new DialError(`cannot read the known host keys in ${shownPath(path)}: ${reasonOf(error)}`, [], []);
  }
}

async function verify(reach: Reach, known: readonly KnownHost[], shown: HostKey): Promise<DialError | undefined> {
  switch (judge(shown, known)) {
    case "known":
      return undefined;
    case "revoked":
      return new DialError("THE HOST KEY IS REVOKED", describe(reach, shown), [
        "It is marked @revoked in the known hosts file. Do not connect.",
      ]);
    case "changed":
      return changed(reach, known, shown);
    case "unknown":
      return reach.hostKeyCheck === "accept-new" && reach.hostKey === undefined
        ? accept(reach, shown)
        : unknown(reach, shown);
  }
}

function changed(reach: Reach, known: readonly KnownHost[], shown: HostKey): DialError {
  const expected = known
    .filter(({ revoked, loose }) => !revoked && !loose)
    .map(({ key }) => `expected ${key.type} ${fingerprint(key)}`);
  const place =
    reach.hostKey === undefined
      ? `the old line out of the known hosts file (ssh-keygen -R ${JSON.stringify(knownHostsName(reach.host, reach.port))})`
      : "hostKey";
  return new DialError(
    "THE HOST KEY HAS CHANGED",
    [...expected, ...describe(reach, shown)],
    [
      "Somebody may be between you and the host, and nothing was sent to it.",
      `If the host was installed anew, compare the fingerprint on its console and then ${reach.hostKey === undefined ? "take" : "change"} ${place}.`,
      ...(reach.hostKey === undefined ? [] : [IF_OLD]),
    ],
  );
}

function unknown(reach: Reach, shown: HostKey): DialError {
  return new DialError("the host key is not known", describe(reach, shown), [
    `Compare it with what "ssh-keygen -lf /etc/ssh/ssh_host_${shortType(shown.type)}_key.pub" prints on the host. If it is the same,`,
    `set hostKey to "${shown.type} ${shown.blob}",`,
    `or add the line above to ${shownPath(reach.knownHostsPath ?? "~/.ssh/known_hosts")}`,
    'or set hostKeyCheck: "accept-new" to trust the key that a host shows first.',
  ]);
}

async function accept(reach: Reach, shown: HostKey): Promise<DialError | undefined> {
  const path = reach.knownHostsPath === undefined ? defaultPath() : expandHome(reach.knownHostsPath);
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const before = await readIfThere(path);
    const newline = before === "" || before.endsWith("\n") ? "" : "\n";
    await appendFile(path, `${newline}${line(reach, shown)}\n`, { mode: 0o600 });
    return undefined;
  } catch (error) {
    return new DialError(`cannot add the host key to ${shownPath(path)}: ${reasonOf(error)}`, [], []);
  }
}

function unsupported(types: readonly string[]): DialError {
  return new DialError(
    `the known host keys are of types that we cannot check: ${types.join(", ")}`,
    [],
    ["Add the host's ed25519, ecdsa or rsa key."],
  );
}

function describe(reach: Reach, shown: HostKey): string[] {
  return [`${shown.type} ${fingerprint(shown)}`, line(reach, shown)];
}

function line({ host, port }: Reach, { type, blob }: HostKey): string {
  return `${knownHostsName(host, port)} ${type} ${blob}`;
}

function shortType(type: string): string {
  return type.startsWith("ecdsa") ? "ecdsa" : type.replace("ssh-", "");
}

function defaultPath(): string {
  return `${homedir()}/.ssh/known_hosts`;
}
