import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { connect, createServer } from "node:http2";
import type { AddressInfo } from "node:net";
import { availableParallelism } from "node:os";
import { cancelCalls, currentCall, inCall, isEngineAtItsLimit, unlessCancelled } from "../../provider/host/call";
import { hearCancellation } from "../../provider/host/cancellation";
import { openSession } from "../../provider/host/session/session";
import { Urns } from "../../provider/host/urns";
import { run } from "../../provider/step";
import { rawJob } from "./session/raw-job";
import { startServer } from "./ssh-server";
import { stallingServer } from "./stalling-server";
import { until } from "./until";

const never = new Promise<never>(() => undefined);

test("the engine's request to cancel ends what is under way, and nothing that comes later", async () => {
  hearCancellation();
  const waiting = inCall("urn", () => unlessCancelled("web1", never));
  const engine = createServer((_, response) => response.end()).listen(0, "127.0.0.1");
  await once(engine, "listening");
  const client = connect(`http://127.0.0.1:${(engine.address() as AddressInfo).port}`);
  for (const path of ["/pulumirpc.ResourceProvider/Read", "/pulumirpc.ResourceProvider/Cancel"]) {
    expect(await Promise.race([waiting.catch(() => "ended"), Promise.resolve("waits")])).toBe("waits");
    await once(client.request({ ":path": path }).resume(), "end");
  }
  await expect(waiting).rejects.toThrow("web1: the run was cancelled, and nothing more was begun here");
  expect(await inCall("urn", () => unlessCancelled("web1", Promise.resolve("done")))).toBe("done");
  expect(currentCall()).toBeUndefined();
  client.close();
  engine.close();
});

test("a host that does not answer is not waited for any longer", async () => {
  const host = await stallingServer("before its version");
  const server = await startServer();
  const session = openSession(server.connection({ port: host.port, name: "web1", perDialTimeout: 600 }));
  const job = inCall("urn", () => session.submit(rawJob("a job", [{ run: ["true"] }])));
  const machine = inCall("urn", () => session.machine());
  await until("it is called", () => host.open() > 0);
  cancelCalls();
  await expect(job).rejects.toThrow("a job: the run was cancelled");
  await expect(machine).rejects.toThrow("web1: the run was cancelled");
  session.close();
  await host.close();
  await server.close();
});

test("what was sent is given its time, and nothing is sent after it", async () => {
  const server = await startServer();
  server.fake("ipvsadm", "exit 0");
  const begun = `${server.dir}/begun`;
  const session = openSession(server.connection({ name: "web1" }));
  const slow = run("sh", "-c", `echo 1 >>${begun}; sleep 2`);
  const first = inCall("one", () => session.submit(rawJob("the first", [], () => [slow])));
  await until("it runs", () => existsSync(begun));
  const second = inCall("two", () => session.submit(rawJob("the second", [], () => [slow])));
  const third = inCall("three", async () => {
    await session.submit(rawJob("the third", [], () => [run("true")]));
  });
  cancelCalls();
  await expect(second).rejects.toThrow("the second: the run was cancelled, and nothing more was begun here");
  await expect(third).rejects.toThrow("the third: the run was cancelled");
  expect((await first).done).toMatchObject([{ result: { code: 0 } }]);
  expect(readFileSync(begun, "utf8")).toBe("1\n");
  session.close();
  await server.close();
});

test("of several that take minutes, one is begun at a time: a run that is cancelled begins no more", async () => {
  const server = await startServer();
  const begun = `${server.dir}/begun`;
  const session = openSession(server.connection({ name: "web1" }));
  const install = (name: string) => ({ command: { sh: `echo ${name} >>${begun}; sleep 1`, patience: 900 } });
  const jobs = ["one", "two", "three"].map((name) =>
    inCall(name, () => session.submit(rawJob(name, [], () => [install(name)]))).then(
      () => "done",
      (error: unknown) => String(error),
    ),
  );
  await until("one runs", () => existsSync(begun));
  cancelCalls();
  const outcomes = await Promise.all(jobs);
  expect(outcomes.filter((outcome) => outcome === "done")).toHaveLength(1);
  expect(outcomes.filter((outcome) => outcome.includes("the run was cancelled"))).toHaveLength(2);
  expect(readFileSync(begun, "utf8").trim().split("\n")).toHaveLength(1);
  session.close();
  await server.close();
});

test("the engine asks for nothing more once as much is under way as it works on at a time", async () => {
  const ends: (() => void)[] = [];
  const call = () => inCall("urn", () => new Promise<void>((resolve) => ends.push(resolve)));
  const usual = Array.from({ length: 4 * availableParallelism() - 1 }, call);
  expect(isEngineAtItsLimit()).toBe(false);
  usual.push(call());
  expect(isEngineAtItsLimit()).toBe(true);
  // --parallel
  usual.push(call());
  ends.shift()?.();
  await usual[0];
  expect(isEngineAtItsLimit()).toBe(false);
  for (const end of ends) end();
  await Promise.all(usual);
});

test("the URN of a resource is put together from what its check was told", () => {
  const urns = new Urns();
  const web = { __resource: "shop/prod/web/a" };
  expect(urns.of("VipAlias", web)).toBeUndefined();
  urns.learn("VipAlias", web, "");
  expect(urns.of("VipAlias", web)).toBe("urn:pulumi:prod::shop::pulumi-nodejs:dynamic/lvs:VipAlias::web/a");
  urns.learn("VipAlias", web, "shop:Site$lvs:index:DrCluster");
  expect(urns.of("VipAlias", web)).toBe(
    "urn:pulumi:prod::shop::shop:Site$lvs:index:DrCluster$pulumi-nodejs:dynamic/lvs:VipAlias::web/a",
  );
  expect(urns.of("RealServer", web)).toBeUndefined();
});
