import { returnRoute } from "../../provider/kinds/return-route/kind";
import { vipAlias } from "../../provider/kinds/vip-alias/kind";
import { virtualService } from "../../provider/kinds/virtual-service/kind";
import { FakeDirector } from "../fakes/fake-director";
import { FakeNetworkHost } from "../fakes/fake-network-host";
import { FakeRouter } from "../fakes/fake-router";
import { createdOn } from "./provider-on";

/** A state has what a host said, and the next refresh starts from there: it must not take that for what was wanted. */
const times = [1, 2, 3];

describe("rules at boot", () => {
  function service(director: FakeDirector, boot: boolean) {
    const fake = { look: () => director.seen(), take: director.take.bind(director) };
    return createdOn(fake, virtualService, { protocol: "tcp", address: "192.168.4.5:80", boot });
  }

  test("which are not loaded are missed by every refresh, until that is repaired", async () => {
    const director = new FakeDirector("rhel");
    const { provider, id, inputs, outs, refresh } = await service(director, true);
    director.loader.unitEnabled = false;
    let state = outs;
    for (const _ of times) {
      state = await refresh(state);
      expect(state["boot"]).toBe(false);
      expect(await provider.diff(id, state, inputs)).toEqual({ changes: true });
    }
    const { outs: repaired } = await provider.update(id, state, inputs);
    expect(director.loader.unitEnabled).toBe(true);
    expect(await refresh(repaired)).toEqual(outs);
  });

  test("which nobody wants are seen by every refresh", async () => {
    const director = new FakeDirector("rhel");
    const { provider, id, inputs, outs, refresh } = await service(director, false);
    expect(await refresh(outs)).toEqual(outs);
    director.files.set("/etc/sysconfig/ipvsadm", "# pulumi-lvs begin\n-A -t 192.168.4.5:80 -s wlc\n# pulumi-lvs end\n");
    let state = outs;
    for (const _ of times) {
      state = await refresh(state);
      expect(state["boot"]).toBe(true);
      expect(await provider.diff(id, state, inputs)).toEqual({ changes: true });
    }
    await provider.update(id, state, inputs);
    expect(director.files.get("/etc/sysconfig/ipvsadm") ?? "").toBe("");
  });
});

describe("a route", () => {
  const policy = { address: "192.168.2.100", gateway: "192.168.2.2", device: "eth1" };
  const gateway = { mode: "default", gateway: "192.168.2.2", device: "eth1" };

  test.each([
    ["policy", policy],
    ["default", gateway],
  ])(
    "of mode %s that went down with its NIC stays known: it is repaired, comes back by itself, or goes",
    async (_, args) => {
      const router = new FakeRouter("ifcfg");
      const found = [router.state(), [...router.files]];
      const fake = { look: () => router.look(), take: router.take.bind(router) };
      const { provider, id, inputs, outs, refresh, destroy } = await createdOn(fake, returnRoute, args);
      const { rules, routes } = router;
      const ifdown = () => {
        router.rules = rules.filter((rule) => !rule.includes("192.168.2.100"));
        router.routes = routes.filter((route) => !/default|table/.test(route));
      };
      ifdown();
      let state = outs;
      for (const __ of times) {
        state = await refresh(state);
        expect(state).toMatchObject({ ...args, live: false, boot: true });
        expect(await provider.diff(id, state, inputs)).toEqual({ changes: true });
      }
      [router.rules, router.routes] = [rules, routes];
      expect(await refresh(state)).toEqual(outs);
      ifdown();
      const { outs: repaired } = await provider.update(id, await refresh(await refresh(outs)), inputs);
      expect(repaired).toEqual(outs);
      ifdown();
      await destroy(await refresh(await refresh(outs)));
      expect([router.state(), [...router.files]]).toEqual(found);
    },
  );
});

describe("a VIP", () => {
  test.each([
    [
      "a label",
      "addr del 192.168.4.5/32 dev eth0",
      "addr add 192.168.4.5/32 dev eth0 label eth0:web",
      { label: "eth0:web" },
    ],
    ["a prefix", "addr del 192.168.4.5/32 dev eth0", "addr add 192.168.4.5/24 dev eth0", { address: "192.168.4.5/24" }],
    [
      "a form beside it",
      "addr add 192.168.4.5/24 dev eth0 label eth0:7",
      "",
      { address: "192.168.4.5/24", label: "eth0:7" },
    ],
  ])(
    "that has got %s by hand says so in every refresh, and of the boot file that it is right",
    async (_, first, second, found) => {
      const host = new FakeNetworkHost("ifupdown");
      const fake = { look: () => host.seen(), take: host.take.bind(host) };
      const args = { role: "director", address: "192.168.4.5", device: "eth0" };
      const { provider, id, inputs, outs, refresh } = await createdOn(fake, vipAlias, args);
      for (const line of [first, second]) if (line !== "") host.ip(line);
      let state = outs;
      for (const __ of times) {
        state = await refresh(state);
        expect(state).toMatchObject({ ...found, boot: true });
        expect(state["bootFile"]).toBeUndefined();
        expect(await provider.diff(id, state, inputs)).toEqual({ changes: true });
      }
      expect((await provider.update(id, state, inputs)).outs).toEqual(outs);
    },
  );
});
