import { allowFellow, FellowDirectors } from "../../provider/engine/fellow-directors";
import { Inventory } from "../../provider/engine/inventory";
import { lifecycle } from "../../provider/engine/lifecycle";
import { OwnedObjects } from "../../provider/engine/ownership";
import { ConnectionError, UserError } from "../../provider/errors";
import { cards } from "../../provider/facts/network/cards";
import { keyOf } from "../../provider/host/session/fact-cache";
import type { Session } from "../../provider/host/session/job";
import { observationFor } from "../../provider/host/session/observation";
import { vipAlias } from "../../provider/kinds/vip-alias/kind";
import { virtualService } from "../../provider/kinds/virtual-service/kind";
import { connection } from "../../provider/model/connection";
import { A_MACHINE } from "./a-machine";
import { answering } from "./answering";

const MAC = "02:00:63:00:0c:01";
const refusal = new UserError(`VipAlias: 192.168.4.5 is in use on the network of eth0, by ${MAC}`);
const desired = vipAlias.schema.parse({ role: "director", address: "192.168.4.5", device: "eth0" });
const target = { desired, subject: desired, lastApplied: undefined };

interface On {
  readonly cards: readonly string[];
  /** This package has made it a director. */
  readonly isDirector?: boolean;
}

function host(name: string, { cards: macs, isDirector = false }: On = { cards: [] }): Session {
  const answers = answering((command) => {
    const isCards = keyOf(command) === keyOf(cards.command);
    return {
      code: 0,
      stdout: isCards ? macs.map((mac) => `${mac}\n`).join("") : isDirector ? "yes\n" : "",
      stderr: "",
    };
  });
  return {
    name,
    reachedAt: () => Promise.reject(new Error("not asked")),
    machine: () => Promise.resolve(A_MACHINE),
    submit: (job) => {
      const plan = job.plan(observationFor(job, answers));
      return Promise.resolve({ before: plan, after: plan, done: [] });
    },
  };
}

const gone: Session = { ...host("director3"), submit: () => Promise.reject(new ConnectionError("no route to host")) };
const holder = { cards: ["00:00:00:00:00:00", MAC] };
const allowed = { ...target, desired: { ...desired, allowDuplicateAddress: true } };

const allow = (error: unknown, fellows: () => readonly Session[], otherHosts: () => readonly Session[] = () => []) =>
  allowFellow(vipAlias.runtime, target, error, { fellows, otherHosts });

test("an address that a fellow director has comes up beside it", async () => {
  expect(await allow(refusal, () => [gone, host("director2", holder)])).toEqual(allowed);
});

test("an address that a director has comes up beside it, where that director leaves the program in the same run", async () => {
  const leaving = host("director2", { ...holder, isDirector: true });
  expect(
    await allow(
      refusal,
      () => [gone],
      () => [host("web1"), leaving],
    ),
  ).toEqual(allowed);
});

test.each<[string, () => readonly Session[], () => readonly Session[]]>([
  ["that a stranger has", () => [gone, host("director2", { cards: ["02:00:63:00:0c:02"] })], () => [host("web1")]],
  ["that anybody has, where the program has no other director", () => [], () => []],
  ["that a host of the inventory has which is no director of ours", () => [], () => [gone, host("web1", holder)]],
])("an address %s stays refused", async (_, fellows, otherHosts) => {
  expect(await allow(refusal, fellows, otherHosts)).toBeUndefined();
});

test("another error asks nobody", async () => {
  const asked = () => {
    throw new Error("asked");
  };
  expect(await allow(new UserError("full"), asked, asked)).toBeUndefined();
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
    await lifecycle(virtualService, context).check({}, { host: on(name), ...service });
  }
  await lifecycle(vipAlias, context).check(
    { host: "" },
    { host: on("web1"), role: "realServer", address: "192.168.4.5" },
  );
  expect(directors.besides(on("director1"))).toMatchObject([{ name: "director2" }]);
  expect(directors.besides("web1")).toHaveLength(2);
  // The host of the state, from which a service moves away.
  await lifecycle(virtualService, context).check({ host: on("director0") }, { host: on("director1"), ...service });
  expect(directors.besides("web1")).toHaveLength(3);
});
