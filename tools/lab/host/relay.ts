import { connect, type Server, type Socket } from "node:net";

/** What becomes of the connections through a cut path: nothing is heard any more, or they are reset. */
export type Cut = "silence" | "reset";

/** Passes each connection of a listening socket on to a guest's sshd. */
export class Relay {
  readonly #target: string;
  readonly #links = new Set<Link>();
  #cut: Cut | undefined;

  constructor(server: Server, target: string) {
    this.#target = target;
    server.on("connection", (client: Socket) => this.#accept(client));
  }

  get cutBy(): Cut | undefined {
    return this.#cut;
  }

  cut(how: Cut): void {
    this.#cut = how;
    for (const link of [...this.#links]) {
      if (how === "reset") link.reset();
      else link.hold();
    }
  }

  mend(): void {
    this.#cut = undefined;
    for (const link of this.#links) link.release();
  }

  /** The guest is gone and will not say so. */
  dropAll(): void {
    for (const link of [...this.#links]) link.reset();
  }

  #accept(client: Socket): void {
    const link = new Link(client, this.#target, () => this.#links.delete(link));
    this.#links.add(link);
    if (this.#cut === "reset") link.reset();
    // On a silent path even the connect hangs; here the kernel has said yes already, and nobody answers.
    else if (this.#cut === undefined) link.release();
  }
}

class Link {
  readonly #client: Socket;
  readonly #target: string;
  readonly #gone: () => void;
  #guest: Socket | undefined;

  constructor(client: Socket, target: string, gone: () => void) {
    this.#client = client;
    this.#target = target;
    this.#gone = gone;
    client.setNoDelay(true);
    client.on("error", () => this.reset());
    client.on("close", () => this.reset());
  }

  hold(): void {
    this.#client.unpipe();
    this.#client.pause();
    this.#guest?.unpipe();
    this.#guest?.pause();
  }

  release(): void {
    const guest = this.#guest ?? this.#connect();
    this.#client.pipe(guest).pipe(this.#client);
  }

  reset(): void {
    this.#gone();
    for (const socket of [this.#client, this.#guest]) {
      if (socket === undefined || socket.destroyed) continue;
      // A unix socket, the lab's own way, has no reset.
      if (socket.remotePort === undefined) socket.destroy();
      else socket.resetAndDestroy();
    }
  }

  #connect(): Socket {
    const guest = connect({ host: this.#target, port: 22, noDelay: true });
    guest.on("error", () => this.reset());
    guest.on("close", () => this.#client.end());
    this.#guest = guest;
    return guest;
  }
}
