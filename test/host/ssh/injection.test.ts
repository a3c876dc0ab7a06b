import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { observeScript } from "../../../provider/host/shell/script";
import { openShell } from "../../../provider/host/shell/shell";
import { connect } from "../../../provider/host/ssh/connect";
import { connection, connectionFields, reachFields } from "../../../provider/model/connection";
import { providerSources } from "../../house/sources";
import { type SshServer, startServer } from "../ssh-server";

const HOSTILE = `';>CANARY;'";>CANARY;"$(>CANARY)\`>CANARY\`;>CANARY;%s%n\${IFS}|>CANARY&&>CANARY -oProxyCommand=>CANARY ~*`;

let server: SshServer;

beforeAll(async () => {
  server = await startServer({ password: HOSTILE });
  writeFileSync(join(server.dir, "words"), "");
});

afterAll(async () => {
  await server.close();
});

const ownFields = Object.keys(connectionFields);
const proxyFields = Object.keys(reachFields).map((field) => `proxy.${field}`);

test.each([...ownFields, ...proxyFields])("a hostile text as %s of a host is run by no shell", async (field) => {
  const { host, port, hostKey, privateKey } = server.connection();
  // Asks as sudo does, writes down its words, and runs what it is told to.
  server.fake("sudo", `printf '%s\\n' "$@" >>"$SSH_DIR/words"; while [ "$1" != -- ]; do shift; done; shift; exec "$@"`);
  const given = { host, port, hostKey, privateKey, dialErrorLimit: 0, perDialTimeout: 2, sudo: true };
  const name = field.replace("proxy.", "");
  const one = { ...given, [name]: HOSTILE, ...(name === "password" && { privateKey: undefined }) };
  const { sudo: _, name: __, ...hop } = { name: undefined, ...one };
  const read = connection.safeParse(field.startsWith("proxy.") ? { ...given, proxy: hop } : one);
  if (read.success) await useOnce(read.data);
  else expect(read.error.issues.length).toBeGreaterThan(0);
  const places = [server.dir, process.cwd(), "/", join(server.dir, "bin")];
  expect(places.filter((place) => existsSync(join(place, "CANARY")))).toEqual([]);
  expect(readFileSync(join(server.dir, "words"), "utf8")).not.toContain("CANARY");
});

async function useOnce(read: ReturnType<typeof connection.parse>): Promise<void> {
  try {
    const link = await connect(read);
    try {
      await (await openShell(link, read)).run(observeScript([{ run: ["true"] }]));
    } finally {
      link.close();
    }
  } catch (error) {
    // The login was refused, or there is no such file, host or agent.
    expect(error).toBeInstanceOf(Error);
  }
}

test("with a key of ours, that shell is reached", async () => {
  const read = connection.parse({ ...server.connection(), privateKey: server.clientKey.private, name: HOSTILE });
  const link = await connect(read);
  const [answer] = await (await openShell(link, read)).run(observeScript([{ run: ["echo", HOSTILE] }]));
  link.close();
  expect(answer?.stdout).toBe(`${HOSTILE}\n`);
});

test("the package starts no program on the machine that runs Pulumi", () => {
  const starting = providerSources().filter(({ text }) => /child_process|\bexeca\b|worker_threads/.test(text));
  expect(starting.map(({ path }) => path)).toEqual([]);
});
