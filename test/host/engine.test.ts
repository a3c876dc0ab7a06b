import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { engineLives } from "../../provider/host/engine";

test("an engine is there as long as somebody listens at its address; without an address nobody can tell", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  expect(await engineLives(address)).toBe(true);
  server.close();
  await once(server, "close");
  expect(await engineLives(address)).toBe(false);
  expect(await engineLives(undefined)).toBe(true);
  expect(await engineLives("--selectProjects")).toBe(true);
});
