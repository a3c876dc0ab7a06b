import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os, { tmpdir, userInfo } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { type Found, readSshConfig } from "../../../../provider/host/ssh/config/found";
import { connectionError } from "../../../../provider/host/ssh/connect";
import { DialError } from "../../../../provider/host/ssh/dial-error";
import { hostKeyAlgorithms } from "../../../../provider/host/ssh/host-keys/algorithms";
import { route } from "../../../../provider/host/ssh/route";
import type { Reach } from "../../../../provider/model/connection";
import { asSshSays, bySsh, HOME } from "./by-ssh";
import { CONFIGURATIONS, INCLUDED } from "./configurations";

const run = promisify(execFile);
let dir: string;

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "lvs-config-"));
  for (const [name, text] of Object.entries(INCLUDED)) write(name, text);
});

afterAll(() => rmSync(dir, { recursive: true, force: true }));

function write(name: string, text: string): string {
  const path = join(dir, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text.replaceAll("DIR", dir));
  return path;
}

function read(text: string, host: string, fields: Partial<Reach> = {}): Promise<Found> {
  return readSshConfig({ host, ...fields }, write("config", text));
}

async function refusal(text: string, fields: Partial<Reach> = {}): Promise<string> {
  const error: unknown = await read(text, "web1", fields).then(
    () => new Error("it was read"),
    (reason: unknown) => reason,
  );
  return String(error).replaceAll(dir, "DIR");
}

test.each(CONFIGURATIONS)("%s: ssh -G says the same", async (_name, host, text) => {
  const found = await read(text, host);
  expect(asSshSays(found)).toEqual(await bySsh(join(dir, "config"), host));
});

test.each([
  "+ssh-rsa",
  "-ecdsa-*,ssh-ed25519",
  "^rsa-sha2-256,ssh-ed25519",
  "rsa-sha2-*,ssh-ed25519",
  "ssh-ed25519-cert-v01@openssh.com,ssh-ed25519",
])("HostKeyAlgorithms %s: ssh offers the same, and more that we cannot check", async (algorithms) => {
  const { hostKeyAlgorithms: found } = await read(`HostKeyAlgorithms ${algorithms}\n`, "web1");
  const { stdout } = await run("ssh", ["-G", "-F", join(dir, "config"), "web1"]);
  const [, theirs = ""] = /^hostkeyalgorithms (.*)$/m.exec(stdout) ?? [];
  const checked = ["ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521"];
  const all = [...checked, "rsa-sha2-512", "rsa-sha2-256", "ssh-rsa"];
  // The client of Debian 12 has ssh-rsa among its usual ones, as others do not.
  const usual = /^[+]/.test(algorithms) ? all : all.slice(0, -1);
  expect(hostKeyAlgorithms([], found)).toEqual(theirs.split(",").filter((name) => usual.includes(name)));
});

test("what the entry says itself comes before the file, also for Match", async () => {
  const text = "Match user ops\n  Port 7\nHost *\n  User all\n  Port 8\n";
  expect(await read(text, "web1", { user: "ops" })).toMatchObject({ user: "ops", port: 7 });
  expect(await read(text, "web1", { user: "ops", port: 9 })).toMatchObject({ port: 9 });
});

test("tokens and variables of the environment in paths", async () => {
  process.env["LVS_TEST_KEYS"] = "/keys";
  const text = `Host web1
  HostName db.example.net
  User ops
  Port 2222
  IdentityFile ~/.ssh/%h-%r-%p-%n-%u-%i-%%
  IdentityFile %d/\${LVS_TEST_KEYS}/%k
  UserKnownHostsFile %d/%h
  IdentityAgent $LVS_TEST_KEYS
`;
  const { username, uid } = userInfo();
  expect(await read(text, "web1")).toMatchObject({
    identityFiles: [`${HOME}/.ssh/db.example.net-ops-2222-web1-${username}-${uid}-%`, `${HOME}//keys/web1`],
    userKnownHosts: [`${HOME}/db.example.net`],
    agent: "/keys",
  });
  delete process.env["LVS_TEST_KEYS"];
  // As with ssh, which then has no agent.
  expect(await read("IdentityAgent $LVS_TEST_KEYS\n", "web1")).toMatchObject({ agent: "none" });
  expect(await refusal(text)).toContain(
    "DIR/config line 6: IdentityFile names the variable LVS_TEST_KEYS, which is not set",
  );
});

test.each([
  ["ProxyCommand nc %h %p", "DIR/config line 2: ProxyCommand is not supported"],
  ["KnownHostsCommand /bin/x %H", "DIR/config line 2: KnownHostsCommand is not supported, and would change who"],
  ["CanonicalizeHostname yes", "DIR/config line 2: CanonicalizeHostname is not supported"],
  ["RevokedHostKeys /etc/revoked", "DIR/config line 2: RevokedHostKeys is not supported"],
  ["VerifyHostKeyDNS yes", "DIR/config line 2: VerifyHostKeyDNS is not supported"],
  ["CheckHostIP yes", "DIR/config line 2: CheckHostIP is not supported, and would change who is reached or trusted"],
  ["NoHostAuthenticationForLocalhost yes", "DIR/config line 2: NoHostAuthenticationForLocalhost is not"],
  ["BindAddress 192.0.2.1", "DIR/config line 2: BindAddress is not supported"],
  ["StrictHostKeyChecking no", "DIR/config line 2: StrictHostKeyChecking no would trust any host"],
  ["Frobnicate yes", "DIR/config line 2: Frobnicate is not known"],
  ["HostName %q", "DIR/config line 2: HostName has %q, which is not supported there"],
  ["IdentityFile /k/%C", "DIR/config line 2: IdentityFile has %C, which is not supported there"],
  ["Port ssh", 'DIR/config line 2: "ssh" is no port'],
  ["Port 22 23", "DIR/config line 2: Port takes one word, not 2"],
  ["Port", "DIR/config line 2: nothing follows Port"],
  ['HostName ""', "DIR/config line 2: nothing follows HostName"],
  ['User "ops', "DIR/config line 2: a quotation mark has no partner"],
  ["ProxyJump a,,b", 'DIR/config line 2: ProxyJump has "", which is no [user@]host[:port]'],
  ["ProxyJump a:99999", 'DIR/config line 2: ProxyJump has "a:99999", which is no [user@]host[:port]'],
  ["ProxyJump abc:123456", 'DIR/config line 2: ProxyJump has "abc:123456", which is no [user@]host[:port]'],
  ["ProxyJump ops@gate-%h", 'DIR/config line 2: ProxyJump has "ops@gate-%h": % is not supported there'],
  ["ProxyJump ssh://ops%40site@gate", 'DIR/config line 2: ProxyJump has "ssh://ops%40site@gate": % is not'],
  ["User ops-%h", 'DIR/config line 2: User has "ops-%h", which not every ssh takes alike'],
  ["User ${LOGNAME}", 'DIR/config line 2: User has "${LOGNAME}", which not every ssh takes alike'],
  ["Match host 'web1'", "DIR/config line 2: Match host 'web1' is not supported, and decides here about web1"],
  ["Include /etc/[a]", "DIR/config line 2: Include /etc/[a]: of patterns"],
  ["Include ~ops/conf", "DIR/config line 2: Include has ~ops, the home of another user, which is not supported"],
  ["IdentityFile ~ops/.ssh/id", "DIR/config line 2: IdentityFile has ~ops, the home of another user"],
  ["Include DIR/config", "DIR/config line 2: files include each other too deeply"],
  ["Match exec true", "DIR/config line 2: Match exec is not supported, and decides here about web1"],
  ["Match host web* tagged x", "DIR/config line 2: Match tagged is not supported"],
  ["RequiredRSASize many", 'DIR/config line 2: "many" is no number of bits'],
])("%s is refused by its name, its file and its line", async (line, message) => {
  expect(await refusal(`Host web1\n  ${line}\n`)).toContain(message);
  expect(await refusal(`Host db1\n  ${line.startsWith("Match") ? "User ops" : "Port 1"}\n`)).toContain("it was read");
});

test.each([
  ["BindAddress 192.0.2.1", "as sshConfig a file without this line."],
  ["Match exec true", "as sshConfig a file without this line."],
  ["RevokedHostKeys /etc/revoked", 'Say "RevokedHostKeys none" above it for this host'],
])("the advice for %s is one that helps", async (line, advice) => {
  const found: unknown = await read(`${line}\n`, "web1").catch((error: unknown) => error);
  expect(String((found as DialError).advice)).toContain(advice);
  const [, above] = /Say "([^"]+)"/.exec(String((found as DialError).advice)) ?? [];
  if (above !== undefined) expect(await refusal(`Host web1\n  ${above}\nHost *\n  ${line}\n`)).toContain("it was read");
});

test.each<[string, string, Partial<Reach>]>([
  ["it says no", "CheckHostIP no\n", {}],
  ["the name is an address", "CheckHostIP yes\nHostName 192.0.2.1\n", {}],
  ["there is a jump", "CheckHostIP yes\nProxyJump bastion\n", {}],
  ["the entry has a proxy", "CheckHostIP yes\n", { proxy: { host: "bastion" } }],
  ["the entry has the key", "CheckHostIP yes\n", { hostKey: "ssh-ed25519 AAAA" }],
])("CheckHostIP is passed over where ssh would check no address: %s", async (_, text, entry) => {
  expect(await refusal(`${text}Port 7\n`, entry)).toContain("it was read");
});

test("a line that cannot be followed does not count where the entry says the same thing", async () => {
  const text = "Host *\n  ProxyCommand nc %h %p\n  StrictHostKeyChecking no\n  Port 7\n";
  expect(await read(text, "web1", { proxy: { host: "b" }, hostKeyCheck: "strict" })).toMatchObject({ port: 7 });
  expect(await refusal(text, { proxy: { host: "b" } })).toContain("line 3: StrictHostKeyChecking no would trust");
  expect(await read(`Host db*\n  ProxyCommand nc\n  RevokedHostKeys /x\nHost *\n  Port 7\n`, "web1")).toMatchObject({
    port: 7,
  });
});

test("a line that cannot be followed and applies to a host of ProxyJump is said to be about that one", async () => {
  const sshConfig = write("config", "Host web1\n  ProxyJump bastion,inner\nHost *\n  StrictHostKeyChecking no\n");
  const web1: Reach = { host: "web1", sshConfig, hostKeyCheck: "accept-new" };
  const found: unknown = await route(web1).catch((error: unknown) => error);
  expect(found).toMatchObject({ reason: expect.stringContaining("line 4: StrictHostKeyChecking no would trust") });
  expect((found as DialError).advice.at(-1)).toBe(
    "That is about bastion, a host of ProxyJump: say it of a host of its own in lvs:hosts, and name that as proxy.",
  );
  const bastion: Reach = { host: "bastion", sshConfig, hostKeyCheck: "accept-new" };
  expect(await route({ ...web1, proxy: bastion })).toMatchObject([{ host: "bastion" }, { host: "web1" }]);
});

test("the command that a message shows has the whole path of the file, also where that is a word", () => {
  const shown = (sshConfig: string) =>
    connectionError(
      { host: "web1", name: "web1", sudo: false, deadline: 60, sshConfig },
      new DialError("x", [], []),
    ).message.split("\n")[1];
  expect(shown("package.json")).toBe(`  $ ssh -F ${join(process.cwd(), "package.json")} web1`);
  expect(shown("canary-7f")).toBe("  $ ssh web1");
});

test("Match with single quotation marks, which not every ssh knows, does no harm where it does not matter", async () => {
  const text =
    "Match host db1 exec 'test -f /x'\n  Port 1\nMatch originalhost db* host 'web1'\n  Port 2\nHost web1\n  Port 3\n";
  expect(await read(text, "web1")).toMatchObject({ port: 3 });
});

test.each(["5w", "99999999999", "601"])("ConnectTimeout %s is as long as an attempt may be", async (time) => {
  expect(await read(`ConnectTimeout ${time}\n`, "web1")).toMatchObject({ connectTimeout: 600 });
});

test("a file that is not there, and one that is no file", async () => {
  await expect(readSshConfig({ host: "web1" }, join(dir, "none"))).rejects.toThrow("there is no file");
  await run("mkfifo", [join(dir, "fifo")]);
  await expect(readSshConfig({ host: "web1" }, join(dir, "fifo"))).rejects.toThrow("fifo: it is not a file");
  await expect(readSshConfig({ host: "web1" }, dir)).rejects.toThrow(`cannot read ${dir}: EISDIR`);
});

describe("the file of the user", () => {
  beforeEach(() => {
    jest.spyOn(os, "userInfo").mockReturnValue({ ...userInfo(), homedir: join(dir, "home") });
  });

  afterEach(() => jest.restoreAllMocks());

  test("is ~/.ssh/config, with names to include beside it", async () => {
    write("home/.ssh/config", "Include conf.d/*\nHost web1\n  Port 5\n");
    write("home/.ssh/conf.d/a", "Host web1\n  User included\n");
    expect(await readSshConfig({ host: "web1" }, true)).toMatchObject({ user: "included", port: 5 });
  });

  test("is refused where others can write it, as ssh does", async () => {
    const path = write("home/.ssh/config", "Host web1\n  Port 5\n");
    await run("chmod", ["g+w", path]);
    await expect(readSshConfig({ host: "web1" }, true)).rejects.toThrow("can be written by others");
    rmSync(path);
    expect(await readSshConfig({ host: "web1" }, true)).toMatchObject({ host: "web1", port: 22 });
  });
});

test("the file of Red Hat's client, with its policy for cryptography, is read", async () => {
  write(
    "crypto.config",
    "Ciphers aes256-gcm@openssh.com\nMACs hmac-sha2-256\nGSSAPIKexAlgorithms gss-group14-sha256-\nKexAlgorithms curve25519-sha256\nPubkeyAcceptedAlgorithms ssh-ed25519,rsa-sha2-512\nHostKeyAlgorithms ssh-ed25519,rsa-sha2-512\nCASignatureAlgorithms ssh-ed25519\nRequiredRSASize 2048\n",
  );
  const text =
    "Match final all\n  Include DIR/crypto.config\n  GSSAPIAuthentication yes\n  ForwardX11Trusted yes\n  SendEnv LANG LC_ALL\n";
  expect(await read(text, "web1")).toMatchObject({
    requiredRsaSize: 2048,
    hostKeyAlgorithms: "ssh-ed25519,rsa-sha2-512",
  });
});
