import { writeFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import * as lvs from "../../provider/index";
import { scratchFolder } from "../host/scratch";

afterEach(() => {
  pulumi.runtime.setAllConfig({});
});

function configure(hosts: object | undefined, file?: string): void {
  const path = join(scratchFolder(), "hosts.yaml");
  if (file !== undefined) writeFileSync(path, file);
  pulumi.runtime.setAllConfig({
    ...(hosts && { "lvs:hosts": JSON.stringify(hosts) }),
    ...(file !== undefined && { "lvs:hostsFile": path }),
  });
}

const web1 = { host: "192.0.2.11", privateKeyPath: "~/.ssh/id", user: "ops", sudo: true };

test.each([
  ["lvs:hosts", () => configure({ web1 })],
  [
    "the file",
    () => configure(undefined, "web1: { host: 192.0.2.11, privateKeyPath: ~/.ssh/id, user: ops, sudo: true }\n"),
  ],
])("a program has a host of %s by its name, with the defaults", (_, set) => {
  set();
  expect(lvs.hostNames()).toEqual(["web1"]);
  expect(lvs.hostNamed("web1")).toEqual({
    ...web1,
    name: "web1",
    port: 22,
    hostKeyCheck: "strict",
    perDialTimeout: 15,
    deadline: 60,
  });
});

test("of both there are all hosts", () => {
  configure({ web1 }, "web2: { host: 192.0.2.12 }\n");
  expect(lvs.hostNames()).toEqual(["web1", "web2"]);
  expect([lvs.hostNamed("web1").host, lvs.hostNamed("web2").host]).toEqual(["192.0.2.11", "192.0.2.12"]);
});

test("the proxy of a host is written out, and what may be a secret is one, there too", async () => {
  configure({
    web1: { ...web1, password: "one", proxy: "bastion" },
    bastion: { host: "192.0.2.1", privateKey: "two" },
  });
  const { password, proxy } = lvs.hostNamed("web1");
  const secrets = [password, proxy?.privateKey];
  expect(proxy?.host).toBe("192.0.2.1");
  for (const secret of secrets) expect(await pulumi.isSecret(pulumi.output(secret))).toBe(true);
  expect(JSON.stringify([lvs.hostNamed("web1")])).not.toMatch(/"one"|"two"/);
});

test.each<[string, () => void, string]>([
  ["is not there", () => configure({ web2: web1 }), 'no host is named "web1" in lvs:hosts'],
  ["is in both", () => configure({ web1 }, "web1: { host: 192.0.2.12 }\n"), "take it out of one of them"],
  [
    "is wrong",
    () => configure({ web1: { ...web1, prot: 1 } }),
    'lvs:hosts.web1.prot: is not a field of a connection: did you mean "port"?',
  ],
  ["is nowhere", () => configure(undefined), "has no lvs:hosts and no lvs:hostsFile"],
])("a host that %s is refused without a stack", (_, set, words) => {
  set();
  const ask = () => lvs.hostNamed("web1");
  expect(ask).toThrow(pulumi.RunError);
  expect(ask).toThrow(words);
});
