import fc from "fast-check";
import { realServer } from "../../provider/kinds/real-server/kind";
import { virtualService } from "../../provider/kinds/virtual-service/kind";
import type { LabHost } from "../../tools/lab/index";
import { FakeDirector } from "../fakes/fake-director";
import { LabResource } from "../lab/resource";
import { FakeSession } from "./crash-points/fake-session";

/** A server that is a RealServer of one stack, and in the map of a VirtualService of another one, is there as long as one of them has it. */

const ADDRESS = { name: "web1", connection: { host: "192.0.2.1" } } as unknown as LabHost;
const SERVICE = { protocol: "tcp", address: "192.168.4.5:80", exclusive: false };
const KEY = "tcp 192.168.4.5:80";

function director() {
  const host = new FakeDirector("debian");
  const session = new FakeSession(host);
  const servers = () => [...(host.seen().ipvs.servers.get(KEY)?.keys() ?? [])].map(last).sort();
  const atBoot = () =>
    [...(host.files.get("/etc/ipvsadm.rules") ?? "").matchAll(/^-a .* -r (\S+)/gm)].map(([, one = ""]) => last(one));
  const make = (kind: typeof virtualService | typeof realServer) => new LabResource(kind, ADDRESS, () => session);
  return { host, servers, atBoot, service: () => make(virtualService), server: () => make(realServer) };
}

/** `192.168.4.201:80` is 1. */
const last = (server: string) => server.replace(":80", "").slice(-1);
/** Both kinds of one name: a record tells names apart by their kind only. */
const map = (stack: string, numbers: readonly number[], more: object = {}) => ({
  ...SERVICE,
  ...more,
  realServers: Object.fromEntries(numbers.map((one) => [`192.168.4.20${one}`, {}])),
  __resource: `shop/${stack}/web`,
});
const one = (stack: string, number: number, more: object = {}) => ({
  service: KEY,
  address: `192.168.4.20${number}`,
  ...more,
  __resource: `shop/${stack}/web`,
});

type Life = { readonly resource: LabResource; readonly sort: "map" | "server"; readonly has: readonly number[] };

test("each server stays until the last goes that has it, as a resource or in a map", async () => {
  const move = fc.record({
    stack: fc.constantFrom("dev", "prod"),
    next: fc.oneof(
      fc.subarray([1, 2]).map((numbers) => ({ sort: "map" as const, numbers })),
      fc.constantFrom(1, 2).map((number) => ({ sort: "server" as const, numbers: [number] })),
      fc.constant(undefined),
    ),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(move, { minLength: 2, maxLength: 8 }), fc.boolean(), async (moves, isRefreshed) => {
      const { host, servers, atBoot, service, server } = director();
      const keeper = service();
      const before = [...host.files];
      // The service itself is a third stack's.
      await keeper.plainUp({ ...SERVICE, __resource: "shop/base/web" });
      const there = new Map<string, Life>();
      for (const { stack, next } of [...moves, ...["dev", "prod"].map((one) => ({ stack: one, next: undefined }))]) {
        const now = there.get(stack);
        const isInPlace = now?.sort === "map" && next?.sort === "map";
        if (!isInPlace) await now?.resource.destroy();
        there.delete(stack);
        if (next !== undefined) {
          const made = next.sort === "map" ? service() : server();
          const resource = isInPlace ? now.resource : made;
          await resource.plainUp(next.sort === "map" ? map(stack, next.numbers) : one(stack, next.numbers[0] ?? 0));
          there.set(stack, { resource, sort: next.sort, has: next.numbers });
        }
        const all = [...new Set([...there.values()].flatMap(({ has }) => has))].map(String).sort();
        expect({ live: servers(), boot: atBoot() }).toEqual({ live: all, boot: all });
        if (isRefreshed) for (const { resource } of there.values()) expect(await resource.drift()).toBe("none");
      }
      await keeper.destroy();
      expect([...host.files]).toEqual(before);
    }),
    { numRuns: 60 },
  );
});

test.each([
  ["map", "server"],
  ["server", "map"],
])("without another owner of the service, the %s goes and the %s stays", async (goes) => {
  const { host, servers, service, server } = director();
  const before = [...host.files];
  const [mine, theirs] = [service(), server()];
  await mine.plainUp(map("dev", [1, 2]));
  await theirs.plainUp(one("prod", 1));
  if (goes === "map") {
    await expect(mine.destroy()).rejects.toThrow(
      "real servers that RealServer resources need, as /var/lib/pulumi-lvs/owners of this host says: 192.168.4.201:80 (shop/prod/web)",
    );
    await mine.plainUp(map("dev", [2]));
    expect(servers()).toEqual(["1", "2"]);
    await theirs.destroy();
    expect(servers()).toEqual(["2"]);
    await mine.destroy();
  } else {
    await theirs.destroy();
    expect(servers()).toEqual(["1", "2"]);
    expect(await mine.drift()).toBe("none");
    await mine.destroy();
  }
  expect([...host.files]).toEqual(before);
  expect(host.seen().ipvs.services.size).toBe(0);
});

test.each([
  ["first", true],
  ["last", true],
  ["first", false],
  ["last", false],
])(
  "a service with a map came %s, exclusive: %s: the destroy of a server in it leaves the server",
  async (when, exclusive) => {
    const { servers, service, server } = director();
    const [mine, theirs] = [service(), server()];
    const ups = [() => mine.plainUp(map("dev", [1, 2], { exclusive })), () => theirs.plainUp(one("prod", 1))];
    if (when === "last") await service().plainUp({ ...SERVICE, __resource: "shop/base/web" });
    for (const up of when === "first" ? ups : ups.toReversed()) await up();
    expect(await mine.drift()).toBe("none");
    await theirs.destroy();
    expect(servers()).toEqual(["1", "2"]);
    expect(await mine.drift()).toBe("none");
  },
);

test("a server that is in a map, too, is drained by none of the two that goes first", async () => {
  const { host, servers, service, server } = director();
  const drain = { drain: { timeout: 1, pollInterval: 1 } };
  const [mine, theirs] = [service(), server()];
  await mine.plainUp(map("dev", [1, 2], drain));
  await theirs.plainUp(one("prod", 1, drain));
  await mine.plainUp(map("dev", [2], drain));
  await mine.plainUp(map("dev", [1, 2], drain));
  await theirs.destroy();
  expect(servers()).toEqual(["1", "2"]);
  expect(host.seen().ipvs.servers.get(KEY)?.get("192.168.4.201:80")?.weight).toBe(1);
});

test("a service that keeps its map alone says whose RealServer it removes, unless that is of its own stack", async () => {
  const { servers, service, server } = director();
  const whole = { exclusive: true };
  const [mine, theirs, own] = [service(), server(), server()];
  await mine.plainUp(map("dev", [2], { exclusive: false }));
  await theirs.plainUp(one("prod", 1));
  await own.plainUp(one("dev", 3));
  expect(mine.said).toEqual([]);
  await mine.plainUp(map("dev", [2], whole));
  expect(servers()).toEqual(["2"]);
  expect(mine.said).toEqual([
    "VirtualService tcp 192.168.4.5:80 on web1: 192.168.4.201:80 is a RealServer of shop/prod/web, as /var/lib/pulumi-lvs/owners of this host " +
      "says. It is not in realServers, which are all that this service keeps. Add it there, or set exclusive: false",
  ]);
  await mine.plainUp(map("dev", [1, 2], whole));
  expect(mine.said).toHaveLength(1);
});
