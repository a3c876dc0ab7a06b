import { returnRoute } from "../../../provider/kinds/return-route/kind";
import type { LabHost } from "../../../tools/lab/index";
import { FakeSession } from "../../engine/crash-points/fake-session";
import { FakeRouter } from "../../fakes/fake-router";
import { LabResource } from "../../lab/resource";

/** ip(8) stops at the first line that fails, and what came before stays: routes of the table, without the gateway and without a rule. */

const ADDRESS = { name: "web1", connection: { host: "192.0.2.1" } } as unknown as LabHost;
const WAY = { address: "192.168.2.100", gateway: "10.9.9.9", device: "eth1", __resource: "shop/prod/way" };

const state = ({ rules, routes, files }: FakeRouter) => [[...rules], [...routes], [...files]];

test.each([
  ["the usual table", {}],
  ["one of the user's", { table: 9 }],
])("a gateway that the kernel refuses leaves a state, by which a destroy finds the rest; %s", async (_, more) => {
  const host = new FakeRouter("ifupdown");
  const before = state(host);
  const session = new FakeSession(host);
  const route = new LabResource(returnRoute, ADDRESS, () => session);
  for (const _again of [1, 2])
    await expect(route.plainUp({ ...WAY, ...more })).rejects.toThrow("Nexthop has invalid gateway");
  expect(host.routes).not.toEqual(before[1]);
  expect(await route.refresh()).toMatchObject({ live: false });
  await route.destroy();
  expect(state(host)).toEqual(before);
});

test("routes of a table that somebody else uses are no rest of ours", async () => {
  const host = new FakeRouter("ifupdown");
  host.ip("route replace 192.168.2.0/24 dev eth1 src 192.168.2.100 table 9");
  const before = state(host);
  const session = new FakeSession(host);
  const route = new LabResource(returnRoute, ADDRESS, () => session);
  await expect(route.plainUp({ ...WAY, table: 9, device: "eth9" })).rejects.toThrow("this host has no device eth9");
  expect(route.exists).toBe(false);
  expect(state(host)).toEqual(before);
});
