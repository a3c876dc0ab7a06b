import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { setTimeout } from "node:timers/promises";
import { endWithEngine, engineLives } from "../../provider/host/engine";

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

test("a provider is asked to end once, when nobody listens any more at the address of its engine", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const end = jest.fn();
  endWithEngine(`127.0.0.1:${(server.address() as AddressInfo).port}`, 10, end);
  endWithEngine(undefined, 10, end);
  endWithEngine("--selectProjects", 10, end);
  for (let look = 0; look < 3; look++) await once(server, "connection");
  expect(end).not.toHaveBeenCalled();
  server.close();
  await new Promise<void>((resolve) => {
    end.mockImplementation(resolve);
  });
  await setTimeout(100);
  expect(end).toHaveBeenCalledTimes(1);
});
