import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect as connectSocket, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { connect } from "../../../provider/host/ssh/connect";
import { startServer } from "../ssh-server";

/** A host that takes no connection: a firewall drops what asks for one, or the kernel's queue is full because sshd hangs. */
class Unanswered {
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

test.each(["directly", "through a proxy"])(
  "a host that takes no connection is given up after perDialTimeout, %s",
  async (way) => {
    const [server, host] = await Promise.all([startServer(), Unanswered.open()]);
    try {
      const { hostKey, privateKey, port, user } = server.connection({});
      const hop = { host: "127.0.0.1", port, user, privateKey, hostKey } as const;
      const there = {
        port: host.port,
        perDialTimeout: 1,
        dialErrorLimit: 2,
        ...(way !== "directly" && { proxy: hop }),
      };
      const start = performance.now();
      const error = await connect(server.connection(there)).then(
        () => "",
        (reason: unknown) => String(reason),
      );
      expect(error).toContain("no answer within 1 s");
      expect(error).toContain("(2 attempts)");
      expect(performance.now() - start).toBeLessThan(10_000);
    } finally {
      host.close();
      await server.close();
    }
  },
  60_000,
);
