import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { step } from "../../support/step.ts";
import { useLab } from "../../support/use-lab.ts";
import { connectionOf } from "../support/connection.ts";
import { diagnostics } from "../support/diagnostics.ts";
import { findOnGuest, watchGuest } from "../support/guest-watch.ts";
import { keyPair } from "../support/key-pair.ts";
import { watchOwn } from "../support/own-watch.ts";
import { type Relay, relayTo } from "../support/relay.ts";
import type { Stack } from "../support/stack.ts";
import { stackOn } from "../support/stack-on.ts";
import { MovingSshd } from "./moving-sshd.ts";

/** One director, reached in four ways. */
const PROGRAM = `
import { Config } from "@pulumi/pulumi";
import * as lvs from "pulumi-lvs";
const web = new lvs.VirtualService("named", { host: "relayed", protocol: "tcp", address: "192.168.4.5:80" });
const server = (name: string, host: lvs.Host, address: string) => new lvs.RealServer(name, { host, service: web, address });
server("ops", "ops", "10.0.0.1");
server("pat", "pat", "10.0.0.2");
// As of a machine that the same run makes: its address is not known before.
const host = web.key.apply(() => "127.0.0.1");
const { port, hostKey, password } = JSON.parse(process.env["MADE"] ?? "");
const privateKey = new Config().requireSecret("key");
server("inline", { name: "made", host, port, hostKey, privateKey, password }, "10.0.0.3");
`;

const RULES = [
  "-A -t 192.168.4.5:80 -s wlc",
  ...[1, 2, 3].map((n) => `-a -t 192.168.4.5:80 -r 10.0.0.${n}:80 -g -w 1`),
];

const lab = useLab({ hosts: ["director1"] });
let stack: Stack;
let relay: Relay;
let made: object;

const director = () => lab.host("director1");
const rules = async () =>
  (await director().text("ipvsadm -Sn"))
    .split("\n")
    .filter((line) => line !== "")
    .sort();

beforeAll(async () => {
  const { privateKey, ...connection } = director().connection;
  relay = await relayTo(connection.port);
  lab.atEnd(() => relay.close());
  const given = connectionOf(lab, "director1");
  const hosts = {
    relayed: { ...given, port: relay.port, dialErrorLimit: 1 },
    ops: { sshConfig: sshConfig(), sudo: true },
    pat: { ...given, user: "pat", sudo: true },
  };
  stack = await stackOn(lab, { program: { text: PROGRAM }, hosts, passphrase: true });
  made = { ...connection, password: "the-first-one" };
  stack.environment["MADE"] = JSON.stringify(made);
  await set(["--secret", "key"], privateKey);
  await set(["--secret", "--path", "lvs:hosts.pat.sudoPassword"], "lvs-lab");
});

/** What ssh would read about `ops`. */
function sshConfig(): string {
  return join(lab.folder, "ssh_config");
}

function writeSshConfig(): void {
  const { host, port, hostKey } = director().connection;
  const known = join(lab.folder, "known");
  writeFileSync(known, `[${host}]:${port} ${hostKey}\n`);
  const { privateKeyPath } = connectionOf(lab, "director1");
  writeFileSync(
    sshConfig(),
    `Host o*\n  HostName ${host}\n  Port ${port}\n  IdentityFile ${privateKeyPath}\nMatch originalhost ops\n  User ops\n  UserKnownHostsFile ${known}\n`,
  );
}

/** As a user does it: a secret comes by standard input, so that it is in no list of processes. */
async function set(words: readonly string[], value: string): Promise<void> {
  const { code, text } = await stack.run(["config", "set", ...words], { input: value });
  if (code !== 0) throw new Error(text);
}

async function moveRelay(): Promise<void> {
  await relay.close();
  relay = await relayTo(director().connection.port);
  await set(["--path", "lvs:hosts.relayed.port"], String(relay.port));
}

/** Everything that Pulumi has written: state, history, backups, logs. */
function written({ folder, program }: Stack = stack): string {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true });
  const kept = files.filter((entry) => entry.isFile() && !entry.parentPath.startsWith(program));
  return kept.map((entry) => readFileSync(join(entry.parentPath, entry.name), "latin1")).join("\n");
}

/** The secrets, in any form that JSON or YAML would give them. */
function secrets(): readonly string[] {
  const lines = director()
    .connection.privateKey.split("\n")
    .filter((line) => line.length > 40);
  expect(lines.length).toBeGreaterThan(2);
  return [...lines, "lvs-lab", "the-first-one", "another-one"];
}

test("one director reached as root, by two kinds of sudo and as a new machine: secrets stay secret, and a new place is no change", async () => {
  await step("a preview bears with a host that is not known yet, and goes to none", async () => {
    const plan = await stack.planned();
    expect([...plan].filter(([, op]) => op === "create").map(([name]) => name)).toEqual(
      expect.arrayContaining(["named", "ops", "pat", "inline"]),
    );
    expect(stack.travels()).toEqual([]);
  });

  await step("root, sudo without a password, sudo with one, and a host that was made meanwhile", async () => {
    // The preview before has read none.
    writeSshConfig();
    await stack.up();
    expect(await rules()).toEqual(RULES);
  });

  await step("no secret is written down in clear, by an up or by a refresh that finds drift", async () => {
    for (const secret of secrets()) expect(written()).not.toContain(secret);
    await director().sh(
      "ipvsadm -e -t 192.168.4.5:80 -r 10.0.0.3 -g -w 9; ipvsadm -e -t 192.168.4.5:80 -r 10.0.0.2 -g -w 9",
    );
    await stack.refresh();
    expect(stack.resources().get("inline")?.outputs["weight"]).toBe(9);
    for (const secret of secrets()) expect(written()).not.toContain(secret);
  });

  await step("a resource whose host has a name knows nothing of keys and addresses", () => {
    const { port, hostKey } = director().connection;
    for (const name of ["named", "ops", "pat"]) {
      const resource = stack.resources().get(name);
      expect(resource).toBeDefined();
      for (const detail of ["127.0.0.1", String(port), String(relay.port), hostKey, "client_key"])
        expect(JSON.stringify(resource)).not.toContain(detail);
    }
  });

  await step(
    "another port or password is no change of a rule: nothing of a named host, and nothing is sent to the other",
    async () => {
      await stack.up();
      expect(await rules()).toEqual(RULES);
      await moveRelay();
      stack.environment["MADE"] = JSON.stringify({ ...made, password: "another-one" });
      const plan = await stack.planned();
      expect([...plan].filter(([, op]) => op !== "same")).toEqual([["inline", "update"]]);
      stack.travels();
      await stack.up();
      expect(stack.travels().map(({ kind }) => kind)).toEqual(["connect", "observe"]);
      expect(await rules()).toEqual(RULES);
      for (const secret of secrets()) expect(written()).not.toContain(secret);
    },
  );

  await step("a plain refresh goes where the last up went, and its error says how to go to the new place", async () => {
    const old = relay.port;
    await moveRelay();
    const { code, text } = await stack.try("refresh", "--yes", "--skip-preview");
    expect(code).toBe(1);
    expect(diagnostics(text)["named"]).toBe(
      [
        `error: relayed: no connection: connect ECONNREFUSED 127.0.0.1:${old}: the host is there, and nothing listens`,
        `  $ ssh -i ${connectionOf(lab, "director1").privateKeyPath} -p ${old} root@127.0.0.1`,
        "Is sshd running, and on that port? A firewall that rejects says the same.",
        'If lvs:hosts has changed since the last "pulumi up": "pulumi refresh", "pulumi destroy" and --refresh use the old one. Add --run-program.',
      ].join("\n"),
    );
    await stack.up("--refresh", "--run-program", "--expect-no-changes");
    await moveRelay();
    await stack.refresh("--run-program", "--expect-no-changes");
    await stack.destroy("--run-program");
    expect(await rules()).toEqual([]);
  });
});

const IN_THE_FILE = `
import * as lvs from "pulumi-lvs";
const scheduler = process.env["SCHEDULER"] === "rr" ? "rr" : "wlc";
new lvs.VirtualService("moving", { host: "moving", protocol: "tcp", address: "192.168.4.8:80", scheduler });
`;

test("with a file of hosts, each command reaches a host whose port, host key and login key have changed since the last", async () => {
  const moved = await stackOn(lab, { program: { text: IN_THE_FILE } });
  moved.configure({ "lvs:hostsFile": "hosts.yaml" });
  const sshd = new MovingSshd(director(), moved.folder);
  lab.atEnd(() => sshd.stop());
  const file = join(moved.program, "hosts.yaml");
  const move = async () => {
    const moving = { ...(await sshd.move()), proxy: connectionOf(lab, "director1") };
    writeFileSync(file, JSON.stringify({ moving }, undefined, 2));
  };
  const isReached = (count = 1) => expect(moved.travels().filter(({ kind }) => kind === "connect")).toHaveLength(count);

  await step("preview and up", async () => {
    await move();
    expect([...(await moved.planned())]).toContainEqual(["moving", "create"]);
    isReached(0);
    await moved.up();
    isReached();
    await move();
    moved.environment["SCHEDULER"] = "rr";
    await moved.up();
    isReached();
    expect(await rules()).toEqual(["-A -t 192.168.4.8:80 -s rr"]);
  });

  await step("preview --refresh, up --refresh and refresh", async () => {
    await move();
    await moved.preview("--refresh", "--expect-no-changes");
    isReached();
    await move();
    await director().sh("ipvsadm -D -t 192.168.4.8:80");
    await moved.up("--refresh");
    expect(await rules()).toEqual(["-A -t 192.168.4.8:80 -s rr"]);
    await move();
    await moved.refresh("--expect-no-changes");
    expect(written(moved)).not.toContain("client_key");
  });

  await step("destroy --refresh, and destroy with the file at another place", async () => {
    await move();
    await moved.destroy("--refresh");
    expect(await rules()).toEqual([]);
    await move();
    await moved.up();
    await move();
    renameSync(file, join(moved.folder, "elsewhere.yaml"));
    const { code, text } = await moved.try("destroy", "--yes", "--skip-preview");
    expect(code).toBe(1);
    expect(diagnostics(text)["moving"]).toBe(
      `error: lvs:hostsFile: cannot read ${file}: ENOENT: no such file or directory; a relative path starts at the folder of Pulumi.yaml`,
    );
    moved.environment["LVS_HOSTS_FILE"] = "../elsewhere.yaml";
    await moved.destroy();
    expect(await rules()).toEqual([]);
  });
});

/** A connection with a secret in every field that can hold one, one that names variables with secrets, and a file that is a secret. */
const SECRETIVE = `
import { Config } from "@pulumi/pulumi";
import * as lvs from "pulumi-lvs";
const given = new Config().requireSecretObject<any>("canary");
const wrong = process.env["WRONG"] !== undefined;
const host = given.apply(({ mistaken, content, ...right }: any) => (wrong ? { ...right, sudoPassword: mistaken } : right));
const scheduler = wrong ? "rr" : "wlc";
new lvs.VirtualService("given", { host, protocol: "tcp", address: "192.168.4.6:80", scheduler });
new lvs.VirtualService("named", { host: "named", protocol: "tcp", address: "192.168.4.7:80" });
const content = given.apply(({ content }: any) => content + (wrong ? "!" : ""));
const validate = ["sh", "-c", "cat $0; " + String(!wrong), "{}"];
new lvs.File("file", { host: "named", path: "/etc/canary", content, validate });
`;

/** A key of its own, encrypted, for which the host knows the public half. */
const encryptedKey = (passphrase: string) => keyPair(passphrase);

test("no secret is seen anywhere on a host, or in what we write, start and print", async () => {
  const word = (what: string) => `canary-${what}-${randomBytes(9).toString("hex")}`;
  const [sudoPassword, mistaken, password, passphrase] = ["sudo", "mistaken", "login", "phrase"].map(word);
  const content = word("content");
  const [ofProxy, phraseOfProxy] = ["proxy", "phrase-of-proxy"].map(word);
  const [key, proxyKey, variableKey] = [encryptedKey(passphrase ?? ""), encryptedKey(phraseOfProxy ?? ""), plainKey()];
  await director().sh(
    `IFS= read -r line; printf 'pat:%s\n' "$line" | chpasswd; mkdir -p ~pat/.ssh; cat >~pat/.ssh/authorized_keys
printf 'Defaults logfile=/var/log/sudo.log, log_output, log_input, !compress_io\n' >/etc/sudoers.d/zz`,
    { input: Buffer.from([sudoPassword, key.public, proxyKey.public, variableKey.public, ""].join("\n")) },
  );
  const { hostKey, port } = director().connection;
  const reach = { host: "127.0.0.1", hostKey, user: "pat", dialErrorLimit: 1 };
  const environment = { LVS_CANARY_KEY: variableKey.private, LVS_CANARY_PASSWORD: sudoPassword ?? "" };
  const variables = { privateKeyEnv: "LVS_CANARY_KEY", passwordEnv: "LVS_CANARY_PASSWORD" };
  const named = { ...reach, port, sudo: true, ...variables };
  const secretive = await stackOn(lab, {
    program: { text: SECRETIVE },
    hosts: { named },
    environment,
    passphrase: true,
  });
  mkdirSync(join(secretive.folder, "tmp"));
  secretive.environment["TMPDIR"] = join(secretive.folder, "tmp");
  const proxy = { ...reach, port, privateKey: proxyKey.private, privateKeyPassword: phraseOfProxy, password: ofProxy };
  const canary = {
    ...reach,
    name: "given",
    port: 22,
    proxy,
    sudo: true,
    privateKey: key.private,
    privateKeyPassword: passphrase,
    password,
    sudoPassword,
    mistaken,
    content,
  };
  const set = await secretive.run(["config", "set", "--secret", "canary"], { input: JSON.stringify(canary) });
  expect(set.code).toBe(0);
  const digests = [content, `${content}!`, `${content}more\n`].map((text) =>
    createHash("sha256").update(text).digest("hex"),
  );
  const ofFile = [content, ...digests];
  const words = [sudoPassword, mistaken, password, passphrase, ofProxy, phraseOfProxy].map(String);
  const logins = [...words, ...[key, proxyKey, variableKey].flatMap(({ private: text }) => linesOf(text))];
  const secrets = [...logins, ...ofFile];

  const guest = await watchGuest(director());
  const own = watchOwn();
  const said: string[] = [];
  await step("up, preview, refresh, an up with a wrong password, destroy", async () => {
    said.push((await secretive.up()).text);
    expect(await director().text("cat /etc/canary; stat -c %a /etc/canary")).toBe(`${content}600`);
    await director().sh("echo more >> /etc/canary");
    for (const run of ["preview", "refresh"] as const) said.push((await secretive[run]()).text);
    said.push((await secretive.preview("--diff")).text);
    expect(said.at(-1)).toContain("[secret]");
    expect((await rules()).filter((rule) => rule.startsWith("-A"))).toEqual([
      "-A -t 192.168.4.6:80 -s wlc",
      "-A -t 192.168.4.7:80 -s wlc",
    ]);
    const failing = await secretive.run(["up", "--yes", "--skip-preview"], { environment: { WRONG: "yes" } });
    expect(failing.text).toContain("sudo refused the password (sudo as pat)");
    expect(failing.text).toContain("(what it says is not shown, as the content of the file is a secret)");
    said.push(failing.text, (await secretive.destroy()).text);
    expect(await rules()).toEqual([]);
    expect(await director().text("ls /etc/canary 2>&1 || true")).toContain("No such file");
  });

  await step("no process shows one, but in the variables that the user filled", async () => {
    // PULUMI_CONFIG is how Pulumi itself hands a program its configuration, with secrets in clear.
    const shown = own.seen().filter((text) => !/^(?:LVS_CANARY_KEY|LVS_CANARY_PASSWORD|PULUMI_CONFIG)=/.test(text));
    expect(shown.filter((text) => text.startsWith("pulumi up "))).not.toEqual([]);
    const places = [shown.join("\n"), await guest.seen()];
    for (const secret of secrets) for (const place of places) expect(linesWith(place, secret)).toEqual([]);
  });

  await step(
    "no file has one: state, history, backups, trace and temporary files here, all of the host there",
    async () => {
      const places = [...said, written(secretive)];
      for (const secret of secrets) for (const place of places) expect(linesWith(place, secret)).toEqual([]);
      expect(await director().text(SUDO_LOG)).toContain("COMMAND=");
      expect(await findOnGuest(director(), logins)).toBe("");
      // What goes through a sudo that is to log all of that is in its log.
      const found = (await findOnGuest(director(), ofFile)).split("\n");
      expect(found.filter((path) => path !== "" && !path.startsWith("/var/log/sudo-io/"))).toEqual([]);
    },
  );
  await director().sh(
    "rm -rf /etc/sudoers.d/zz /var/log/sudo.log /var/log/sudo-io ~pat/.ssh; echo pat:lvs-lab | chpasswd",
  );
});

/** sudo-rs follows links. */
const SHELL_OF_SUDO = "COMMAND=(/usr)?/bin/(da)?sh";
/** What sudo has logged, in a file where it can: sudo-rs has the journal alone. */
const SUDO_LOG = `grep -E '${SHELL_OF_SUDO}' /var/log/sudo.log || journalctl -q -t sudo --no-pager -g '${SHELL_OF_SUDO}'`;
const plainKey = () => keyPair();
/** The first line is the same for all keys of that form. */
const linesOf = (key: string) =>
  key
    .split("\n")
    .slice(2)
    .filter((line) => line.length > 40);
const linesWith = (place: string, secret: string) => place.split("\n").filter((line) => line.includes(secret));
