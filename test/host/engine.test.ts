import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { build } from "esbuild";
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

/** As Pulumi's SDK does. */
const SAYS_ERRORS = 'process.on("uncaughtException", (error) => { uncaught++; console.error(error.stack); });';

test("a provider that nobody reads any more does not say so to nobody, again and again, and ends as it is asked to", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const folder = await mkdtemp(join(tmpdir(), "pulumi-lvs-engine-"));
  const source = join(__dirname, "..", "..", "provider", "host", "engine.ts");
  await build({ entryPoints: [source], bundle: true, platform: "node", outfile: join(folder, "engine.cjs") });
  const program = `let uncaught = 0; ${SAYS_ERRORS}
require("./engine.cjs").endWithEngine("${address}", 50);
console.log("begun");
process.on("SIGTERM", () => { require("node:fs").writeFileSync("uncaught", String(uncaught)); process.exit(); });
setInterval(() => console.log("a line"), 10);`;
  await writeFile(join(folder, "program.cjs"), program);
  const child = spawn(process.execPath, ["program.cjs"], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  const ended = once(child, "close");
  await once(child.stdout, "data");
  child.stdout.destroy();
  child.stderr.destroy();
  await setTimeout(200);
  server.close();
  const late = AbortSignal.timeout(10_000);
  late.addEventListener("abort", () => child.kill("SIGKILL"));
  await ended;
  expect(await readFile(join(folder, "uncaught"), "utf8")).toBe("0");
  await rm(folder, { recursive: true });
});
