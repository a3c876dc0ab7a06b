import fc from "fast-check";
import { virtualService } from "../../provider/kinds/virtual-service/kind";
import type { LabHost } from "../../tools/lab/index";
import { FakeDirector } from "../fakes/fake-director";
import { LabResource } from "../lab/resource";
import { FakeSession } from "./crash-points/fake-session";

/** A service with `exclusive: false` that several stacks declare: a server is there as long as one of them has it in its map. */

const ADDRESS = { name: "web1", connection: { host: "192.0.2.1" } } as unknown as LabHost;
const SERVICE = { protocol: "tcp", address: "192.168.4.5:80", exclusive: false };
const KEY = "tcp 192.168.4.5:80";
const RULES = "/etc/ipvsadm.rules";

function director() {
  const host = new FakeDirector("debian");
  const session = new FakeSession(host);
  const servers = () => [...(host.seen().ipvs.servers.get(KEY)?.keys() ?? [])].map(last).sort();
  const atBoot = () =>
    [...(host.files.get(RULES) ?? "").matchAll(/^-a .* -r (\S+)/gm)].map(([, one = ""]) => last(one)).sort();
  return { host, servers, atBoot, stack: () => new LabResource(virtualService, ADDRESS, () => session) };
}

/** `192.168.4.201:80` is 1. */
const last = (server: string) => server.replace(":80", "").slice(-1);
const said = (stack: string, map: readonly number[], more: object = {}) => ({
  ...SERVICE,
  ...more,
  realServers: Object.fromEntries(map.map((one) => [`192.168.4.20${one}`, {}])),
  __resource: `shop/${stack}/web`,
});

const STACKS = ["dev", "test", "prod"] as const;

test("each server stays until the last stack goes, or changes, that has it in its map; the service until the last of all", async () => {
  const map = fc.subarray([1, 2, 3, 4]);
  const move = fc.tuple(fc.constantFrom(...STACKS), fc.oneof({ weight: 2, arbitrary: map }, fc.constant(undefined)));
  await fc.assert(
    fc.asyncProperty(fc.array(move, { minLength: 2, maxLength: 8 }), fc.boolean(), async (moves, isRefreshed) => {
      const { host, servers, atBoot, stack } = director();
      const before = [...host.files];
      const there = new Map<string, { readonly resource: LabResource; readonly map: readonly number[] }>();
      for (const [name, next] of [...moves, ...STACKS.map((one) => [one, undefined] as const)]) {
        const resource = there.get(name)?.resource ?? stack();
        there.delete(name);
        if (next !== undefined) {
          await resource.plainUp(said(name, next));
          there.set(name, { resource, map: next });
        } else if (resource.exists) await resource.destroy();
        const all = [...new Set([...there.values()].flatMap((one) => one.map))].map(String).sort();
        expect({ live: servers(), boot: atBoot() }).toEqual({ live: all, boot: all });
        expect(host.seen().ipvs.services.has(KEY)).toBe(there.size > 0);
        if (isRefreshed) for (const one of there.values()) expect(await one.resource.drift()).toBe("none");
      }
      expect([...host.files]).toEqual(before);
    }),
    { numRuns: 60 },
  );
});

test("two with the very same servers: the destroy of either changes nothing for the other", async () => {
  const { host, servers, stack } = director();
  const [dev, prod] = [stack(), stack()];
  const before = [...host.files];
  await prod.plainUp(said("prod", [1, 2]));
  const alone = [...host.files].sort();
  await dev.plainUp(said("dev", [1, 2]));
  await dev.destroy();
  expect(servers()).toEqual(["1", "2"]);
  expect([...host.files].sort()).toEqual(alone);
  expect(await prod.drift()).toBe("none");
  await prod.destroy();
  expect([...host.files]).toEqual(before);
});

test("a server of nobody's refuses the destroy of the last, and not that of another", async () => {
  const { host, servers, stack } = director();
  const [dev, prod] = [stack(), stack()];
  await prod.plainUp(said("prod", [1]));
  await dev.plainUp(said("dev", [1, 2]));
  host.ipvsadm("-a -t 192.168.4.5:80 -r 192.168.4.209:80 -g -w 1");
  await dev.destroy();
  expect(servers()).toEqual(["1", "9"]);
  await expect(prod.destroy()).rejects.toThrow("that this resource does not manage: 192.168.4.209:80");
  host.ipvsadm("-d -t 192.168.4.5:80 -r 192.168.4.209:80");
  await prod.destroy();
  expect(host.seen().ipvs.services.size).toBe(0);
});

test.each([
  ["first", ["1"]],
  ["last", ["1"]],
])("a stack that wants the whole service and came %s leaves what the other has in its map", async (when, left) => {
  const { servers, stack } = director();
  const [dev, whole] = [stack(), stack()];
  const ups = [() => whole.plainUp(said("whole", [1, 2], { exclusive: true })), () => dev.plainUp(said("dev", [1]))];
  for (const up of when === "first" ? ups : ups.toReversed()) await up();
  await whole.destroy();
  expect(servers()).toEqual(left);
  await dev.destroy();
  expect(servers()).toEqual([]);
});

test.each(["first", "last"])(
  "of a stack that wants the whole service and came %s, nothing goes with another",
  async (when) => {
    const { host, servers, stack } = director();
    const [dev, whole] = [stack(), stack()];
    const ups = [() => whole.plainUp(said("whole", [1, 2], { exclusive: true })), () => dev.plainUp(said("dev", [1]))];
    for (const up of when === "first" ? ups : ups.toReversed()) await up();
    await dev.destroy();
    expect(servers()).toEqual(["1", "2"]);
    await whole.destroy();
    expect(host.seen().ipvs.services.size).toBe(0);
  },
);

test("a map that is empty takes only what is nobody else's, with a drain as well", async () => {
  const { servers, stack } = director();
  const [dev, prod] = [stack(), stack()];
  const drain = { drain: { timeout: 1, pollInterval: 1 } };
  await prod.plainUp(said("prod", [1]));
  await dev.plainUp(said("dev", [1, 2, 3], drain));
  await dev.plainUp(said("dev", [1, 3], drain));
  expect(servers()).toEqual(["1", "3"]);
  await dev.destroy();
  expect(servers()).toEqual(["1"]);
  expect(await prod.drift()).toBe("none");
});
