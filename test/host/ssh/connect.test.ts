import { execFileSync, spawn } from "node:child_process";
import { existsSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { utils } from "ssh2";
import { connect } from "../../../provider/host/ssh/connect";
import type { ConnectionInput } from "../../../provider/model/connection";
import { newKey } from "../keys";
import { type SshServer, startServer } from "../ssh-server";
import { until } from "../until";

let server: SshServer;

beforeEach(async () => {
  server = await startServer({ password: "right" });
});

afterEach(() => server.close());

async function works(changes: Partial<ConnectionInput>): Promise<void> {
  const link = await connect(server.connection(changes));
  link.close();
}

async function fails(changes: Partial<ConnectionInput>): Promise<string> {
  const error: unknown = await connect(server.connection(changes)).then(
    (link) => {
      link.close();
      return undefined;
    },
    (reason: unknown) => reason,
  );
  if (!(error instanceof Error)) throw new Error("it was let in");
  expect(error.name).toBe("ConnectionError");
  return error.message.replaceAll(String(server.port), "PORT");
}

const noKey = { privateKey: undefined } as unknown as Partial<ConnectionInput>;
const noPin = { hostKey: undefined } as unknown as Partial<ConnectionInput>;
const LAST_UP =
  'If lvs:hosts has changed since the last "pulumi up": "pulumi refresh", "pulumi destroy" and --refresh use the old one. Add --run-program.';

describe("logging in", () => {
  test("by key: text, file, environment, encrypted", async () => {
    const path = join(server.dir, "key");
    writeFileSync(path, server.clientKey.private, { mode: 0o600 });
    await works({});
    await works({ privateKey: server.clientKey.private.trimEnd().replaceAll("\n", "\r\n") });
    await works({ ...noKey, privateKeyPath: path });
    process.env["LVS_TEST_KEY"] = server.clientKey.private;
    await works({ ...noKey, privateKeyEnv: "LVS_TEST_KEY" });
    delete process.env["LVS_TEST_KEY"];
    execFileSync("ssh-keygen", ["-q", "-p", "-N", "secret", "-f", path]);
    await works({ ...noKey, privateKeyPath: path, privateKeyPassword: "secret" });
    expect(await fails({ ...noKey, privateKeyPath: path })).toContain("is encrypted");
    const wrong = await fails({ ...noKey, privateKeyPath: path, privateKeyPassword: "hidden" });
    expect(wrong).toContain("cannot be decrypted with privateKeyPassword");
    expect(wrong).not.toContain("hidden");
  });

  test("by password, from the text or the environment", async () => {
    await works({ ...noKey, password: "right" });
    process.env["LVS_TEST_PASSWORD"] = "right";
    await works({ ...noKey, passwordEnv: "LVS_TEST_PASSWORD" });
    delete process.env["LVS_TEST_PASSWORD"];
    expect(await fails({ ...noKey, passwordEnv: "LVS_TEST_PASSWORD" })).toContain(
      "passwordEnv names LVS_TEST_PASSWORD, which is not set",
    );
  });

  test("by agent", async () => {
    const socket = join(server.dir, "agent");
    const agent = spawn("ssh-agent", ["-D", "-a", socket], { stdio: "ignore" });
    try {
      await until("the agent listens", () => existsSync(socket));
      execFileSync("ssh-add", ["-q", "-"], {
        input: server.clientKey.private,
        env: { ...process.env, SSH_AUTH_SOCK: socket },
        stdio: ["pipe", "ignore", "ignore"],
      });
      await works({ ...noKey, agentSocketPath: socket });
    } finally {
      agent.kill();
    }
  });

  test("a refusal says what was tried and is not repeated", async () => {
    const stranger = newKey().private;
    const path = join(server.dir, "stranger");
    writeFileSync(path, stranger);
    expect(await fails({ ...noKey, privateKeyPath: path, password: "wrong", name: "web1", dialErrorLimit: 5 })).toBe(
      [
        "web1: no connection: the login was refused",
        `  $ ssh -i ${path} -p PORT root@127.0.0.1`,
        "  All configured authentication methods failed",
        `  tried: privateKeyPath ${path} (ssh-ed25519), password, password (keyboard-interactive)`,
        "  the host still takes: publickey, password, keyboard-interactive",
        "Whether there is a user root, sshd does not say to us: its log does (journalctl -u ssh, /var/log/auth.log).",
        LAST_UP,
      ].join("\n"),
    );
    expect(server.counts.sockets).toBe(1);
  });

  test("nothing to log in with is a mistake that is named", async () => {
    const agent = process.env["SSH_AUTH_SOCK"];
    delete process.env["SSH_AUTH_SOCK"];
    expect(await fails(noKey)).toContain("no connection: nothing to log in with");
    if (agent !== undefined) process.env["SSH_AUTH_SOCK"] = agent;
    expect(await fails({ privateKey: server.clientKey.public })).toContain("privateKey is a public key");
    expect(await fails({ ...noKey, privateKeyPath: "~/no/such/key" })).toContain(
      "cannot read privateKeyPath ~/no/such/key: ENOENT",
    );
    expect(server.counts.sockets).toBe(0);
  });
});

// With an answer that it waits for, ssh2 sent packets with the old keys: a "Bad packet length" of a real sshd, and a connection that was lost.
test("a host that exchanges keys anew is judged by the key that was accepted, at once: it is noted once, and no other is", async () => {
  const changing = await startServer({ rekeys: true });
  try {
    const knownHostsPath = join(changing.dir, "known");
    const link = await connect(changing.connection({ ...noPin, knownHostsPath, hostKeyCheck: "accept-new" }));
    await until("the keys are exchanged", () => changing.counts.rekeyed === 1);
    expect(readFileSync(knownHostsPath, "utf8")).toBe(`[127.0.0.1]:${changing.port} ${changing.hostKey}\n`);
    link.close();
  } finally {
    await changing.close();
  }
});

test("a pipe in place of a key or of the known hosts is refused at once: whoever writes to it may never come", async () => {
  const pipe = join(server.dir, "pipe");
  execFileSync("mkfifo", [pipe]);
  expect(await fails({ ...noKey, privateKeyPath: pipe })).toContain(
    `cannot read privateKeyPath ${pipe}: it is not a file`,
  );
  expect(await fails({ ...noPin, knownHostsPath: pipe })).toContain(
    `cannot read the known host keys in ${pipe}: it is not a file`,
  );
  // Without an end, one a line at a time, and larger than any such file.
  const large = join(server.dir, "large");
  writeFileSync(large, "");
  truncateSync(large, 16 * 2 ** 20 + 1);
  expect(await fails({ ...noKey, privateKeyPath: "/dev/zero" })).toContain("/dev/zero: it is not a file");
  expect(await fails({ ...noPin, knownHostsPath: "/dev/tty" })).toContain("/dev/tty: it is not a file");
  expect(await fails({ ...noPin, knownHostsPath: large })).toContain(`${large}: it has more than 16 MiB`);
  await works({ ...noPin, knownHostsPath: "/dev/null", hostKeyCheck: "accept-new" });
});

describe("host keys", () => {
  test("an unknown one is refused, and the message says how to make it known", async () => {
    const known = join(server.dir, "known_hosts");
    const message = await fails({ ...noPin, knownHostsPath: known });
    expect(message).toContain(
      "root@127.0.0.1:PORT: no connection: the host key is not known\n  $ ssh -p PORT root@127.0.0.1\n  ssh-ed25519 SHA256:",
    );
    expect(message).toContain(`[127.0.0.1]:PORT ${server.hostKey}`);
    expect(message).toContain(`set hostKey to "${server.hostKey}"`);
    expect(message).toContain('hostKeyCheck: "accept-new"');
    expect(server.counts).toMatchObject({ logins: 0, refused: 0 });
    expect(message).not.toContain("@cert-authority");
    writeFileSync(known, `@cert-authority * ${server.hostKey}\n`);
    expect(await fails({ ...noPin, knownHostsPath: known })).toContain("names an authority for this host (@cert-auth");
    writeFileSync(known, `[127.0.0.1]:${server.port} ${server.hostKey}\n`);
    await works({ ...noPin, knownHostsPath: known });
  });

  test("accept-new writes it down, and refuses another one ever after", async () => {
    const known = join(server.dir, "ssh", "known_hosts");
    const accepting: Partial<ConnectionInput> = { ...noPin, knownHostsPath: known, hostKeyCheck: "accept-new" };
    await works(accepting);
    expect(readFileSync(known, "utf8")).toBe(`[127.0.0.1]:${server.port} ${server.hostKey}\n`);
    expect([statSync(join(server.dir, "ssh")).mode & 0o777, statSync(known).mode & 0o777]).toEqual([0o700, 0o600]);
    await works(accepting);
    const [type = "", blob = ""] = newKey().public.split(" ");
    writeFileSync(known, `[127.0.0.1]:${server.port} ${type} ${blob}`);
    const changed = await fails(accepting);
    expect(changed).toContain("no connection: THE HOST KEY HAS CHANGED");
    // What it says takes the line out of the file in which it is.
    const [, removal = ""] = /\((ssh-keygen [^)]+)\)/.exec(changed) ?? [];
    execFileSync("sh", ["-c", removal.replace("PORT", String(server.port))], { stdio: "ignore" });
    expect(readFileSync(known, "utf8")).toBe("");
    writeFileSync(known, `web1 ${type} ${blob}`);
    await works(accepting);
    expect(readFileSync(known, "utf8")).toBe(`web1 ${type} ${blob}\n[127.0.0.1]:${server.port} ${server.hostKey}\n`);
  });

  test("with HashKnownHosts, accept-new writes it down as ssh does: the name cannot be read", async () => {
    const known = join(server.dir, "hashed");
    const sshConfig = join(server.dir, "config");
    writeFileSync(sshConfig, `HashKnownHosts yes\nUserKnownHostsFile ${known}\nGlobalKnownHostsFile none\n`);
    const accepting: Partial<ConnectionInput> = { ...noPin, sshConfig, hostKeyCheck: "accept-new" };
    await works(accepting);
    await works(accepting);
    expect(readFileSync(known, "utf8")).toMatch(/^\|1\|[^ ]+ ssh-ed25519 [^ ]+\n$/);
    const found = execFileSync("ssh-keygen", ["-F", `[127.0.0.1]:${server.port}`, "-f", known]);
    expect(String(found)).toContain("found: line 1");
  });

  test("a pinned one is the only one", async () => {
    const [type = "", blob = ""] = newKey().public.split(" ");
    const message = await fails({ hostKey: `${type} ${blob}`, hostKeyCheck: "accept-new" });
    expect(message).toContain("THE HOST KEY HAS CHANGED");
    expect(message).toContain("change hostKey");
    await works({ hostKey: `${type} ${blob}\n${server.hostKey}` });
    // As an earlier version, which did not look at it before, may have stored it.
    await expect(connect({ ...server.connection(), hostKey: "SHA256:abc" })).rejects.toThrow("cannot read a host key");
    expect(await fails({ hostKey: utils.generateKeyPairSync("rsa", { bits: 2048 }).public })).toContain(
      "no key of the types that are known for it",
    );
  });
});

describe("reaching a host", () => {
  test("an sshd that is just starting is tried again", async () => {
    const slow = await startServer({ drop: 2 });
    try {
      const link = await connect(slow.connection({ dialErrorLimit: 5 }));
      link.close();
      expect(slow.counts.sockets).toBe(3);
    } finally {
      await slow.close();
    }
  });

  test("a port where nobody listens", async () => {
    const port = await freePort();
    expect((await fails({ port, dialErrorLimit: 2, name: "web1" })).replaceAll(String(port), "PORT")).toBe(
      [
        `web1: no connection: connect ECONNREFUSED 127.0.0.1:PORT: the host is there, and nothing listens (2 attempts)`,
        "  $ ssh -p PORT root@127.0.0.1",
        "Is sshd running, and on that port? A firewall that rejects says the same.",
        LAST_UP,
      ].join("\n"),
    );
  });

  test("an sshd that turns callers away, and says why", async () => {
    const busy = createServer((socket) => socket.end("Exceeded MaxStartups\r\n\u001b[2J"));
    await new Promise<void>((resolve) => busy.listen(0, "127.0.0.1", resolve));
    const address = busy.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const message = await fails({ port, dialErrorLimit: 1, name: "web1" });
    expect(message).toMatch(
      /^web1: no connection: the connection was taken, and closed before the host said that it is an SSH server\n[^]*\n {2}Exceeded MaxStartups\n {2}\\x1b\[2J\nSo does an sshd with too many logins under way \(MaxStartups\)/,
    );
    busy.close();
  });

  test.each([
    ["closes", "HTTP/1.1 400 Bad Request\r\n\r\n", "Those are no words of an sshd: does the port lead to one?"],
    ["waits", "220 mail.example.net ESMTP\r\n", "does not say that it is an SSH server"],
    ["says much", "spam\n".repeat(10_000), "Those are no words of an sshd"],
  ])("another server at that port is shown by its words, and %s", async (what, words, said) => {
    const other = createServer((socket) => {
      socket.on("error", () => undefined);
      if (what === "waits") socket.write(words);
      else socket.end(words);
    });
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const { port } = other.address() as AddressInfo;
    const message = await fails({ port, perDialTimeout: 1 });
    expect(message).toContain(said);
    expect(message).toContain(`\n  ${words.split(/\r?\n/)[0]}\n`);
    expect(message.split("\n").length).toBeLessThan(12);
    other.close();
  });

  test("a host that accepts and says nothing", async () => {
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const address = silent.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    expect(await fails({ port, perDialTimeout: 1 })).toContain(
      "no answer within 1 s (perDialTimeout): it takes the connection, and does not say that it is an SSH server",
    );
    silent.close();
  });

  test("a host that stops in the middle of a login has refused nothing, and none of ten logins more is left there", async () => {
    const stuck = await startServer({ stuck: "at the login" });
    const { port, hostKey } = stuck;
    const message = await fails({ port, hostKey, perDialTimeout: 1, dialErrorLimit: 10 });
    expect(message).toContain("no answer within 1 s (perDialTimeout): it stops in the login");
    expect(message).not.toMatch(/refused|tried/);
    expect(stuck.counts.sockets).toBe(1);
    await stuck.close();
  });

  test("through a proxy, each with its own key", async () => {
    const proxy = await startServer();
    try {
      const { host, port, user, privateKey, hostKey } = proxy.connection({ user: "ops" });
      const hop = { host, port, user, privateKey, hostKey } as ConnectionInput;
      await works({ proxy: hop });
      expect([proxy.counts.logins, server.counts.logins]).toEqual([1, 1]);
      const refused = await fails({ proxy: { ...hop, hostKey: server.hostKey } });
      expect(refused).toContain(`no connection: proxy ops@127.0.0.1:${port}: THE HOST KEY HAS CHANGED`);
      expect(refused).toContain(`$ ssh -J ops@127.0.0.1:${port} -p PORT root@127.0.0.1`);
    } finally {
      await proxy.close();
    }
  });
});

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
}
