import { spawn } from "node:child_process";
import { type AddressInfo, createServer, type Server } from "node:net";
import type { Readable, Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import type { Place } from "./namespaces.ts";

/** The port at which a host is reached. */
export interface Front {
  readonly port: number;
  /** Connections since the last time. */
  readonly taken: () => number;
  readonly close: () => void;
}

export interface Manner {
  /** Milliseconds until each connection is taken by sshd. */
  readonly late?: number;
  /** Connections are taken, and nothing is ever said on them. */
  readonly dead?: boolean;
  /** Milliseconds that all words are under way, each way. */
  readonly far?: number;
}

/** Hands each connection to an sshd of its own in that place. */
export async function openFront({ inside }: Place, sshd: readonly string[], manner: Manner = {}): Promise<Front> {
  let count = 0;
  const server: Server = createServer({ pauseOnConnect: true }, (socket) => {
    count += 1;
    socket.on("error", () => undefined);
    if (manner.dead === true) return;
    void sleep(manner.late ?? 0).then(() => {
      const [enter, ...words] = inside(...sshd);
      if (manner.far === undefined) {
        spawn(enter, words, { stdio: [socket, socket, "ignore"] });
        // It is that process's alone.
        socket.destroy();
      } else {
        const child = spawn(enter, words, { stdio: ["pipe", "pipe", "ignore"] });
        carry(socket, child.stdin, manner.far);
        carry(child.stdout, socket, manner.far);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", 1000, resolve));
  return {
    port: (server.address() as AddressInfo).port,
    taken: () => {
      const now = count;
      count = 0;
      return now;
    },
    close: () => server.close(),
  };
}

/** Each word arrives so much later than it was said. */
function carry(from: Readable, to: Writable, milliseconds: number): void {
  to.on("error", () => from.destroy());
  from.on("data", (chunk: Buffer) => setTimeout(() => to.write(chunk), milliseconds));
  from.on("end", () => setTimeout(() => to.end(), milliseconds));
  // It was paused when it was taken.
  from.resume();
}
