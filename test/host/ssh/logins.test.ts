import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { generateKeyPairSync, verify } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import type { ParsedKey } from "ssh2";
import { connect } from "../../../provider/host/ssh/connect";
import { hostKeyAlgorithms } from "../../../provider/host/ssh/host-keys/algorithms";
import { IF_OLD } from "../../../provider/host/ssh/last-up";
import { keyLogin } from "../../../provider/host/ssh/login/key";
import { LoginOrder } from "../../../provider/host/ssh/login/order";
import { refused } from "../../../provider/host/ssh/login/refused";
import type { Hop } from "../../../provider/host/ssh/route";
import type { ConnectionInput } from "../../../provider/model/connection";
import { newKey } from "../keys";
import { type ServerOptions, type SshServer, startServer } from "../ssh-server";
import { until } from "../until";

let server: SshServer;
let agent: ChildProcess | undefined;
let socket: string;

async function start(options: ServerOptions): Promise<void> {
  server = await startServer(options);
  socket = join(server.dir, "agent");
}

afterEach(async () => {
  agent?.kill();
  agent = undefined;
  await server.close();
});

/** An agent with these keys, in their order. */
async function startAgent(...keys: readonly string[]): Promise<void> {
  agent = spawn("ssh-agent", ["-D", "-a", socket], { stdio: "ignore" });
  await until("the agent listens", () => existsSync(socket));
  for (const input of keys) addKey("-", input);
}

function addKey(file: string, input?: string): void {
  const env = { ...process.env, SSH_AUTH_SOCK: socket };
  execFileSync("ssh-add", ["-q", file], { input, env, stdio: ["pipe", "ignore", "ignore"] });
}

const noKey = { privateKey: undefined } as unknown as Partial<ConnectionInput>;

async function works(changes: Partial<ConnectionInput>): Promise<void> {
  (await connect(server.connection(changes))).close();
}

async function failure(changes: Partial<ConnectionInput>): Promise<string> {
  const error: unknown = await connect(server.connection(changes)).catch((reason: unknown) => reason);
  if (!(error instanceof Error)) throw new Error("it was let in");
  return error.message.replaceAll(server.dir, "DIR");
}

function write(name: string, text: string): string {
  const path = join(server.dir, name);
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}

describe("an agent with more keys than MaxAuthTries", () => {
  const others = Array.from({ length: 6 }, () => newKey().private);

  beforeEach(async () => {
    await start({ maxTries: 6 });
    await startAgent(...others, server.clientKey.private);
  });

  test("is refused before its right key is tried", async () => {
    expect(await failure({ ...noKey, agentSocketPath: socket })).toContain("no connection");
    expect(server.counts).toMatchObject({ logins: 0, refused: 6 });
  });

  test("has its key chosen by the path of a public one", async () => {
    const path = write("web.pub", `${server.clientKey.public}\n`);
    await works({ ...noKey, agentSocketPath: socket, privateKeyPath: path });
    expect(server.counts).toMatchObject({ logins: 1, refused: 0 });
  });

  test("has its key chosen by IdentityFile, with IdentitiesOnly or as the first", async () => {
    write("id.pub", server.clientKey.public);
    const { port, hostKey } = server;
    for (const only of ["yes", "no"]) {
      const lines = `Host web\n  HostName 127.0.0.1\n  IdentityFile ${server.dir}/id\n  IdentityAgent ${socket}\n  IdentitiesOnly ${only}\n`;
      const sshConfig = write("config", lines);
      (await connect({ host: "web", port, hostKey, sshConfig, sudo: false, deadline: 5 })).close();
    }
    expect(server.counts).toMatchObject({ logins: 2, refused: 0 });
  });

  test("that does not have the chosen key says which ones it has", async () => {
    const path = write("other.pub", newKey().public);
    const message = await failure({ ...noKey, agentSocketPath: socket, privateKeyPath: path });
    expect(message).toContain(
      "privateKeyPath DIR/other.pub is a public key, and the agent DIR/agent does not have its",
    );
    expect(message.match(/it has ssh-ed25519 SHA256:/g)).toHaveLength(7);
    expect(server.counts.sockets).toBe(0);
  });
});

test("an agent that does not answer is an error where it was asked for, and is passed over otherwise", async () => {
  await start({ password: "right" });
  expect(await failure({ ...noKey, agentSocketPath: socket })).toContain("the agent DIR/agent does not answer: ENOENT");
  const config = write("config", `IdentityFile ${server.dir}/key\nIdentityAgent ${socket}\n`);
  write("key", server.clientKey.private);
  await works({ ...noKey, sshConfig: config });
  await works({ ...noKey, sshConfig: config, password: "right" });
});

test.each([
  ["says nothing", () => undefined],
  ["says one byte after the other", (client: Socket) => client.write("\u0001")],
])("an agent that %s is given up", async (_, say) => {
  await start({});
  const clients: Socket[] = [];
  const stalled = createServer((client) => clients.push(client)).listen(socket);
  const timer = setInterval(() => clients.filter((client) => client.writable).forEach(say), 200);
  const message = await failure({ ...noKey, agentSocketPath: socket, perDialTimeout: 1 });
  clearInterval(timer);
  for (const client of clients) client.destroy();
  stalled.close();
  expect(message).toContain("the agent DIR/agent does not answer: not within 1 s (perDialTimeout)");
});

test("certificates of users are named where a login is refused", async () => {
  await start({});
  const path = write("id", newKey().private);
  const [ca, mine] = [write("ca", newKey().private), write("id.pub", newKey().public)];
  execFileSync("ssh-keygen", ["-q", "-s", ca, "-I", "me", "-n", "root", mine]);
  const named = "not tried: DIR/id-cert.pub, a certificate, which ssh2 cannot use";
  expect(await failure({ ...noKey, privateKeyPath: path })).toContain(named);
  const config = write(
    "config",
    `IdentityFile ${path}\nIdentityAgent none\nCertificateFile ${server.dir}/id-cert.pub\n`,
  );
  expect(await failure({ ...noKey, sshConfig: config })).toContain(named);
  await startAgent();
  writeFileSync(path, newKey().private);
  execFileSync("ssh-keygen", ["-q", "-y", "-f", path], { stdio: "ignore" });
  writeFileSync(mine, execFileSync("ssh-keygen", ["-y", "-f", path]));
  execFileSync("ssh-keygen", ["-q", "-s", ca, "-I", "me", "-n", "root", mine]);
  addKey(path);
  const byAgent = await failure({ ...noKey, agentSocketPath: socket });
  expect(byAgent).toMatch(
    /not tried: agent's ssh-ed25519-cert-v01@openssh\.com SHA256:\S+ \S+, a type of key that ssh2/,
  );
});

test("an encrypted identity that no agent has is passed over, and named when nothing else does", async () => {
  await start({});
  const path = write("encrypted", server.clientKey.private);
  execFileSync("ssh-keygen", ["-q", "-p", "-N", "secret", "-f", path]);
  const text = `IdentityFile ${path}\nIdentityAgent none\n`;
  expect(await failure({ ...noKey, sshConfig: write("config", text) })).toContain(
    "nothing to log in with\n  $ ssh -F DIR/config -p",
  );
  expect(await failure({ ...noKey, sshConfig: write("config", text) })).toContain(
    "not tried: IdentityFile DIR/encrypted is encrypted",
  );
  await works({ ...noKey, sshConfig: write("config", text), privateKeyPassword: "secret" });
  await works({
    ...noKey,
    sshConfig: write("config", `${text}IdentityFile ${write("key", server.clientKey.private)}\n`),
  });
});

describe.each([
  ["publickey,password", ["publickey", "password"]],
  ["password,publickey", ["password", "publickey"]],
] as const)("AuthenticationMethods %s", (_name, steps) => {
  test("is followed with a key of ours", async () => {
    await start({ password: "right", steps });
    await works({ password: "right" });
    expect(server.counts.logins).toBe(1);
  });

  test("is followed with a key of the agent, which is not its first", async () => {
    await start({ password: "right", steps, maxTries: 3 });
    await startAgent(newKey().private, server.clientKey.private);
    await works({ ...noKey, agentSocketPath: socket, password: "right" });
    expect(server.counts.logins).toBe(1);
  });

  test("names what is missing", async () => {
    await start({ password: "right", steps });
    const message = await failure({});
    expect(message).toContain("the login was refused");
    expect(message).toContain("the host still takes: password");
    const [first] = steps;
    const part = first === "publickey" ? "still takes" : "takes";
    const wanted = "set password or passwordEnv.";
    expect(message).toContain(`Nothing that it ${part} was given: ${wanted}`);
    expect(message).not.toContain("Whether there is a user");
  });
});

test("a host that took a key, and wants another one, is told from one that took none", async () => {
  await start({ password: "right", steps: ["password", "publickey"] });
  const message = await failure({ privateKey: newKey().private, password: "right" });
  expect(message).toContain(
    "It took a part of what was tried, and wants more (AuthenticationMethods in its sshd_config).",
  );
});

describe.each([
  ["ed25519", {}],
  ["ec", { namedCurve: "P-256" }],
  ["ec", { namedCurve: "P-521" }],
  ["rsa", { modulusLength: 2048 }],
] as const)("a key of OpenSSL, %s %j", (type, options) => {
  test("is read, with a passphrase too", () => {
    const { privateKey, publicKey } = generateKeyPairSync(type as "ec", options as { namedCurve: string });
    const plain = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    const cipher = { cipher: "aes-256-cbc", passphrase: "secret" };
    const locked = privateKey.export({ type: "pkcs8", format: "pem", ...cipher }).toString();
    const hop = { user: "root" } as Hop;
    const data = Buffer.from("what the host wants to have signed");
    for (const [text, privateKeyPassword] of [[plain], [`\n${plain.trimEnd()}`], [locked, "secret"]] as const) {
      const { method } = keyLogin({ ...hop, privateKeyPassword }, text, "key");
      const key = (method as { key: ParsedKey }).key;
      const signed = key.sign(data, type === "rsa" ? "sha256" : undefined);
      expect(key.type).toMatch(/^(?:ssh-ed25519|ecdsa-sha2-nistp(?:256|521)|ssh-rsa)$/);
      if (type !== "ec") expect(verify(type === "rsa" ? "sha256" : null, data, publicKey, signed)).toBe(true);
    }
    expect(() => keyLogin(hop, locked, "key")).toThrow("key is encrypted");
    expect(() => keyLogin({ ...hop, privateKeyPassword: "wrong" }, locked, "key")).toThrow("key cannot be decrypted");
    expect(() => keyLogin(hop, plain.replaceAll("M", "A"), "key")).toThrow("key is not a private key that we can read");
  });
});

test("an OpenSSL key that is none of those of ssh is named", () => {
  const text = generateKeyPairSync("x25519").privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  expect(() => keyLogin({ user: "root" } as Hop, text, "key")).toThrow("it is of the type x25519");
});

test("an agent without a key, and one without the chosen ones, are named", async () => {
  await start({});
  await startAgent();
  expect(await failure({ ...noKey, agentSocketPath: socket })).toContain("nothing to log in with\n  $ ssh -p");
  expect(await failure({ ...noKey, agentSocketPath: socket })).toContain("not tried: the agent DIR/agent has no key");
  addKey("-", newKey().private);
  const sshConfig = write("config", `IdentityFile ${server.dir}/none\nIdentitiesOnly yes\nIdentityAgent ${socket}\n`);
  expect(await failure({ ...noKey, sshConfig })).toContain("not tried: the agent DIR/agent has none of these keys");
});

test("a public key without an agent, and a key of ssh_config that is not there, are named", async () => {
  await start({});
  const path = write("web.pub", server.clientKey.public);
  expect(await failure({ ...noKey, privateKeyPath: path, agentSocketPath: "none" })).toContain(
    "not tried: privateKeyPath DIR/web.pub, a public key: there is no agent that could have its private one",
  );
  const sshConfig = write("config", `IdentityFile ${server.dir}/gone\nIdentityAgent none\n`);
  expect(await failure({ ...noKey, sshConfig })).toContain(
    "not tried: IdentityFile DIR/gone, which is not there, or cannot be read",
  );
  const dead = write("config", `IdentityFile ${server.dir}/gone\nIdentityAgent ${server.dir}/dead\n`);
  expect(await failure({ ...noKey, sshConfig: dead })).toContain("the agent DIR/dead does not answer: ENOENT");
});

test("too many keys are no question of the user's name", () => {
  const accepted = ["publickey"];
  // As sshd says it.
  const outcome = { message: "Too many authentication failures", accepted, isPartial: false, banner: [] };
  expect(refused(outcome, { user: "root" } as Hop, []).advice).toEqual([
    expect.stringContaining("counts against its MaxAuthTries: give the right one alone"),
    IF_OLD,
  ]);
});

test("what a host says to whoever logs in is in the error of a refusal, ten lines of it", async () => {
  await start({ banner: `Ask \u001b[1m#ops\u001b[0m\r\n${"line\n".repeat(500)}` });
  const message = await failure({ privateKey: newKey().private });
  expect(message).toContain("\n  the host says: Ask \\x1b[1m#ops\\x1b[0m\n");
  expect(message.match(/the host says: /g)).toHaveLength(10);
});

test("a host on which nobody may log in yet is asked again: it has judged no key", async () => {
  const banner =
    "System is booting up. Unprivileged users are not permitted to log in yet. Please come back later. For technical details, see pam_nologin(8).\n";
  await start({ banner, turnsAway: 1 });
  const message = await failure({});
  expect(message).toContain("the host lets no user but root log in: it is booting, or going down");
  expect(message).toContain("take away the file that says otherwise: /run/nologin, or /etc/nologin.");
  await server.close();
  await start({ banner, turnsAway: 1 });
  await works({ dialErrorLimit: 2 });
  expect(server.counts).toMatchObject({ logins: 1, sockets: 2 });
});

test.each([
  [{ kex: ["diffie-hellman-group14-sha1"] }, "key exchange algorithm", "diffie-hellman-group14-sha1", "KexAlgorithms"],
  [{ cipher: ["aes256-cbc"] }, "cipher", "aes256-cbc", "Ciphers"],
  [{ cipher: ["aes256-ctr"], hmac: ["hmac-md5"] }, "MAC", "hmac-md5", "MACs"],
] as const)(
  "algorithms that only the host knows are named, and are no question of its address: %j",
  async (algorithms, of, known, keyword) => {
    await start({ algorithms: algorithms as unknown as NonNullable<ServerOptions["algorithms"]> });
    const message = await failure({});
    expect(message).toMatch(
      new RegExp(`no connection: the host and we have no ${of} in common\n.*\n  the host knows: ${known}`),
    );
    expect(message).toContain(`(${keyword})`);
    expect(message).not.toMatch(/--run-program|Is the host up/);
  },
);

test("a server that never says yes is not asked for ever", () => {
  const key = { label: "key", method: { type: "publickey", username: "root", key: {} as ParsedKey } } as const;
  const order = new LoginOrder([key]);
  let attempts = 0;
  while (order.next(false) !== undefined && attempts < 100) {
    attempts += 1;
    order.hear("Inbound: Received USERAUTH_FAILURE (password)");
    order.hear("Inbound: Received USERAUTH_FAILURE (publickey,password)".replace("publickey", "none"));
  }
  expect(attempts).toBeLessThan(3);
});

describe("algorithms of host keys", () => {
  test("the first contact offers what later ones will: no key is noted that never works again", async () => {
    await start({ rsa: "ssh-rsa" });
    const known = join(server.dir, "known");
    const accepting = {
      hostKey: undefined,
      knownHostsPath: known,
      hostKeyCheck: "accept-new",
    } as unknown as Partial<ConnectionInput>;
    const message = await failure(accepting);
    expect(message).toContain("the host and we have no algorithm for host keys in common");
    expect(existsSync(known)).toBe(false);
    const sshConfig = write("config", "HostKeyAlgorithms +ssh-rsa\n");
    for (const _time of [1, 2]) await works({ ...accepting, sshConfig });
    expect(readFileSync(known, "utf8").split("\n")).toHaveLength(2);
  });

  test("an RSA key that is shorter than RequiredRSASize is refused", async () => {
    await start({ rsa: "rsa-sha2-512" });
    const [more, enough] = ["2049", "2048"].map((bits) => write(`config${bits}`, `RequiredRSASize ${bits}\n`));
    expect(await failure({ sshConfig: more ?? "" })).toContain("the host's RSA key has 2048 bits, and RequiredRSASize");
    await works({ sshConfig: enough ?? "" });
  });

  test("an RSA key that can do better is noted and used", async () => {
    await start({ rsa: "rsa-sha2-512" });
    const accepting = { hostKey: undefined, knownHostsPath: join(server.dir, "known"), hostKeyCheck: "accept-new" };
    for (const _time of [1, 2]) await works(accepting as unknown as Partial<ConnectionInput>);
    expect(server.counts.logins).toBe(2);
  });

  const usual = hostKeyAlgorithms([], undefined);

  test.each([
    [[], "ssh-ed25519,rsa-sha2-512", ["ssh-ed25519", "rsa-sha2-512"]],
    [[], "+ssh-rsa", [...usual, "ssh-rsa"]],
    [[], "-ecdsa-*,ssh-ed25519", ["rsa-sha2-512", "rsa-sha2-256"]],
    [[], "^rsa-sha2-256", ["rsa-sha2-256", ...usual.filter((one) => one !== "rsa-sha2-256")]],
    [["ssh-rsa"], undefined, ["rsa-sha2-512", "rsa-sha2-256"]],
    [["ssh-rsa"], "+ssh-rsa", ["rsa-sha2-512", "rsa-sha2-256", "ssh-rsa"]],
    [["ssh-ed25519", "ssh-rsa"], "rsa-sha2-256", ["rsa-sha2-256"]],
    [["ssh-ed25519"], "rsa-sha2-256", ["rsa-sha2-256"]],
  ])("known %j and HostKeyAlgorithms %s", (known, config, offered) => {
    expect(hostKeyAlgorithms(known, config)).toEqual(offered);
  });

  test("are refused where none can be checked", () => {
    expect(() => hostKeyAlgorithms([], "sk-*")).toThrow("HostKeyAlgorithms sk-* has none that we can check");
    expect(() => hostKeyAlgorithms(["ssh-dss"], undefined)).toThrow("of types that we cannot check: ssh-dss");
  });
});
