import { spawn } from "node:child_process";
import dns from "node:dns";
import { once } from "node:events";
import { createConnection, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { connect } from "../../../provider/host/ssh/connect";
import { Unanswered } from "../../support/unanswered";
import { startServer } from "../ssh-server";

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

/** Takes no connection at first, when two others wait for it, and closes each later: as far away as it takes a packet to be sent again. */
const LATE = `
const late = require("node:net").createServer((socket) => socket.destroy());
late.listen({ port: 0, host: "127.0.0.2", backlog: 1 }, () => {
  require("node:fs").writeSync(1, String(late.address().port));
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 700);
});`;

test("of a name with several addresses, one that is far away is not passed over", async () => {
  const late = spawn(process.execPath, ["-e", LATE], { stdio: ["ignore", "pipe", "ignore"] });
  const server = await startServer();
  const others: Socket[] = [];
  try {
    const [said] = (await once(late.stdout, "data")) as [Buffer];
    const port = Number(said);
    for (let n = 0; n < 3; n += 1) others.push(createConnection(port, "127.0.0.2").on("error", () => undefined));
    await sleep(100);
    const addresses = ["127.0.0.2", "127.0.0.1"].map((address) => ({ address, family: 4 }));
    const lookup = (_name: string, _options: unknown, done: (error: null, found: object) => void) =>
      done(null, addresses);
    jest.spyOn(dns, "lookup").mockImplementation(lookup as never);
    const there = server.connection({ host: "two.example.net", port, perDialTimeout: 5, dialErrorLimit: 1 });
    await expect(connect(there)).rejects.toThrow("the connection was taken, and closed before");
  } finally {
    jest.restoreAllMocks();
    for (const one of others) one.destroy();
    late.kill("SIGKILL");
    await server.close();
  }
}, 30_000);
