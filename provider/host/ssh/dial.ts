import { connect as connectSocket, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { Client, type ServerHostKeyAlgorithm } from "ssh2";
import type { Reach } from "../../model/connection";
import { repeatedly } from "./attempts";
import { type Login, logins } from "./auth";
import { Deadline, withinDial } from "./deadline";
import { DialError } from "./dial-error";
import { explain, noHost, type Stage, TIMEOUT } from "./dial-failure";
import { firstWords } from "./first-words";
import { type KeyPolicy, keyPolicy } from "./host-key";
import { fingerprint, readHostKey } from "./known-hosts";
import { IF_OLD } from "./last-up";

export interface Dialled {
  readonly client: Client;
  /** The fingerprint of the host key that was accepted. */
  readonly hostKey: string;
  /**
   * Ends a connection that is lost. What was not sent yet is never sent: a kernel goes on with a socket that was closed, and a path that is
   * mended a minute later would deliver a script that nobody waits for any more.
   */
  readonly reset: () => void;
}

/** Seconds between two questions to a host that says nothing, and how many of them may stay unanswered. */
const [KEEPALIVE, MOST_UNANSWERED] = [10, 3];

/** What went wrong on a connection that was open, in words. */
export function describeEnd(error: Error & { readonly level?: string }): string {
  return error.level === TIMEOUT ? `the host said nothing for ${KEEPALIVE * (MOST_UNANSWERED + 1)} s` : error.message;
}

/** Connects and logs in. */
export async function dial(reach: Reach, via?: Client): Promise<Dialled> {
  const policy = await keyPolicy(reach);
  const ways = await logins(reach);
  return repeatedly(async () => {
    const socket = via === undefined ? await directly(reach) : await through(via, reach);
    return handshake(socket, reach, policy, ways);
  }, reach);
}

function directly(reach: Reach): Promise<Socket> {
  const { host, port, perDialTimeout } = reach;
  return new Promise((resolve, reject) => {
    // Without noDelay every round trip waits for a delayed acknowledgement.
    const socket = connectSocket({ host, port, noDelay: true });
    const deadline = new Deadline(perDialTimeout, () => socket.destroy(new Error(`no answer ${withinDial(reach)}`)));
    socket.once("error", (error) => {
      deadline.end();
      reject(noHost(error));
    });
    socket.once("connect", () => {
      deadline.end();
      socket.removeAllListeners("error");
      resolve(socket);
    });
  });
}

/** sshd of the proxy waits for the kernel's own limit, which is minutes, where the host takes no connection. */
function through(via: Client, reach: Reach): Promise<Duplex> {
  const { host, port, perDialTimeout } = reach;
  return new Promise((resolve, reject) => {
    const refuse = (reason: string) =>
      reject(new DialError(`the proxy cannot reach ${host}:${port}: ${reason}`, [], [IF_OLD], "soon"));
    let isLate = false;
    const deadline = new Deadline(perDialTimeout, () => {
      isLate = true;
      refuse(`no answer ${withinDial(reach)}`);
    });
    via.forwardOut("127.0.0.1", 0, host, port, (error, channel) => {
      deadline.end();
      if (error) refuse(error.message);
      else if (isLate) channel.destroy();
      else resolve(channel);
    });
  });
}

function handshake(sock: Duplex, reach: Reach, policy: KeyPolicy, ways: readonly Login[]): Promise<Dialled> {
  return new Promise((resolve, reject) => {
    const client = new Client();
    let refusal: DialError | undefined;
    let shaken = false;
    let hostKey = "";
    const stage = (): Stage => (shaken ? "login" : words.isServer() ? "keys" : "version");
    const reset = () => {
      if (sock instanceof Socket && !sock.destroyed) sock.resetAndDestroy();
      client.destroy();
    };
    const fail = (error: Error) => {
      client.destroy();
      reject(refusal ?? explain(error, { stage: stage(), words: words.text() }, ways, reach));
    };
    client.once("handshake", () => {
      shaken = true;
    });
    client.on("error", fail);
    client.once("close", () => fail(new Error("the host closed the connection")));
    client.once("ready", () => {
      client.removeListener("error", fail);
      // Whoever uses the connection listens too; without any listener at all, an error would end the process.
      client.on("error", reset);
      resolve({ client, hostKey, reset });
    });
    client.connect({
      sock,
      username: reach.user,
      authHandler: ways.map(({ method }) => method),
      readyTimeout: reach.perDialTimeout * 1000,
      // A dead link would otherwise never be noticed.
      keepaliveInterval: KEEPALIVE * 1000,
      keepaliveCountMax: MOST_UNANSWERED,
      ...(policy.algorithms && { algorithms: { serverHostKey: policy.algorithms as ServerHostKeyAlgorithm[] } }),
      hostVerifier: (shown: Buffer, verified: (ok: boolean) => void) => {
        policy.verify(shown).then(
          (refused) => {
            refusal = refused;
            hostKey = fingerprint(readHostKey(shown));
            verified(refused === undefined);
          },
          (error: unknown) => {
            refusal = new DialError(`the host key could not be checked: ${String(error)}`, [], []);
            verified(false);
          },
        );
      },
    });
    const words = firstWords(sock);
  });
}
