import { allowFellow, FellowDirectors } from "../../provider/engine/fellow-directors";
import { Inventory } from "../../provider/engine/inventory";
import { lifecycle } from "../../provider/engine/lifecycle";
import { OwnedObjects } from "../../provider/engine/ownership";
import { ConnectionError, UserError } from "../../provider/errors";
import type { Session } from "../../provider/host/session/job";
import { observationFor } from "../../provider/host/session/observation";
import { vipAlias } from "../../provider/kinds/vip-alias/kind";
import { virtualService } from "../../provider/kinds/virtual-service/kind";
import { connection } from "../../provider/model/connection";
import { answering } from "./answering";

const MAC = "02:00:63:00:0c:01";
const refusal = new UserError(`VipAlias: 192.168.4.5 is in use on the network of eth0, by ${MAC}`);
const desired = vipAlias.schema.parse({ role: "director", address: "192.168.4.5", device: "eth0" });
const target = { desired, subject: desired, lastApplied: undefined };

/** A host with these cards. */
function host(name: string, ...cards: readonly string[]): Session {
  return {
    name,
    reachedAt: () => Promise.reject(new Error("not asked")),
    submit: (job) => {
      const plan = job.plan(observationFor(job, answering(cards.map((card) => `${card}\n`).join(""))));
      return Promise.resolve({ before: plan, after: plan, done: [] });
    },
  };
}

const gone: Session = { ...host("director3"), submit: () => Promise.reject(new ConnectionError("no route to host")) };

test("an address that a fellow director has comes up beside it", async () => {
  const fellows = () => [gone, host("director2", "00:00:00:00:00:00", MAC)];
  expect(await allowFellow(vipAlias.runtime, target, refusal, fellows)).toEqual({
    ...target,
    desired: { ...desired, allowDuplicateAddress: true },
  });
});

test.each([
  ["that a stranger has", refusal, () => [gone, host("director2", "02:00:63:00:0c:02")]],
  ["that anybody has, where the program has no other director", refusal, () => []],
])("an address %s stays refused", async (_, error, fellows) => {
  expect(await allowFellow(vipAlias.runtime, target, error, fellows)).toBeUndefined();
});

test("another error asks nobody", async () => {
  const fellows = () => {
    throw new Error("asked");
  };
  expect(await allowFellow(vipAlias.runtime, target, new UserError("full"), fellows)).toBeUndefined();
});

test("directors are the hosts on which the program has virtual services", async () => {
  const directors = new FellowDirectors();
  const context = {
    inventory: new Inventory(),
    session: () => host("any"),
    owned: new OwnedObjects(),
    directors,
    log: () => undefined,
  };
  const on = (name: string) => connection.parse({ name, host: `${name}.example`, user: "root" });
  const service = { protocol: "tcp", address: "192.168.4.5:80" };
  for (const name of ["director1", "director2"]) {
    await lifecycle(virtualService, context).check({ host: "" }, { host: on(name), ...service });
  }
  await lifecycle(vipAlias, context).check(
    { host: "" },
    { host: on("web1"), role: "realServer", address: "192.168.4.5" },
  );
  expect(directors.besides(on("director1"))).toMatchObject([{ name: "director2" }]);
  expect(directors.besides("web1")).toHaveLength(2);
});
