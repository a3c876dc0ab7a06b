import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect as connectSocket, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** A port of this machine that takes no connection: the kernel's queue is full, as where sshd hangs, and what asks for one is dropped. */
export class Unanswered {
  readonly #filling: Socket[] = [];

  private constructor(
    private readonly child: ReturnType<typeof spawn>,
    readonly port: number,
  ) {}

  static async open(): Promise<Unanswered> {
    const child = spawn(process.execPath, ["-e", LISTEN], { stdio: ["ignore", "pipe", "inherit"] });
    const [text] = (await once(child.stdout, "data")) as [Buffer];
    const one = new Unanswered(child, Number(text.toString()));
    child.kill("SIGSTOP");
    // Until the kernel drops the next one.
    for (let isTaken = true; isTaken; ) isTaken = await one.#ask();
    return one;
  }

  close(): void {
    for (const socket of this.#filling) socket.destroy();
    this.child.kill("SIGKILL");
  }

  async #ask(): Promise<boolean> {
    const socket = connectSocket({ host: "127.0.0.1", port: this.port });
    this.#filling.push(socket.on("error", () => undefined));
    return Promise.race([once(socket, "connect").then(() => true), sleep(300).then(() => false)]);
  }
}

const LISTEN = `const server = require("node:net").createServer();
server.listen({ port: 0, host: "127.0.0.1", backlog: 1 }, () => console.log(server.address().port));`;
