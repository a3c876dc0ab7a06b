import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { openSession } from "../../../provider/host/session/session";
import { rawJob } from "../session/raw-job";
import { type SshServer, startServer } from "../ssh-server";

/** Between us and sshd, and silent when told. */
let path: Server;
let server: SshServer;
let caller: Socket | undefined;

beforeAll(async () => {
  server = await startServer();
  path = createServer((socket) => {
    caller = socket;
    const host = connect(server.port, "127.0.0.1");
    host.on("error", () => socket.destroy());
    socket.pipe(host).pipe(socket);
  }).listen(0, "127.0.0.1");
  await once(path, "listening");
});

afterAll(async () => {
  path.close();
  await server.close();
});

test("a connection that is given up is reset, so that a script which was not sent whole never is", async () => {
  const { port } = path.address() as AddressInfo;
  const session = openSession(server.connection({ port, deadline: 1 }));
  await session.submit(rawJob("first", [{ run: ["true"] }]));
  caller?.unpipe();
  caller?.pause();
  const script = { sh: ":", args: ["x".repeat(8 * 2 ** 20)] };
  await expect(session.submit(rawJob("second", [], () => [{ command: script }]))).rejects.toThrow(
    "did not end within 1 s",
  );
  const lost = new Promise((resolve) => {
    caller?.once("error", resolve);
    caller?.once("end", () => resolve("its end"));
  });
  caller?.resume();
  expect(await lost).toMatchObject({ code: "ECONNRESET" });
  session.close();
});
