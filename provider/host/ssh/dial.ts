import { connect as connectSocket, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { type AnyAuthMethod, Client, type ServerHostKeyAlgorithm } from "ssh2";
import { repeatedly } from "./attempts";
import { Deadline, withinDial } from "./deadline";
import { DialError } from "./dial-error";
import { explain, noHost, type Stage, TIMEOUT } from "./dial-failure";
import { firstWords } from "./first-words";
import { fingerprint, readHostKey } from "./host-keys/known-hosts";
import { type KeyPolicy, keyPolicy } from "./host-keys/policy";
import { Heard } from "./login/heard";
import type { Login } from "./login/key";
import { logins } from "./login/logins";
import { LoginOrder } from "./login/order";
import type { Hop } from "./route";

export interface Dialled {
  readonly client: Client;
  /** The fingerprint of the host key that was accepted. */
  readonly hostKey: string;
  /**
   * Ends a connection that is lost. What was not sent yet is never sent: a kernel goes on with a socket that was closed, and a path that is
   * mended a minute later would deliver a script that nobody waits for any more.
   */
  readonly reset: () => void;
  /** When the host said something last, as `Date.now` tells it. */
  readonly heardAt: () => number;
}

/** Seconds between two questions to a host that says nothing, and how many of them may stay unanswered. */
const [KEEPALIVE, MOST_UNANSWERED] = [10, 3];

/** What went wrong on a connection that was open, in words. */
export function describeEnd(error: Error & { readonly level?: string }): string {
  return error.level === TIMEOUT ? `the host said nothing for ${KEEPALIVE * (MOST_UNANSWERED + 1)} s` : error.message;
}

/**
 * Milliseconds for each address of a name but the last. Node's own are 250: of a host at the other end of the world, or where the first packet
 * is lost, no address but the last would ever answer.
 */
const ONE_OF_SEVERAL = 3000;

/** ssh2's word for the end of the attempts, which its types do not have. */
const NO_MORE = false as unknown as AnyAuthMethod;

/** Connects and logs in. */
export async function dial(hop: Hop, open: (hop: Hop) => Promise<Duplex> = directly): Promise<Dialled> {
  const policy = await keyPolicy(hop);
  const ways = await logins(hop);
  return repeatedly(async () => handshake(await open(hop), hop, policy, ways), hop);
}

function directly(hop: Hop): Promise<Socket> {
  const { host, port, perDialTimeout, config } = hop;
  return new Promise((resolve, reject) => {
    // Without noDelay every round trip waits for a delayed acknowledgement.
    const family = config?.family ?? 0;
    const socket = connectSocket({ host, port, family, noDelay: true, autoSelectFamilyAttemptTimeout: ONE_OF_SEVERAL });
    const deadline = new Deadline(perDialTimeout, () => socket.destroy(new Error(`no answer ${withinDial(hop)}`)));
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

/** When data came last. */
function lastData(sock: Duplex): () => number {
  let last = Date.now();
  sock.on("data", () => {
    last = Date.now();
  });
  return () => last;
}

function handshake(sock: Duplex, hop: Hop, policy: KeyPolicy, ways: readonly Login[]): Promise<Dialled> {
  return new Promise((resolve, reject) => {
    const client = new Client();
    const order = new LoginOrder(ways);
    const heard = new Heard();
    let refusal: DialError | undefined;
    let shaken = false;
    let hostKey = "";
    const stage = (): Stage => (shaken ? "login" : words.isServer() ? "keys" : "version");
    const heardAt = lastData(sock);
    const reset = () => {
      if (sock instanceof Socket && !sock.destroyed) sock.resetAndDestroy();
      client.destroy();
    };
    const fail = (error: Error) => {
      client.destroy();
      reject(refusal ?? explain(error, { stage: stage(), words: words.text(), order, heard }, { hop, ways, policy }));
    };
    client.once("handshake", () => {
      shaken = true;
    });
    client.on("banner", (text) => heard.addBanner(text));
    client.on("error", fail);
    client.once("close", () => fail(new Error("the host closed the connection")));
    client.once("ready", () => {
      client.removeListener("error", fail);
      // Whoever uses the connection listens too; without any listener at all, an error would end the process.
      client.on("error", reset);
      resolve({ client, hostKey, reset, heardAt });
    });
    client.connect({
      sock,
      username: hop.user,
      authHandler: (_left, isPartial, next) => next(order.next(isPartial) ?? NO_MORE),
      debug: (line) => {
        order.hear(line);
        heard.add(line);
      },
      readyTimeout: hop.perDialTimeout * 1000,
      // A dead link would otherwise never be noticed.
      keepaliveInterval: KEEPALIVE * 1000,
      keepaliveCountMax: MOST_UNANSWERED,
      algorithms: { serverHostKey: policy.algorithms as ServerHostKeyAlgorithm[] },
      hostVerifier: verifier(policy, (refused, key) => {
        refusal = refused;
        hostKey = key;
      }),
    });
    const words = firstWords(sock);
  });
}

/** Judges the host's key, and says to `decide` whether it is refused, and its fingerprint. */
function verifier(policy: KeyPolicy, decide: (refusal: DialError | undefined, hostKey: string) => void) {
  let known: string | undefined;
  return (shown: Buffer, verified: (ok: boolean) => void) => {
    // In a later exchange of keys, which a host may want at any time (RekeyLimit), ssh2 breaks what is under way where it waits for the answer.
    if (known !== undefined) {
      verified(fingerprint(readHostKey(shown)) === known);
      return;
    }
    policy.verify(shown).then(
      (refusal) => {
        known = fingerprint(readHostKey(shown));
        decide(refusal, known);
        verified(refusal === undefined);
      },
      (error: unknown) => {
        decide(new DialError(`the host key could not be checked: ${String(error)}`, [], []), "");
        verified(false);
      },
    );
  };
}
