import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { inCall } from "../../../provider/host/call";
import { closeAll, sessionFor } from "../../../provider/host/session/pool";
import { openSession } from "../../../provider/host/session/session";
import type { TracedLine } from "../../../provider/host/shell/trace";
import { run } from "../../../provider/step";
import { type SshServer, startServer } from "../ssh-server";
import { rawJob } from "./raw-job";

let servers: readonly SshServer[];
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "lvs-many-"));
  process.env["PULUMI_LVS_TRACE"] = join(folder, "trace");
  servers = await Promise.all(Array.from({ length: 8 }, () => startServer()));
});

afterAll(async () => {
  delete process.env["PULUMI_LVS_TRACE"];
  closeAll();
  await Promise.all(servers.map(({ close }) => close()));
  rmSync(folder, { recursive: true });
});

test("many hosts are dialled at once, each of them once, however many resources it has, and in two ways there and back at most", async () => {
  const where = { run: ["sh", "-c", 'echo "$SSH_DIR"'] } as const;
  const jobs = servers.flatMap((server, index) => {
    // All of them are this machine, whose session takes the jobs in the end. Each login is made once all the same.
    const session = sessionFor(server.connection({ name: `host${index}` }));
    return ["one", "two", "three"].map((name) => session.submit(rawJob(name, [where])));
  });
  await Promise.all(jobs);
  expect(servers.map(({ counts }) => [counts.sockets, counts.logins])).toEqual(servers.map(() => [1, 1]));
  const lines = readFileSync(join(folder, "trace"), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as TracedLine);
  const dials = lines.filter(({ kind }) => kind === "connect");
  expect(dials).toHaveLength(8);
  const [starts, ends] = [dials.map(({ at, ms }) => Date.parse(at) - ms), dials.map(({ at }) => Date.parse(at))];
  // The last one was begun before the first one ended.
  expect(Math.max(...starts)).toBeLessThan(Math.min(...ends));
});

test("a connection keeps nothing of the resource for which it was opened, nor of those after it", async () => {
  const plans: WeakRef<object>[] = [];
  const sessions = servers.map((server) => openSession(server.connection()));
  for (const session of sessions)
    for (const name of ["first", "second"])
      await inCall(name, async () => {
        const { before, after } = await session.submit(rawJob(name, [], () => [run("true")]));
        plans.push(new WeakRef(before), new WeakRef(after));
      });
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  await new Promise(setImmediate);
  collect();
  expect(plans.filter((plan) => plan.deref() !== undefined)).toHaveLength(0);
  expect(plans).toHaveLength(32);
  for (const session of sessions) session.close();
});
