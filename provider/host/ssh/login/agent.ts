import { connect } from "node:net";
import { OpenSSHAgent, type ParsedKey, utils } from "ssh2";
import type { HostKey } from "../../../model/host-key";
import { Deadline } from "../deadline";
import { codeOf, DialError, messageOf } from "../dial-error";
import { readHostKey } from "../host-keys/known-hosts";
import { shownPath } from "../shown";

/** A key that an agent has. */
export interface AgentKey {
  readonly id: HostKey;
  readonly comment: string;
  /** The agent with this key alone. Undefined: a type that ssh2 cannot log in with. */
  readonly agent: OpenSSHAgent | undefined;
}

const [LIST_IDENTITIES, IDENTITIES] = [11, 12];

/** All keys of an agent. ssh2 leaves out those that it does not know, and a message has to name them. */
export async function agentKeys(socket: string, seconds: number): Promise<readonly AgentKey[]> {
  try {
    const answer = await ask(socket, seconds);
    return parseIdentities(answer).map(({ blob, comment }) => {
      const id = readHostKey(blob);
      return { id, comment, agent: agentOf(socket, id) };
    });
  } catch (error) {
    throw new DialError(
      `the agent ${shownPath(socket)} does not answer: ${codeOf(error) ?? messageOf(error)}`,
      [],
      ["Start it (ssh-agent), or set agentSocketPath to the socket of one that runs."],
    );
  }
}

/** The types of which ssh2 can write a signature. */
const SIGNED = /^(?:ssh-ed25519|ecdsa-sha2-nistp(?:256|384|521)|ssh-rsa)$/;

function agentOf(socket: string, { type, blob }: HostKey): OpenSSHAgent | undefined {
  if (!SIGNED.test(type)) return undefined;
  const key = utils.parseKey(`${type} ${blob}`);
  return key instanceof Error ? undefined : oneKey(socket, key);
}

/** No class of its own: ssh2 is loaded when there is somebody to log in to, and a class would need it before. */
function oneKey(socket: string, key: ParsedKey): OpenSSHAgent {
  const getIdentities: OpenSSHAgent["getIdentities"] = (done) => done(undefined, [key]);
  return Object.assign(new OpenSSHAgent(socket), { getIdentities });
}

/** The agent's answer to the request for its keys, without the length that precedes it. */
function ask(path: string, seconds: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    const chunks: Buffer[] = [];
    // For the whole answer: one that comes in single bytes would keep us for days.
    const deadline = new Deadline(seconds, () => socket.destroy(new Error(`not within ${seconds} s (perDialTimeout)`)));
    socket.once("error", reject);
    socket.once("close", () => {
      deadline.end();
      reject(new Error("it closed the connection"));
    });
    socket.once("connect", () => socket.write(Buffer.from([0, 0, 0, 1, LIST_IDENTITIES])));
    socket.on("data", (chunk) => {
      chunks.push(chunk);
      const all = Buffer.concat(chunks);
      const length = all.length < 4 ? Number.POSITIVE_INFINITY : all.readUInt32BE(0);
      if (all.length < 4 + length) {
        if (all.length > LONGEST) socket.destroy(new Error("its answer has no end"));
        return;
      }
      resolve(all.subarray(4, 4 + length));
      socket.destroy();
    });
  });
}

/** Bytes: as OpenSSH. */
const LONGEST = 256 * 1024;

function parseIdentities(answer: Buffer): readonly { readonly blob: Buffer; readonly comment: string }[] {
  if (answer[0] !== IDENTITIES) throw new Error("it refused to list its keys");
  let at = 5;
  const next = (): Buffer => {
    const end = at + 4 + answer.readUInt32BE(at);
    if (end > answer.length) throw new Error("its answer is cut off");
    const found = answer.subarray(at + 4, end);
    at = end;
    return found;
  };
  const keys = [];
  while (at < answer.length) keys.push({ blob: next(), comment: next().toString("utf8") });
  return keys;
}
