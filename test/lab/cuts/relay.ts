import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** Of the provider's bytes, or of the host's. */
export type Direction = "up" | "down";

/** When a connection is cut: after so many bytes in one direction, or so many milliseconds after the first of them. */
export type Place = { readonly direction: Direction; readonly bytes: number } | { readonly milliseconds: number };

/** What a connection comes to. Of a half of it, one side hears nothing. */
export interface Cut {
  readonly at: Place;
  /** `none`: nothing happens to the connection. */
  readonly manner: "reset" | "close" | "silence" | "none";
  readonly towards: "both" | "host" | "provider";
  /** The path stays cut, for new connections too. */
  readonly isLasting: boolean;
  /** A connection of which one side hears nothing is reset after so many milliseconds. Undefined: the provider has to end it. */
  readonly resetAfter: number | undefined;
}

/** What went by since a cut was armed: each piece, as it arrived. */
export type Passed = readonly { readonly direction: Direction; readonly bytes: number }[];

/** Stands before a host's sshd, and cuts the connections through it once. */
export class CuttingRelay {
  readonly #links = new Set<Link>();
  readonly #server: Server;
  #armed: { readonly cut: Cut; readonly happen: () => unknown } | undefined;
  #timer: NodeJS.Timeout | undefined;
  #left: Record<Direction, number> = { up: Infinity, down: Infinity };
  #isDown: Cut["manner"] | undefined;
  passed: { direction: Direction; bytes: number }[] = [];

  private constructor(server: Server, port: number) {
    this.#server = server;
    server.on("connection", (caller: Socket) => this.#accept(caller, port));
  }

  static async to(port: number): Promise<CuttingRelay> {
    // Half of a connection may be closed.
    const server = createServer({ allowHalfOpen: true, noDelay: true });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new CuttingRelay(server, port);
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** `happen` is called when the cut is made. */
  arm(cut: Cut, happen: () => unknown): void {
    this.passed = [];
    this.#armed = { cut, happen };
    const { at } = cut;
    if ("bytes" in at) this.#left = { up: Infinity, down: Infinity, [at.direction]: at.bytes };
  }

  /** The path is whole again. Connections that were cut stay as they are. */
  mend(): void {
    clearTimeout(this.#timer);
    this.#armed = undefined;
    this.#isDown = undefined;
    this.#left = { up: Infinity, down: Infinity };
  }

  /** Ends all connections. */
  drop(): void {
    for (const link of this.#links) link.reset("both");
  }

  close(): void {
    this.mend();
    this.drop();
    this.#server.close();
  }

  #accept(caller: Socket, port: number): void {
    if (this.#isDown === "silence") {
      const link = new Link(caller, undefined, () => this.#links.delete(link));
      this.#links.add(link);
    } else if (this.#isDown !== undefined) caller.resetAndDestroy();
    else {
      const host = connect({ host: "127.0.0.1", port, noDelay: true, allowHalfOpen: true });
      const link = new Link(caller, host, () => this.#links.delete(link));
      this.#links.add(link);
      this.#pass(link, "up", caller, host);
      this.#pass(link, "down", host, caller);
    }
  }

  #pass(link: Link, direction: Direction, from: Socket, to: Socket): void {
    from.on("data", (chunk: Buffer) => {
      if (link.isDeaf(direction)) return;
      this.#startTimer();
      this.passed.push({ direction, bytes: chunk.length });
      const left = this.#left[direction];
      this.#left[direction] = left - chunk.length;
      if (left > chunk.length) to.write(chunk);
      else if (this.#armed?.cut.manner === "none") {
        to.write(chunk);
        this.#sever();
      } else {
        to.write(chunk.subarray(0, left), () => this.#sever());
        link.deafen(direction);
      }
    });
    from.on("end", () => {
      if (!link.isDeaf(direction)) to.end();
    });
  }

  #startTimer(): void {
    const at = this.#armed?.cut.at;
    if (at === undefined || !("milliseconds" in at) || this.passed.length > 0) return;
    this.#timer = setTimeout(() => this.#sever(), at.milliseconds);
  }

  #sever(): void {
    if (this.#armed === undefined) return;
    const { cut, happen } = this.#armed;
    this.mend();
    if (cut.isLasting) this.#isDown = cut.manner;
    for (const link of this.#links) {
      if (cut.manner === "none") break;
      if (cut.manner === "silence") link.silence(cut.towards);
      else if (cut.manner === "reset") link.reset(cut.towards);
      else link.end(cut.towards);
      if (cut.resetAfter !== undefined) setTimeout(() => link.reset("both"), cut.resetAfter).unref();
    }
    happen();
  }
}

class Link {
  readonly #deaf = new Set<Direction>();

  constructor(
    private readonly caller: Socket,
    private readonly host: Socket | undefined,
    gone: () => void,
  ) {
    for (const socket of [caller, host]) {
      socket?.on("error", () => this.reset("both"));
      socket?.on("close", () => {
        if (caller.destroyed && host?.destroyed !== false) gone();
      });
    }
  }

  isDeaf(direction: Direction): boolean {
    return this.#deaf.has(direction);
  }

  deafen(direction: Direction): void {
    this.#deaf.add(direction);
  }

  silence(towards: Cut["towards"]): void {
    if (towards !== "provider") this.deafen("up");
    if (towards !== "host") this.deafen("down");
  }

  /** The other side hears no more of it. */
  reset(towards: Cut["towards"]): void {
    this.silence("both");
    for (const socket of this.#ends(towards)) if (!socket.destroyed) socket.resetAndDestroy();
  }

  end(towards: Cut["towards"]): void {
    this.silence("both");
    for (const socket of this.#ends(towards)) socket.end();
  }

  #ends(towards: Cut["towards"]): readonly Socket[] {
    const ends = { both: [this.caller, this.host], host: [this.host], provider: [this.caller] }[towards];
    return ends.flatMap((socket) => socket ?? []);
  }
}
