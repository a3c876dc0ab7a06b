import { Inventory } from "../../../provider/engine/inventory";
import { connect } from "../../../provider/host/ssh/connect";
import { unreachable } from "../../../provider/host/ssh/dial-failure";
import { IF_OLD } from "../../../provider/host/ssh/last-up";
import type { ConnectionInput } from "../../../provider/model/connection";
import { type ServerOptions, type SshServer, startServer } from "../ssh-server";
import { until } from "../until";

const servers: SshServer[] = [];

async function start(options: ServerOptions = {}): Promise<SshServer> {
  const server = await startServer(options);
  servers.push(server);
  return server;
}

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

/** As a user would write it in lvs:hosts. */
function entry(server: SshServer, changes: Partial<ConnectionInput> = {}): ConnectionInput {
  const { host, port, user, privateKey, hostKey } = server.connection();
  return { host, port, user, privateKey, hostKey, dialErrorLimit: 2, perDialTimeout: 5, ...changes };
}

function inventory(hosts: Readonly<Record<string, ConnectionInput>>): Inventory {
  const all = new Inventory();
  all.configure(JSON.stringify(hosts));
  return all;
}

function names(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `web${index + 1}`);
}

/** The errors in which connections to all of these hosts end. */
async function errorsOf(all: Inventory, hosts: readonly string[]): Promise<readonly string[]> {
  const outcomes = await Promise.all(hosts.map((name) => connect(all.resolve(name)).catch(String)));
  return outcomes.map((outcome) => {
    if (typeof outcome === "string") return outcome;
    outcome.close();
    return "connected";
  });
}

test("ten hosts behind one bastion log in to it once, and it is left with the last of them", async () => {
  const [bastion, web] = [await start(), await start()];
  const hosts = names(10);
  const all = inventory({
    bastion: entry(bastion, { sudo: true }),
    ...Object.fromEntries(hosts.map((name) => [name, entry(web, { proxy: "bastion" })])),
  });
  const links = await Promise.all(hosts.map((name) => connect(all.resolve(name))));
  expect([bastion.counts, web.counts]).toMatchObject([{ logins: 1, sockets: 1, forwarded: 10 }, { logins: 10 }]);
  for (const link of links.slice(1)) link.close();
  (await connect(all.resolve("web3"))).close();
  expect(bastion.counts).toMatchObject({ logins: 1, open: 1 });
  links[0]?.close();
  await until("the bastion is left", () => bastion.counts.open === 0);
});

test("a bastion that was lost is dialled again", async () => {
  const [bastion, web] = [await start(), await start()];
  const all = inventory({ bastion: entry(bastion), web1: entry(web, { proxy: "bastion" }) });
  const first = await connect(all.resolve("web1"));
  const lost = new Promise<void>((resolve) => first.client.once("close", () => resolve()));
  bastion.cut();
  await lost;
  (await connect(all.resolve("web1"))).close();
  expect([bastion.counts, web.counts]).toMatchObject([{ logins: 2 }, { logins: 2 }]);
});

test("a host that does not answer any more takes nobody else's bastion away", async () => {
  const [bastion, web, silent] = [await start(), await start(), await start()];
  const all = inventory({
    bastion: entry(bastion),
    web1: entry(web, { proxy: "bastion" }),
    web2: entry(silent, { proxy: "bastion" }),
  });
  const [one, two] = await Promise.all([connect(all.resolve("web1")), connect(all.resolve("web2"))]);
  two.reset();
  (await connect(all.resolve("web2"))).close();
  expect(bastion.counts).toMatchObject({ logins: 1, open: 1 });
  one.reset();
  await until("nobody is behind it", () => bastion.counts.open === 0);
});

test("bastions in a chain, by name and in place", async () => {
  const [outer, inner, web] = [await start(), await start(), await start()];
  const all = inventory({
    outer: entry(outer),
    inner: entry(inner, { proxy: "outer" }),
    web1: entry(web, { proxy: "inner" }),
    web2: entry(web, { proxy: entry(inner, { proxy: "outer" }) }),
  });
  const links = await Promise.all(["web1", "web2"].map((name) => connect(all.resolve(name))));
  expect([outer.counts, inner.counts, web.counts]).toMatchObject([{ logins: 1 }, { logins: 1 }, { logins: 2 }]);
  for (const link of links) link.close();
  await until("both are left", () => outer.counts.open + inner.counts.open === 0);
});

test("a bastion that is dead is said once, after one series of attempts", async () => {
  const [bastion, web] = [await start({ drop: 1000 }), await start()];
  const hosts = names(10);
  const all = inventory({
    bastion: entry(bastion),
    ...Object.fromEntries(hosts.map((name) => [name, entry(web, { proxy: "bastion" })])),
  });
  const errors = await errorsOf(all, hosts);
  const [late] = await errorsOf(all, ["web4"]);
  expect(bastion.counts.sockets).toBe(2);
  expect(errors[0]).toContain(`web1: no connection: proxy root@127.0.0.1:${bastion.port}: `);
  expect(errors[0]).toContain("(2 attempts)");
  const short = (name: string) =>
    `ConnectionError: ${name}: no connection: its proxy root@127.0.0.1:${bastion.port} is not reached either, see web1`;
  expect(errors.slice(1)).toEqual(hosts.slice(1).map(short));
  expect(late).toBe(short("web4"));
});

test("a bastion that cannot reach a host says so for each, and a name that it does not know is not tried again", async () => {
  const [bastion, web] = [await start(), await start()];
  const closed = entry(web, { proxy: "bastion", port: 1, dialErrorLimit: 1 });
  const all = inventory({ bastion: entry(bastion), web1: closed, web2: closed });
  for (const error of await errorsOf(all, ["web1", "web2"])) {
    expect(error).toContain("no connection: the proxy cannot reach 127.0.0.1:1: ");
    expect(error).toContain("lead to an sshd, as the proxy sees them?");
  }
  const said = unreachable("web9:22", "(SSH) Channel open failure: Name or service not known");
  expect(said).toMatchObject({ retry: "no", advice: [expect.stringContaining("getent hosts NAME, there"), IF_OLD] });
});

test("a bastion that does not forward is said once", async () => {
  const [bastion, web] = [await start({ noForwarding: true }), await start()];
  const hosts = names(10);
  const all = inventory({
    bastion: entry(bastion),
    ...Object.fromEntries(hosts.map((name) => [name, entry(web, { proxy: "bastion" })])),
  });
  const errors = await errorsOf(all, hosts);
  expect(bastion.counts).toMatchObject({ logins: 1, sockets: 1 });
  const first = errors.findIndex((error) => error.includes("AllowTcpForwarding"));
  expect(errors[first]).toContain(
    `web${first + 1}: no connection: the proxy does not forward to 127.0.0.1:${web.port}`,
  );
  const short = (name: string) =>
    `ConnectionError: ${name}: no connection: the proxy root@127.0.0.1:${bastion.port} does not forward to it either, see web${first + 1}`;
  expect(errors.toSpliced(first, 1)).toEqual(hosts.toSpliced(first, 1).map(short));
});

test("proxies that lead to themselves, and one that nobody knows, are refused before any host is touched", () => {
  const all = inventory({
    a: { host: "192.0.2.1", proxy: "b" },
    b: { host: "192.0.2.2", proxy: "c" },
    c: { host: "192.0.2.3", proxy: "b" },
    own: { host: "192.0.2.4", proxy: "own" },
    lost: { host: "192.0.2.5", proxy: "bastoin" },
  });
  expect(() => all.resolve("a")).toThrow("the proxies of a lead to themselves: a, through b, through c, through b");
  expect(() => all.resolve("own")).toThrow("the proxies of own lead to themselves");
  expect(() => all.resolve("lost")).toThrow('the proxy of lost: no host is named "bastoin" in lvs:hosts');
  expect(() => inventory({ x: { host: "h", proxy: { host: "b", port: 99999 } } }).resolve("x")).toThrow(
    "lvs:hosts.x.proxy.port: must be a whole number from 1 to 65535",
  );
});
