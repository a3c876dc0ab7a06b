import { Inventory } from "../../provider/engine/inventory";
import { lifecycle } from "../../provider/engine/lifecycle";
import { OwnedObjects } from "../../provider/engine/ownership";
import { OWNERS_FILE } from "../../provider/facts/files/owners";
import type { Session } from "../../provider/host/session/job";
import type { DefinedKind } from "../../provider/kinds/runtime-kind";
import { virtualService } from "../../provider/kinds/virtual-service/kind";
import { connection } from "../../provider/model/connection";
import { FakeDirector } from "../fakes/fake-director";
import { StoredResource } from "../support/stored-resource";
import { FakeSession } from "./crash-points/fake-session";
import { lives } from "./crash-points/lives";
import { TableHost } from "./table-host";
import { thing } from "./thing";

/** Two stacks that declare one object, and want different things. */

const HOST = connection.parse({ name: "web1", host: "192.0.2.1" });

/** Runs of stacks, each with a process of its own, and the lines that they show the operator. */
class Stack {
  readonly #stored = new StoredResource();

  constructor(
    readonly name: string,
    private readonly kind: DefinedKind,
    private readonly session: Session,
  ) {}

  async up(args: object): Promise<readonly string[]> {
    const said: string[] = [];
    await this.#stored.plainUp(this.#run(said), { host: HOST, ...args, __resource: `shop/${this.name}/web` });
    return said;
  }

  async destroy(): Promise<readonly string[]> {
    const said: string[] = [];
    await this.#stored.destroy(this.#run(said));
    return said;
  }

  #run(said: string[]) {
    const context = { inventory: new Inventory(), session: () => this.session, owned: new OwnedObjects() };
    return lifecycle(this.kind, { ...context, log: (line) => said.push(line) });
  }
}

function stacks(kind: DefinedKind, session: Session, names = ["dev", "prod"]) {
  return names.map((name) => new Stack(name, kind, session)) as [Stack, Stack, Stack];
}

const lines = (host: { readonly files: ReadonlyMap<string, string> }) => host.files.get(OWNERS_FILE);

test("who comes second and wants another state is told whose it was, and who follows is told nothing", async () => {
  const host = new TableHost();
  const [dev, prod] = stacks(thing, host);
  expect(await dev.up({ name: "web", size: 1 })).toEqual([]);
  expect(lines(host)).toBe('["Thing","web",["shop/dev/web"]]\n');
  expect(await prod.up({ name: "web", size: 2 })).toEqual([
    "Thing web on director1: shop/dev/web also declares it, and wants size 1, not 2, as /var/lib/pulumi-lvs/owners of this host says. " +
      "The last one to run has its way, and the other shows that as drift. Declare the same in both",
  ]);
  expect(host.table.get("web")).toBe(2);
  expect(await dev.up({ name: "web", size: 2 })).toEqual([]);
  expect(lines(host)).toBe(
    '["Thing","web",["shop/dev/web","shop/prod/web"],{"shop/dev/web":{"size":2},"shop/prod/web":{"size":2}}]\n',
  );
  expect(await dev.up({ name: "web", size: 3 })).toEqual([
    expect.stringContaining("shop/prod/web also declares it, and wants size 2, not 3"),
  ]);
  expect(await prod.up({ name: "web", size: 3 })).toEqual([]);
});

test("of three, each that differs is named, and who is alone again has no desire on record", async () => {
  const host = new TableHost();
  const [dev, prod, lab] = stacks(thing, host, ["dev", "prod", "lab"]);
  await dev.up({ name: "web", size: 1 });
  await prod.up({ name: "web", size: 2 });
  expect(await lab.up({ name: "web", size: 2 })).toEqual([
    expect.stringContaining("shop/dev/web also declares it, and wants size 1, not 2,"),
  ]);
  expect(await lab.up({ name: "web", size: 7 })).toEqual([
    expect.stringContaining("wants size 1, not 7; shop/prod/web also declares it, and wants size 2, not 7,"),
  ]);
  await dev.destroy();
  await prod.destroy();
  expect(lines(host)).toBe('["Thing","web",["shop/lab/web"]]\n');
  await lab.destroy();
  expect([...host.table, ...host.files]).toEqual([]);
});

test("one of two that came in the same moment waits for nothing, and says what it wants with its next change", async () => {
  const host = new TableHost({ web: 1 });
  const [dev, prod] = stacks(thing, host);
  const both = '["Thing","web",["shop/dev/web","shop/prod/web"],{"shop/prod/web":{"size":1}}]\n';
  host.files.set(OWNERS_FILE, both);
  // The other one writes the line in the same batch, and last.
  host.files.set = () => host.files;
  expect(await dev.up({ name: "web", size: 1 })).toEqual([]);
  Reflect.deleteProperty(host.files, "set");
  await prod.up({ name: "web", size: 1 });
  expect(lines(host)).toBe(both);
  await dev.up({ name: "web", size: 2 });
  expect(lines(host)).toBe(both.replace("{", '{"shop/dev/web":{"size":2},'));
});

test("a record that tells no desire, or one that no user could have, is no reason to say anything", async () => {
  const host = new TableHost();
  const [dev, prod] = stacks(thing, host);
  await dev.up({ name: "web", size: 1 });
  await prod.up({ name: "web", size: 1 });
  for (const desires of ["", ',{"shop/dev/web":{"size":"many"}}']) {
    host.files.set(OWNERS_FILE, `["Thing","web",["shop/dev/web","shop/prod/web"]${desires}]\n`);
    host.table.set("web", 1);
    expect(await prod.up({ name: "web", size: 5 })).toEqual([]);
    await prod.up({ name: "web", size: 1 });
  }
});

/** Kernel settings refuse the second one. Of a service with servers of others, each wants its own alone. What is named by hand is not on the host. */
const owned = lives.filter(
  ({ kind, args }) =>
    !kind.runtime.isShared && !["exclusive", "networkManager", "rulesLoader"].some((one) => one in args),
);
const changes = owned.flatMap(({ kind, on, host, args, others = [] }) =>
  others.map((other) => ({ name: `${kind.name} on ${on}`, kind, host, args, other })),
);

test.each(changes)("$name, $other: each is told what the other wants", async ({ kind, host, args, other }) => {
  const session = new FakeSession(host);
  const [dev, prod] = stacks(kind, session);
  await dev.up(args);
  const [said = "", ...more] = await prod.up(other);
  const owners = lines(host);
  expect(more).toEqual([]);
  expect(said === "" ? same(kind, args, other) : said).toMatch(/^same$|shop\/dev\/web also declares it, and wants \w/);
  expect(await dev.up(other)).toEqual([]);
  await prod.destroy();
  await dev.destroy();
  expect(owners).toContain("shop/prod/web");
  expect(lines(host)).toBeUndefined();
});

/** Whether the second one is content with what the first one wants. */
function same({ runtime }: DefinedKind, args: object, other: object): string {
  const [one, two] = [args, other].map((record) => {
    const { __resource: _, ...written } = record as { readonly __resource: string };
    return runtime.parse(written).data ?? {};
  }) as [object, object];
  return runtime.differs(two, { ...one, live: true }) ? "another" : "same";
}

const SERVICE = { protocol: "tcp", address: "192.168.4.5:80" };
const server = (weight: number) => ({ weight });

test.each([
  [
    "another weight",
    { a: server(1), exclusive: false },
    { a: server(2), exclusive: false },
    'realServers["192.168.4.201:80"]["weight"] 1, not 2',
  ],
  ["other servers", { a: server(1), exclusive: false }, { b: server(2), exclusive: false }, undefined],
  [
    "a scheduler",
    { a: server(1), exclusive: false, scheduler: "wrr" },
    { b: server(1), exclusive: false },
    'scheduler "wrr", not "wlc"',
  ],
  ["no others' servers", { a: server(1), exclusive: false }, { b: server(1) }, 'realServers["192.168.4.201:80"] {'],
  ["servers nowhere", { exclusive: false, a: server(1) }, { none: true }, undefined],
])("a service of two: %s", async (_, first, second, expected) => {
  const [dev, prod] = stacks(virtualService, new FakeSession(new FakeDirector("debian")));
  const args = ({ a, b, none, ...more }: { a?: object; b?: object; none?: boolean; exclusive?: boolean }) => ({
    ...SERVICE,
    ...more,
    ...(none !== true && { realServers: { ...(a && { "192.168.4.201": a }), ...(b && { "192.168.4.202": b }) } }),
  });
  await dev.up(args(first));
  const said = await prod.up(args(second));
  expect(said).toEqual(expected === undefined ? [] : [expect.stringContaining(`wants ${expected}`)]);
});
