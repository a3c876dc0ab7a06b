import { check } from "../../../provider/engine/check";
import { parseHostsFile } from "../../../provider/engine/hosts/hosts-file";
import { Inventory } from "../../../provider/engine/inventory";
import { drKernelTuning } from "../../../provider/kinds/kernel-tuning/dr";

const PATH = "/srv/infra/hosts.yaml";
const parse = (text: string) => parseHostsFile({ path: PATH, text });

describe("what the file may be", () => {
  const both = { web1: { host: "192.0.2.1", user: "ops", sudo: true }, web2: { host: "192.0.2.2", port: 2222 } };

  test.each([
    ["YAML", "web1:\n  host: 192.0.2.1\n  user: ops\n  sudo: true\nweb2: { host: 192.0.2.2, port: 2222 }\n"],
    ["JSON", JSON.stringify(both)],
    ["JSON, indented by tabs", JSON.stringify(both, undefined, "\t")],
    [
      "YAML with a byte order mark and DOS line ends",
      "\uFEFFweb1: { host: 192.0.2.1, user: ops, sudo: true }\r\nweb2: { host: 192.0.2.2, port: 2222 }\r\n",
    ],
  ])("%s", (_name, text) => {
    expect([...parse(text)].map(([name, { host, port, user }]) => [name, host, port, user])).toEqual([
      ["web1", "192.0.2.1", 22, "ops"],
      ["web2", "192.0.2.2", 2222, "root"],
    ]);
  });

  test("entries may take fields from another one, as many as there are", () => {
    const others = Array.from({ length: 300 }, (_, n) => `w${n}: { <<: *all, host: 192.0.2.${n % 250} }`);
    const read = parse(["web1: &all", "  host: 192.0.2.1", "  user: ops", "  port: 2222", ...others].join("\n"));
    expect(read.size).toBe(301);
    expect(read.get("w299")).toMatchObject({ host: "192.0.2.49", user: "ops", port: 2222 });
  });
});

describe("a mistake has the file and the line", () => {
  test.each([
    [
      "no YAML",
      "web1:\n  host: 192.0.2.1\n\tport: 22\n",
      ":3: this is not valid YAML: Tabs are not allowed as indentation",
    ],
    [
      "a name twice",
      "web1: { host: a }\nweb2: { host: b }\nweb1: { host: c }\n",
      ":3: this is not valid YAML: Map keys must be unique",
    ],
    [
      "several documents",
      "web1: { host: a }\n---\nweb2: { host: b }\n",
      ":2: this is not valid YAML: it has more than one document (---)",
    ],
    ["a host without a name", 'web1: { host: a }\n"": { host: b }\n', ": must not be an empty name"],
    [
      "a proxy that is the host itself, by an alias",
      "web1: &it\n  host: 192.0.2.1\n  proxy: *it\n",
      ":3: the alias *it stands within what it is an alias of",
    ],
    ["a list for a name", "? [web1]\n: { host: a }\n", ":1: a name must be text, and no map or list"],
    ["an alias of nothing", "web1:\n  host: a\n  user: *ops\n", ":3: there is an alias (*), and no anchor (&)"],
    ["a merge of nothing", "web1:\n  host: a\n  <<: *usual\n", ":3: there is an alias (*), and no anchor (&)"],
    ["a merge of a text", "web1:\n  host: a\n  <<: usual\n", ":3: << takes the alias of a map"],
    [
      "a comment of JSON",
      '// the first\n{ "web1": { "host": "a" } }',
      ":1: this is not valid YAML: a comment begins with #",
    ],
    [
      "one that would be a part of the name",
      '{\n  /* x */ "web1": { "host": "a" } }',
      ':2: /* x */ "web1": must be a name',
    ],
    ["a name that moves the cursor", '"web\\e[2J": { host: a }', ":1: web\\x1b[2J: must be a name without control"],
    ["bytes", "web1:\n  host: !!binary aGk=\n", ":2: this is not valid YAML"],
    [
      "a wrong value",
      "web1:\n  host: 192.0.2.1\n\n  port: 99999\n",
      ":4: web1.port: must be a whole number from 1 to 65535",
    ],
    [
      "an unknown field",
      "web1:\n  host: 192.0.2.1\n  prot: 22\n",
      ':3: web1.prot: is not a field of a connection: did you mean "port"?',
    ],
    [
      "a field that is missing",
      "a: { host: a }\nweb1:\n  user: ops\n",
      ":2: web1.host: is missing: it must be an address or a DNS name",
    ],
    ["of a host without fields", "a: { host: a }\nweb1:\n", ":2: web1: must be "],
    [
      "below a proxy",
      "web1:\n  host: a\n  proxy:\n    host: b\n    port: x\n",
      ":5: web1.proxy.port: must be a whole number",
    ],
    ["a value of another entry", "a: &a\n  host: a\n  port: x\nb: { <<: *a }\n", ":4: b.port: must be a whole number"],
  ])("%s", (_name, text, message) => {
    expect(() => parse(text)).toThrow(PATH);
    expect(() => parse(text)).toThrow(message);
  });

  test("all mistakes are said at once", () => {
    expect(() => parse("a: { host: a, port: 0 }\nb: { host: b, port: 0 }\n")).toThrow(
      /^\/srv\/infra\/hosts\.yaml:1: a\.port: must .+\n\/srv\/infra\/hosts\.yaml:2: b\.port: must /,
    );
  });

  test("of hundreds that are alike, the first are said, and how many there are more", () => {
    const text = Array.from({ length: 200 }, (_, n) => `web${n}: { host: a, prot: 1, port: 1e99 }\n`).join("");
    const lines = text.split("\n");
    expect(() => parse(lines.slice(0, 3).join("\n"))).toThrow(/^(?:[^\n]+\n){5}[^\n]+$/);
    expect(() => parse(text)).toThrow(/^(?:[^\n]+\n){20}and 380 more$/);
  });

  test("an empty file has no hosts", () => {
    for (const text of ["", "# nothing yet\n", "---\n"])
      expect(() => parse(text)).toThrow(`${PATH} has no hosts: it must be a map such as web1: { host: "192.0.2.1" }`);
  });

  test.each([
    ["in a value of no type", "web1:\n  host: a\n  port: canary-7f\n"],
    ["after a quoted value", 'web1:\n  host: a\n  password: "x" canary-7f\n'],
    ["in an escape", 'web1:\n  host: a\n  password: "\\canary-7f"\n'],
    ["with an alias of nothing", "web1:\n  host: a\n  password: *canary-7f\n"],
    ["with a tag", "web1:\n  host: a\n  password: !canary-7f x\n"],
    ["as a block's header", "web1:\n  host: a\n  privateKey: |canary-7f\n    x\n"],
    ["as a key of its own", "web1:\n  host: a\n canary-7f\n"],
    ["in brackets without end", `web1: ${"[".repeat(20_000)} canary-7f`],
  ])("no value is shown, as it may be a secret: %s", (_name, text) => {
    let said = "";
    try {
      said = JSON.stringify([...parse(text)]);
    } catch (error) {
      said = String(error);
    }
    expect(said).not.toContain("canary-7f");
    expect(said).toContain(PATH);
  });

  test("a few lines that stand for many are refused", () => {
    const levels = Array.from({ length: 12 }, (_, n) => `l${n + 1}: &l${n + 1} [${`*l${n},`.repeat(9)}]`);
    expect(() => parse(["l0: &l0 [x]", ...levels].join("\n"))).toThrow(PATH);
  });
});

describe("lvs:hosts and the file together", () => {
  const file = (by: "lvs:hostsFile" | "LVS_HOSTS_FILE", text: string) => () => ({ path: PATH, text, by });
  const host = (address: string) => JSON.stringify({ web1: { host: address }, db1: { host: "192.0.2.9" } });
  const problems = (inventory: Inventory, name: string) =>
    check(drKernelTuning.runtime, inventory, { host: name }).failures;

  test("each has its names, and an error lists all of them", () => {
    const inventory = new Inventory(file("lvs:hostsFile", "web2: { host: 192.0.2.2 }"));
    inventory.configure(host("192.0.2.1"), "hosts.yaml");
    expect(inventory.names()).toEqual(["web1", "db1", "web2"]);
    expect(["web1", "web2"].map((name) => inventory.resolve(name).host)).toEqual(["192.0.2.1", "192.0.2.2"]);
    expect(problems(inventory, "web2")).toEqual([]);
    expect(problems(inventory, "web9")).toEqual([
      { property: "host", reason: `no host is named "web9" in lvs:hosts and in ${PATH}; it has web1, db1, web2` },
    ]);
  });

  test("a name that is almost one of them is said; of numbered hosts, another number is another host", () => {
    const inventory = new Inventory();
    const names = Array.from({ length: 200 }, (_, n) => [`web${n}`, { host: "a" }] as const);
    inventory.configure(JSON.stringify(Object.fromEntries(names)));
    const said = (name: string) => problems(inventory, name)[0]?.reason;
    const listed = /it has web0, web1, .+, web19 and 180 more$/i;
    expect(said("Web7")).toMatch(/: did you mean "web7"\? It has web0/);
    expect(said("web-17")).toMatch(/: did you mean "web17"\? It has web0/);
    expect(said("web200")).toMatch(/configuration; it has web0/);
    for (const name of ["Web7", "web200"]) expect(said(name)).toMatch(listed);
  });

  test("a way through more than eight hosts is refused, and thousands of them, too", () => {
    const chain = (length: number) =>
      Object.fromEntries(
        Array.from({ length }, (_, n) => [`h${n}`, { host: "a", ...(n + 1 < length && { proxy: `h${n + 1}` }) }]),
      );
    const inventory = new Inventory();
    inventory.configure(JSON.stringify(chain(8)));
    expect(problems(inventory, "h0")).toEqual([]);
    for (const length of [9, 20_000]) {
      inventory.configure(JSON.stringify(chain(length)));
      const reason = "the way to h0 leads through more than 8 hosts: h0, through h1, through h2, ";
      expect(problems(inventory, "h0")).toMatchObject([{ reason: expect.stringContaining(reason) as string }]);
    }
  });

  test("of a name that both have, the file is what counts; a preview and an up refuse it", () => {
    const inventory = new Inventory(file("lvs:hostsFile", "web1: { host: 192.0.2.2 }"));
    inventory.configure(host("192.0.2.1"), "hosts.yaml");
    expect(inventory.resolve("web1").host).toBe("192.0.2.2");
    expect(problems(inventory, "web1")).toEqual([
      { property: "host", reason: `"web1" is in lvs:hosts and in ${PATH}: take it out of one of them` },
    ]);
    expect(problems(inventory, "db1")).toEqual([]);
  });

  test("a proxy whose name both have is refused with the hosts behind it", () => {
    const inventory = new Inventory(file("lvs:hostsFile", "web1: { host: 192.0.2.2 }\ndb2: { host: x, proxy: web1 }"));
    inventory.configure(host("192.0.2.1"), "hosts.yaml");
    const reason = `"web1" is in lvs:hosts and in ${PATH}: take it out of one of them`;
    expect(problems(inventory, "db2")).toEqual([{ property: "host", reason }]);
    expect(inventory.doubt({ host: "y", sudo: false, deadline: 60, proxy: { host: "z", proxy: "web1" } })).toBe(reason);
  });

  test("a file that the environment names is there to go before the configuration", () => {
    const inventory = new Inventory(file("LVS_HOSTS_FILE", "web1: { host: 192.0.2.2 }"));
    inventory.configure(host("192.0.2.1"));
    expect(inventory.resolve("web1").host).toBe("192.0.2.2");
    expect(problems(inventory, "web1")).toEqual([]);
  });

  test("the file is read once, and not at all for a host that has no name", () => {
    const read = jest.fn(file("lvs:hostsFile", "web1: { host: 192.0.2.2 }"));
    const inventory = new Inventory(read);
    expect(inventory.has({ host: "192.0.2.1" } as Parameters<Inventory["has"]>[0])).toBe(true);
    expect(read).not.toHaveBeenCalled();
    for (const _kind of [1, 2, 3]) {
      inventory.configure(undefined, "hosts.yaml");
      expect(inventory.resolve("web1").name).toBe("web1");
    }
    expect(read.mock.calls).toEqual([["hosts.yaml"]]);
    inventory.configure(undefined, "others.yaml");
    inventory.resolve("web1");
    expect(read.mock.calls).toEqual([["hosts.yaml"], ["others.yaml"]]);
  });

  test.each(["", " ", '{"web1":{"privateKey":"canary"}}', "-----BEGIN canary", "a\ncanary"])(
    "what is no path is not shown: %j",
    (text) => {
      const inventory = new Inventory(() => undefined);
      inventory.configure(undefined, text);
      expect(() => inventory.resolve("web1")).toThrow(
        new Error("lvs:hostsFile must be the path of a file; hosts themselves go to lvs:hosts"),
      );
    },
  );

  test("an SDK that hands on no configuration is said to be too old", () => {
    const inventory = new Inventory();
    expect(() => inventory.resolve("web1")).toThrow(
      "3.139 is the first version that does: npm install @pulumi/pulumi@latest",
    );
    // The environment reaches it all the same.
    const known = new Inventory(file("LVS_HOSTS_FILE", "web1: { host: 192.0.2.1 }"));
    expect(known.resolve("web1").host).toBe("192.0.2.1");
  });

  test("without either, it says what to set", () => {
    const inventory = new Inventory();
    inventory.configure(undefined);
    expect(() => inventory.resolve("web1")).toThrow(
      'no host is named "web1": the stack\'s configuration has no lvs:hosts and no lvs:hostsFile. Set one: ' +
        "pulumi config set --path 'lvs:hosts.web1.host' ADDRESS",
    );
    // As a shell and Pulumi take it: a dot would begin a name below.
    expect(() => inventory.resolve("web1.example.net")).toThrow(
      `pulumi config set --path 'lvs:hosts["web1.example.net"].host' ADDRESS`,
    );
  });
});
