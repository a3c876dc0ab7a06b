import { SCHEDULERS } from "../../../provider/model/ipvs/scheduler.ts";
import { count } from "../../../tools/lab/host/visitor.ts";
import { type DirectRouting, REFUSED, type Serving } from "../direct-routing.ts";

/** What the kernel's schedulers do with real connections. docs/schedulers.md says what is seen here. */
export function testSchedulers(clusterOf: () => DirectRouting): void {
  let cluster: DirectRouting;

  beforeAll(() => {
    cluster = clusterOf();
  });

  afterEach(() => cluster.visitor.letGo());

  test("every scheduler that the kernel has is taken in place and read back, and a connection goes on", async () => {
    const { visitor, director } = cluster;
    const inKernel = async () => (await director.text("ipvsadm -Sn")).split("\n")[0];
    const { to, service, change } = await cluster.serve("rr", [1, 1]);
    const [server] = await visitor.hold({ to });
    expect(server).toMatch(/^web[12]$/);
    for (const scheduler of [...SCHEDULERS.filter((name) => name !== "twos"), "rr"]) {
      await change(scheduler, [1, 1]);
      expect(await inKernel()).toBe(`-A -t ${to} -s ${scheduler}`);
      expect(await service.drift()).toBe("none");
      expect([scheduler, ...(await visitor.again())]).toEqual([scheduler, server]);
    }
    // Debian's kernel is built without it.
    await expect(change("twos", [1, 1])).rejects.toThrow("no module for this scheduler (ip_vs_NAME)");
    expect(await inKernel()).toBe(`-A -t ${to} -s rr`);
    expect(await visitor.again()).toEqual([server]);
  });

  describe("web1 has weight 3, web2 weight 1", () => {
    const seen = [
      ["rr", 8, "open", { web1: 4, web2: 4 }],
      ["rr", 8, "ended", { web1: 4, web2: 4 }],
      ["wrr", 8, "open", { web1: 6, web2: 2 }],
      ["wrr", 8, "ended", { web1: 6, web2: 2 }],
      // These two count what has ended, for as long as it is remembered.
      ["lc", 8, "open", { web1: 4, web2: 4 }],
      ["lc", 8, "ended", { web1: 4, web2: 4 }],
      ["wlc", 2, "open", { web1: 1, web2: 1 }],
      ["wlc", 8, "open", { web1: 6, web2: 2 }],
      ["wlc", 8, "ended", { web1: 6, web2: 2 }],
      // These do not: one after the other all go to one server. For nq it is the idle one that was added last.
      ["sed", 2, "open", { web1: 2 }],
      ["sed", 8, "open", { web1: 6, web2: 2 }],
      ["sed", 8, "ended", { web1: 8 }],
      ["nq", 2, "open", { web1: 1, web2: 1 }],
      ["nq", 8, "open", { web1: 6, web2: 2 }],
      ["nq", 8, "ended", { web2: 8 }],
      ["fo", 8, "open", { web1: 8 }],
      ["fo", 8, "ended", { web1: 8 }],
      // One connection more than its weight each.
      ["ovf", 7, "open", { web1: 4, web2: 2, [REFUSED]: 1 }],
      ["ovf", 8, "ended", { web1: 8 }],
      ["none", 2, "ended", { [REFUSED]: 2 }],
    ] as const;
    const served = new Map<unknown, Serving>();

    beforeAll(async () => {
      await Promise.all(seen.map(async (row) => served.set(row, await cluster.serve(row[0], [3, 1]))));
    });

    test.each(seen.map((row) => [...row, row] as const))(
      "%s, %i connections, each %s when the next one comes",
      async (_, times, then, pages, row) => {
        const visit = { to: served.get(row)?.to ?? "", times };
        const { visitor } = cluster;
        expect(count(await (then === "open" ? visitor.hold(visit) : visitor.get(visit)))).toEqual(pages);
      },
    );

    test.each([
      ["lc", { web2: 3 }],
      ["wlc", { web2: 1 }],
      ["rr", { web1: 2, web2: 2 }],
    ] as const)("%s, when web1 has three open connections", async (scheduler, pages) => {
      const { to, change } = await cluster.serve(scheduler, [3, 0]);
      expect(count(await cluster.visitor.hold({ to, times: 3 }))).toEqual({ web1: 3 });
      await change(scheduler, [3, 1]);
      const times = Object.values(pages).reduce((sum, one) => sum + one, 0);
      expect(count(await cluster.visitor.hold({ to, times }))).toEqual(pages);
    });

    test("fo, when web1 has weight 0 and when it is back", async () => {
      const { to, change } = await cluster.serve("fo", [0, 1]);
      expect(count(await cluster.visitor.get({ to, times: 2 }))).toEqual({ web2: 2 });
      await change("fo", [3, 1]);
      expect(count(await cluster.visitor.get({ to, times: 2 }))).toEqual({ web1: 2 });
    });
  });

  describe("both have weight 2, and one address is asked", () => {
    test.each([
      // One server until it has more open connections than its weight, then the other for good.
      ["lblc", [3, 5]],
      // Then both, the one with fewer connections first.
      ["lblcr", [4, 4]],
    ])("%s", async (scheduler, pages) => {
      const { to } = await cluster.serve(scheduler, [2, 2]);
      const ended = await cluster.visitor.get({ to, times: 4 });
      expect(new Set(ended).size).toBe(1);
      expect(Object.values(count(await cluster.visitor.hold({ to, times: 8 }))).sort()).toEqual(pages);
    });

    test("dh: one server, and no other when that has weight 0", async () => {
      const { to } = await cluster.serve("dh", [2, 2]);
      const [server, ...others] = await cluster.visitor.get({ to, times: 4 });
      expect(new Set(others)).toEqual(new Set([server]));
      const drained = await cluster.serve("dh", server === "web1" ? [0, 2] : [2, 0]);
      expect(await cluster.visitor.get(drained)).toEqual([REFUSED]);
    });
  });
}
