import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { check } from "../../../../provider/engine/check";
import { addressDigest } from "../../../../provider/engine/hosts/place";
import { Inventory } from "../../../../provider/engine/inventory";
import { connect } from "../../../../provider/host/ssh/connect";
import { drKernelTuning } from "../../../../provider/kinds/kernel-tuning/dr";
import { type SshServer, startServer } from "../../ssh-server";

let web: SshServer;
let bastion: SshServer;
let path: string;

beforeEach(async () => {
  [web, bastion] = [await startServer(), await startServer()];
  path = join(web.dir, "config");
  mkdirSync(join(web.dir, "keys"));
  writeFileSync(join(web.dir, "keys", "web1"), web.clientKey.private, { mode: 0o600 });
  writeFileSync(join(web.dir, "keys", "bastion"), bastion.clientKey.private, { mode: 0o600 });
  writeFileSync(join(web.dir, "known"), `web ${web.hostKey}\n[127.0.0.1]:${bastion.port} ${bastion.hostKey}\n`);
});

afterEach(async () => {
  await web.close();
  await bastion.close();
});

function configure(text: string, entries: object = { web1: { sshConfig: path } }): Inventory {
  writeFileSync(path, text);
  const inventory = new Inventory();
  inventory.configure(JSON.stringify(entries));
  return inventory;
}

function usual(): string {
  return `Host web1
  HostName 127.0.0.1
  Port ${web.port}
  HostKeyAlias web
  ProxyJump jump
Host jump
  HostName 127.0.0.1
  Port ${bastion.port}
Host *
  User ops
  IdentityFile ${web.dir}/keys/%n
  IdentityFile ${web.dir}/keys/bastion
  IdentitiesOnly yes
  UserKnownHostsFile ${web.dir}/known
`;
}

async function failure(inventory: Inventory, name = "web1"): Promise<string> {
  const error: unknown = await connect(inventory.resolve(name)).catch((reason: unknown) => reason);
  if (!(error instanceof Error)) throw new Error("it was let in");
  return error.message.replaceAll(web.dir, "DIR").replaceAll(String(web.port), "PORT");
}

test("a name is enough where the file knows the rest: port, user, keys, known hosts, jump", async () => {
  const inventory = configure(usual());
  const link = await connect(inventory.resolve("web1"));
  expect(link.login).toEqual({ user: "ops", perDialTimeout: 15 });
  link.close();
  expect([web.counts.logins, bastion.counts.logins]).toEqual([1, 1]);
});

test("one login to a jump serves all hosts behind it, however long each of them is waited for", async () => {
  const [web1, web2] = [{ sshConfig: path }, { sshConfig: path, host: "web1", perDialTimeout: 7, dialErrorLimit: 1 }];
  const inventory = configure(usual(), { web1, web2 });
  const links = await Promise.all(["web1", "web2"].map((name) => connect(inventory.resolve(name))));
  for (const link of links) link.close();
  expect([web.counts.logins, bastion.counts.logins]).toEqual([2, 1]);
});

test("an error shows the command by which ssh reaches the host itself, and what the file said", async () => {
  writeFileSync(join(web.dir, "known"), `[127.0.0.1]:${bastion.port} ${bastion.hostKey}\n`);
  const message = await failure(configure(usual()));
  expect(message).toContain("web1: no connection: the host key is not known\n  $ ssh -F DIR/config web1\n");
  expect(message).toContain(`\n  web ${web.hostKey}\n`);
  expect(await failure(configure("Host web1\n  ProxyCommand nc %h %p\n"))).toBe(
    [
      "web1: no connection: DIR/config line 2: ProxyCommand is not supported: no program is started to reach a host",
      "  $ ssh -F DIR/config web1",
      "Say it by ProxyJump, or by proxy in lvs:hosts, which counts before this line.",
    ].join("\n"),
  );
});

test("a jump that leads through itself is refused", async () => {
  expect(await failure(configure("Host *\n  ProxyJump jump\n"))).toContain(
    "the way to web1 leads through itself: web1, through jump, through jump",
  );
});

test("fields of the entry come before the file, and a proxy by name before its jump", async () => {
  const entries = {
    web1: { sshConfig: path, user: "adm", proxy: "gate" },
    gate: { sshConfig: path, host: "jump" },
  };
  const link = await connect(configure(usual().replace("ProxyJump jump", "ProxyJump none"), entries).resolve("web1"));
  expect(link.login.user).toBe("adm");
  link.close();
  expect(bastion.counts.logins).toBe(1);
});

test("check and the digest of an address read no file: a preview means the same where there is none", () => {
  const inventory = new Inventory();
  inventory.configure(
    JSON.stringify({ web1: { sshConfig: "/no/such/file" }, web2: { sshConfig: true, host: "web1" } }),
  );
  const [web1, web2] = [inventory.resolve("web1"), inventory.resolve("web2")];
  expect(addressDigest(web1)).toBe(addressDigest(web2));
  expect(addressDigest(web1)).not.toBe(addressDigest({ ...web1, port: 22 }));
  expect(web1).toMatchObject({ host: "web1", name: "web1" });
  expect("port" in web1).toBe(false);
  const checked = check(drKernelTuning.runtime, inventory, { host: { name: "web1", sshConfig: true } } as never);
  expect(checked.failures).toEqual([]);
  expect(checked.inputs.host).toEqual({ name: "web1", host: "web1", sshConfig: true, sudo: false, deadline: 60 });
});

test("an entry without a host and without ssh_config is refused", () => {
  const inventory = new Inventory();
  for (const entry of [{}, { sshConfig: false }, { name: "web1" }]) {
    inventory.configure(JSON.stringify({ web1: entry }));
    expect(() => inventory.resolve("web1")).toThrow("lvs:hosts.web1.host: is missing: it must be an address");
  }
  inventory.configure(JSON.stringify({ "web 1": { sshConfig: true } }));
  expect(() => inventory.resolve("web 1")).toThrow("must be an address or a DNS name alone");
});
