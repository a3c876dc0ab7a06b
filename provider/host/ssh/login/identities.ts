import type { ParsedKey } from "ssh2";
import type { HostKey } from "../../../model/host-key";
import type { Found } from "../config/found";
import { DialError } from "../dial-error";
import { fingerprint, parseHostKeys, readHostKey } from "../host-keys/known-hosts";
import { readLocalFile, sshHome } from "../local-files";
import type { Hop } from "../route";
import { shownPath } from "../shown";
import { type AgentKey, agentKeys } from "./agent";
import { keyLogin, type Login } from "./key";

/** A public key that says which one of the agent's to use. */
export interface ChosenKey {
  readonly id: HostKey;
  readonly label: string;
}

/** A key of a file. */
export interface FileLogin extends Login {
  readonly id: HostKey | undefined;
}

/** As OpenSSH, without those that need hardware. */
const USUAL = ["id_rsa", "id_ecdsa", "id_ed25519"];

/** The files of `IdentityFile`, or the usual ones: the keys that can be read, and the public ones, which the agent may have. */
export async function readIdentities(
  hop: Hop,
  { identityFiles, certificateFiles }: Found,
): Promise<{ readonly files: readonly FileLogin[]; readonly publicKeys: readonly ChosenKey[] }> {
  const files: FileLogin[] = [...(await Promise.all(certificateFiles.map(certificateLogin))).flat()];
  const publicKeys: ChosenKey[] = [];
  for (const path of identityFiles ?? USUAL.map((name) => `${sshHome()}/.ssh/${name}`)) {
    const label = `IdentityFile ${path}`;
    const text = await readIfThere(path);
    const beside = publicKeyIn(text) ?? publicKeyIn(await readIfThere(`${path}.pub`));
    if (text !== "" && publicKeyIn(text) === undefined) files.push(fileLogin(hop, text, label, beside));
    const id = beside ?? files.at(-1)?.id;
    if (id !== undefined && (text !== "" || beside !== undefined)) publicKeys.push({ id, label });
    if (identityFiles !== undefined && text === "" && beside === undefined)
      files.push(notTried(`${label}, which is not there, or cannot be read`));
    files.push(...(await certificateBeside(path)));
  }
  return { files, publicKeys };
}

/** The certificate of a key. ssh2 writes the algorithm of the key into a signature, where that of a certificate has another one. */
export function certificateBeside(path: string): Promise<readonly FileLogin[]> {
  return certificateLogin(`${path.replace(/\.pub$/, "")}-cert.pub`);
}

/** None if there is no such file. */
async function certificateLogin(path: string): Promise<readonly FileLogin[]> {
  if ((await readIfThere(path)) === "") return [];
  return [notTried(`${path}, a certificate, which ssh2 cannot use`)];
}

/** ssh passes over a key that it cannot read, too: another one may do. */
function fileLogin(hop: Hop, text: string, label: string, id: HostKey | undefined): FileLogin {
  try {
    const login = keyLogin(hop, text, label);
    const key = login.method?.type === "publickey" ? (login.method.key as ParsedKey) : undefined;
    return { ...login, id: key === undefined ? id : readHostKey(key.getPublicSSH()) };
  } catch (error) {
    if (!(error instanceof DialError)) throw error;
    return { label: `not tried: ${error.reason}`, method: undefined, id };
  }
}

/** What of an agent is tried. */
export interface Choice {
  /** These first. */
  readonly chosen: readonly ChosenKey[];
  /** And no others: each one that is refused counts against the MaxAuthTries of sshd. */
  readonly isOnlyChosen: boolean;
  readonly mustAnswer: boolean;
}

/** The keys of the agent. Where there are other ways to log in, an agent that does not answer is passed over. */
export async function agentLogins(hop: Hop, socket: string, choice: Choice): Promise<readonly FileLogin[]> {
  const { chosen, isOnlyChosen, mustAnswer } = choice;
  const has = await agentKeys(socket, hop.perDialTimeout).catch((error: unknown) => {
    if (mustAnswer || !(error instanceof DialError)) throw error;
    return error;
  });
  if (has instanceof DialError) return [notTried(has.reason)];
  const first = chosen.flatMap(({ id }) => has.filter((key) => isSameKey(key.id, id)));
  const keys = isOnlyChosen ? first : [...first, ...has.filter((key) => !first.includes(key))];
  const wanted = mustAnswer && isOnlyChosen && keys.length === 0 ? chosen[0] : undefined;
  if (wanted !== undefined) throw notInAgent(wanted, socket, has);
  if (keys.length === 0)
    return [notTried(`the agent ${shownPath(socket)} has ${has.length === 0 ? "no key" : "none of these keys"}`)];
  return keys.map((key) => ({ ...agentLogin(hop, key), id: key.id }));
}

export function notTried(why: string): FileLogin {
  return { label: `not tried: ${why}`, method: undefined, id: undefined };
}

function agentLogin({ user }: Hop, { id, comment, agent }: AgentKey): Login {
  const label = `agent's ${id.type} ${fingerprint(id)}${comment === "" ? "" : ` ${comment}`}`;
  if (agent === undefined)
    return { label: `not tried: ${label}, a type of key that ssh2 cannot use`, method: undefined };
  return { label, method: { type: "agent", username: user, agent } };
}

function notInAgent({ label }: ChosenKey, socket: string, has: readonly AgentKey[]): DialError {
  return new DialError(
    `${label} is a public key, and the agent ${socket} does not have its private one`,
    has.map(({ id, comment }) => `it has ${id.type} ${fingerprint(id)} ${comment}`.trimEnd()),
    ["Add it to the agent (ssh-add), or give the private key: the file without .pub."],
  );
}

export function isSameKey(one: HostKey | undefined, other: HostKey | undefined): boolean {
  return one !== undefined && one.blob === other?.blob;
}

/** Undefined: the text is something else, such as a private key. */
export function publicKeyIn(text: string): HostKey | undefined {
  if (text.includes("PRIVATE KEY") || text.trim() === "") return undefined;
  try {
    return parseHostKeys(text)[0];
  } catch {
    return undefined;
  }
}

async function readIfThere(path: string): Promise<string> {
  return readLocalFile(path).catch(() => "");
}
