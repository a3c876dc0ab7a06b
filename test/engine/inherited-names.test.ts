import { Inventory } from "../../provider/engine/inventory";
import { parseList } from "../../provider/facts/ipvs/listing";
import { ruleTarget } from "../../provider/facts/ipvs/rule-target";
import { parseRule } from "../../provider/facts/ipvs/saved-rule";
import { DrCluster } from "../../provider/index";
import { nfsExport } from "../../provider/kinds/nfs-export/kind";
import { systemdService } from "../../provider/kinds/systemd-service/kind";
import { virtualService } from "../../provider/kinds/virtual-service/kind";
import { registrations } from "../components/registrations";
import { refusals } from "../fakes/fake-host";

/** `constructor`, `toString`, `__proto__` ...: every object has them. */
const NAMES = Object.getOwnPropertyNames(Object.prototype);
const OTHERS = NAMES.filter((name) => name !== "__proto__");
const own = (name: string, value: unknown): unknown => Object.fromEntries([[name, value]]);

test("there are such names", () => {
  expect(NAMES).toEqual(expect.arrayContaining(["constructor", "__proto__", "hasOwnProperty", "toString", "valueOf"]));
});

test.each(NAMES)("no host is named %s where none was", (name) => {
  const inventory = new Inventory();
  expect(() => inventory.resolve(name)).toThrow(`no host is named "${name}"`);
  inventory.configure('{"web1":{"host":"10.0.0.1"}}');
  expect(() => inventory.resolve(name)).toThrow(`no host is named "${name}" in lvs:hosts`);
});

test.each(OTHERS)("a host can be named %s", (name) => {
  const inventory = new Inventory();
  inventory.configure(JSON.stringify(own(name, { host: "10.0.0.1" })));
  expect(inventory.resolve(name)).toMatchObject({ name, host: "10.0.0.1", port: 22 });
});

test.each([
  ["lvs:hosts", () => new Inventory()],
  ["clients", nfsExport],
  ["realServers", virtualService],
])("an entry of %s that is named __proto__ is refused, and not dropped", (_name, what) => {
  const entry = (value: unknown) => own("__proto__", value);
  if (typeof what === "function") {
    const inventory = what();
    inventory.configure('{"__proto__":{"host":"10.0.0.1"}}');
    expect(() => inventory.resolve("web1")).toThrow('must not have the name "__proto__"');
    return;
  }
  const base = { path: "/srv/x", protocol: "tcp", address: "10.0.0.1:80" };
  const words = refusals(what, { ...base, clients: entry(["rw"]), realServers: entry({}) }).join("\n");
  expect(words).toContain('must not have the name "__proto__"');
});

test.each(NAMES)("%s is a word like any other to parsers of rules", (name) => {
  expect(ruleTarget(`-A ${name} 10.0.0.1:80`)).toBeUndefined();
  expect(ruleTarget(`${name} -t 10.0.0.1:80`)).toBeUndefined();
  expect(() => parseRule(`-A -t 10.0.0.1:80 ${name} x`)).toThrow(`the word "${name}" is unknown`);
  expect(() => parseList(`${name} 10.0.0.1:80`)).toThrow("is neither a service nor a server");
});

test.each(OTHERS)("%s is no unit and no client that is known already", (name) => {
  expect(refusals(systemdService, { name, enabled: "enabled", state: "started" })).toEqual(
    refusals(systemdService, { name: "nginx", enabled: "enabled", state: "started" }),
  );
  const clients = (client: string) => ({ path: "/srv/x", clients: own(client, ["rw"]) });
  expect(refusals(nfsExport, clients(name))).toEqual(refusals(nfsExport, clients("web1")));
});

test.each(["constructor", "toString"])(
  "a cluster can have a real server and a director that are named %s",
  async (name) => {
    const directors = own(name === "constructor" ? "director1" : name, { device: "eth0" });
    const realServers = own(name === "constructor" ? name : "web1", { address: "192.168.4.100" });
    const all = await registrations((opts) => {
      const args = { directors, realServers, vips: ["192.168.4.5"], ports: [80] };
      new DrCluster("web", args as ConstructorParameters<typeof DrCluster>[1], opts);
    });
    expect([...all.keys()].filter((made) => made.includes(name)).length).toBeGreaterThan(1);
  },
);
