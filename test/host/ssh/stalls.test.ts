import { observeScript } from "../../../provider/host/shell/script";
import { openShell } from "../../../provider/host/shell/shell";
import { connect } from "../../../provider/host/ssh/connect";
import { type Connection, type ConnectionInput, type ReachInput } from "../../../provider/model/connection";
import { type SshServer, startServer } from "../ssh-server";
import { relayTo, type Stall, stallingServer } from "../stalling-server";
import { until } from "../until";

/** As a session does it. */
async function ask(connection: Connection): Promise<void> {
  const link = await connect(connection);
  try {
    await (await openShell(link, connection)).run(observeScript([{ run: ["true"] }]));
  } catch (error) {
    link.reset();
    throw error;
  }
  link.close();
}

/** A server as the proxy of a connection. */
function hopTo(server: SshServer): ReachInput {
  const { host, port, hostKey, privateKey } = server.connection();
  return { host, port, hostKey: hostKey ?? "", privateKey: privateKey ?? "" };
}

const SETTINGS = { name: "web1", perDialTimeout: 1, deadline: 1, dialErrorLimit: 1 } as const;

let proxy: SshServer;
beforeAll(async () => {
  proxy = await startServer();
});
afterAll(() => proxy.close());

const PER_DIAL = "within 1 s (perDialTimeout)";
const DEADLINE = "a command did not end within 1 s (deadline)";
const PASSWORD = { password: "p" };
const SUDO = { user: "ops", sudo: true, sudoPassword: "p" };
const STALLS: readonly { stall: Stall; words: string; changes?: Partial<ConnectionInput> }[] = [
  {
    stall: "before its version",
    words: `${PER_DIAL}: it takes the connection, and does not say that it is an SSH server`,
  },
  { stall: "in words before its version that do not end", words: PER_DIAL },
  { stall: "after its version", words: `${PER_DIAL}: it stops in the exchange of keys` },
  { stall: "at the first question", words: `${PER_DIAL}: it stops in the login` },
  { stall: "when it is shown a key", words: `${PER_DIAL}: it stops in the login` },
  { stall: "when a key is proved", words: `${PER_DIAL}: it stops in the login` },
  { stall: "at a password", words: `${PER_DIAL}: it stops in the login`, changes: PASSWORD },
  { stall: "in questions that do not end", words: `${PER_DIAL}: it stops in the login`, changes: PASSWORD },
  { stall: "when a session is opened", words: `no shell on the host: no answer ${PER_DIAL}` },
  { stall: "when a command is given", words: `no shell on the host: no answer ${PER_DIAL}` },
  { stall: "after it has taken the command", words: `no shell ${PER_DIAL}` },
  { stall: "when sudo has the password", words: `no shell ${PER_DIAL} (sudo as ops)`, changes: SUDO },
  { stall: "in an answer", words: DEADLINE },
  { stall: "in marks that do not end", words: DEADLINE },
];

describe.each(["directly", "through a proxy"])("%s, a host that stalls", (way) => {
  test.concurrent.each(STALLS)(
    "$stall is given up, and named with the setting",
    async ({ stall, words, changes }) => {
      const server = await stallingServer(stall);
      const { hostKey, port, clientKey: privateKey } = server;
      const start = performance.now();
      const hop = way === "directly" ? {} : { proxy: hopTo(proxy) };
      const asked = ask(proxy.connection({ ...SETTINGS, port, hostKey, privateKey, ...hop, ...changes }));
      await expect(asked).rejects.toThrow(words);
      expect(performance.now() - start).toBeLessThan(10_000);
      await until("nothing is left open", () => server.open() === 0);
      await server.close();
    },
    20_000,
  );
});

test("what is closed is closed at once, also through a proxy that has fallen silent", async () => {
  const [host, silent] = [await startServer(), await startServer()];
  const path = await relayTo(silent.port);
  const link = await connect(host.connection({ ...SETTINGS, proxy: { ...hopTo(silent), port: path.port } }));
  path.mute();
  link.close();
  await until("nothing is left open", () => path.open() === 0);
  await Promise.all([path.close(), silent.close(), host.close()]);
});

test("a host that falls silent after any number of bytes is given up", async () => {
  const server = await startServer();
  const outcomes = await Promise.all(
    Array.from({ length: 40 }, async (_, index) => {
      const path = await relayTo(server.port, index * 83);
      const said = await ask(server.connection({ ...SETTINGS, port: path.port })).then(() => "it answered", String);
      await path.close();
      return said;
    }),
  );
  for (const said of outcomes) expect(said).toMatch(/within 1 s \((?:perDialTimeout|deadline)\)|^it answered$/);
  expect(outcomes.filter((said) => said !== "it answered").length).toBeGreaterThan(20);
  await server.close();
}, 20_000);
