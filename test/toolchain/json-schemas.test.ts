import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv, { type ValidateFunction } from "ajv";
import { parse } from "yaml";
import { z } from "zod";
import { hosts } from "../../provider/model/hosts";
import { formsAt } from "../../provider/model/input/forms";
import { clusterConfig } from "../../provider/schemas/stack";
import { jsonSchemas } from "../../tools/toolchain/json-schemas/make.mjs";
import { sentencesOf } from "../../tools/toolchain/json-schemas/sentences.mjs";
import { repository } from "../../tools/toolchain/paths.mjs";
import { POOL, pathsIn, small, VALID, withValue } from "../components/right-arguments";
import { inputWith, wrongInputs } from "../support/wrong-inputs";

type Name = "hosts.json" | "cluster.json" | "stack.json";

let schemas: Readonly<Record<string, object>>;
const validators = new Map<string, ValidateFunction>();

beforeAll(async () => {
  const sentence = await sentencesOf(join(repository, "provider"));
  schemas = jsonSchemas({ z, formsAt, hosts, clusterConfig }, sentence);
  for (const [name, schema] of Object.entries(schemas)) validators.set(name, new Ajv().compile(schema));
});

/** What an editor would underline. */
function problems(name: Name, value: unknown): readonly string[] {
  const validate = validators.get(name);
  if (validate === undefined) throw new Error(`there is no ${name}`);
  return validate(value) === true ? [] : (validate.errors ?? []).map((error) => `${error.dataPath} ${error.message}`);
}

/** YAML has no functions, and no undefined. */
const asData = (value: unknown): unknown => JSON.parse(JSON.stringify(value ?? null));

const connections = {
  director1: { host: "192.0.2.10", privateKeyPath: "~/.ssh/id_ed25519", port: 22, proxy: "bastion" },
  web1: { sshConfig: true, sudo: true, proxy: { host: "bastion.example.net", user: "ops", hostKeyCheck: "strict" } },
};

const CHECKED = [
  { name: "hosts.json", schema: hosts, right: [connections] },
  { name: "cluster.json", schema: clusterConfig, right: [VALID.DrCluster, small, { ...small, mode: "tunnel" }] },
] as const;

describe.each(CHECKED)("$name", ({ name, schema, right }) => {
  test("takes what is right", () => {
    expect(right.flatMap((value) => problems(name, asData(value)))).toEqual([]);
  });

  test("refuses a value of another sort and an unknown name wherever the run does", () => {
    const wrong = wrongInputs(schema);
    expect(wrong.length).toBeGreaterThan(200);
    expect(wrong.filter(({ input }) => problems(name, input).length === 0)).toEqual([]);
  });

  test("never refuses what the run takes", () => {
    const underlined = right.flatMap((whole) =>
      pathsIn(asData(whole)).flatMap((path) =>
        POOL.map((value) => asData(withValue(whole, path, value)))
          .filter((value) => schema.safeParse(value).success && problems(name, value).length > 0)
          .map((value) => JSON.stringify(value)),
      ),
    );
    expect(underlined).toEqual([]);
  });
});

test("each property has the sentence of the documented interface", () => {
  const bare = Object.entries(schemas).flatMap(([name, schema]) => [...withoutSentence(schema, name)]);
  expect(bare.filter((path) => !/\/(?:secure|config|lvs:\w+|mode)$/.test(path))).toEqual([]);
  expect(JSON.stringify(schemas["stack.json"])).toContain("Socket of an SSH agent.");
});

function* withoutSentence(json: unknown, path: string): Generator<string> {
  if (typeof json !== "object" || json === null) return;
  for (const [name, inner] of Object.entries(json)) {
    if (name === "properties" && typeof inner === "object")
      for (const [property, one] of Object.entries(inner as object))
        if (!Object.hasOwn(one as object, "description")) yield `${path}/${property}`;
    yield* withoutSentence(inner, `${path}/${name}`);
  }
}

test("patterns mean the same to an editor that reads them with Unicode and to one that does not", () => {
  const all = [...JSON.stringify(schemas).matchAll(/"pattern":("(?:[^"\\]|\\.)*")/g)].map(
    ([, text = ""]) => JSON.parse(text) as string,
  );
  expect(all.length).toBeGreaterThan(10);
  for (const pattern of all) {
    expect(() => new RegExp(pattern, "u")).not.toThrow();
    expect(pattern).not.toMatch(/\\p/);
  }
});

describe("the file of a stack", () => {
  test("may have secrets and other namespaces", () => {
    const secure = { secure: "v1:abc:def" };
    const config = {
      "aws:region": "eu-central-1",
      "lvs:hosts": { web1: { host: "192.0.2.1", privateKey: secure, port: secure, proxy: { host: secure } } },
      "lvs:hostsFile": "../hosts.yaml",
      "lvs:cluster": { ...(asData(small) as object), scheduler: secure },
    };
    const stack = { environment: ["prod"], config };
    expect(problems("stack.json", stack)).toEqual([]);
    expect(problems("stack.json", { config: { "lvs:hosts": secure, "lvs:cluster": '{ "vips": [] }' } })).toEqual([]);
    expect(problems("stack.json", {})).toEqual([]);
  });

  test.each([
    ["lvs:hosts.web1.prot", { "lvs:hosts": { web1: { host: "192.0.2.1", prot: 22 } } }],
    ["lvs:hosts.web1.port", { "lvs:hosts": { web1: { host: "192.0.2.1", port: "22" } } }],
    ["lvs:hosts.web1", { "lvs:hosts": { web1: null } }],
    ["lvs:cluster.ports", { "lvs:cluster": { ...small, ports: "80" } }],
    ["lvs:cluster.directors.director1", { "lvs:cluster": { ...small, directors: { director1: null } } }],
    ["lvs:cluster.mode", { "lvs:cluster": { ...small, mode: "nat" } }],
  ])("%s is underlined", (_place, config) => {
    expect(problems("stack.json", { config: asData(config) })).not.toEqual([]);
  });

  test("each value that is wrong below lvs:hosts is underlined there, too", () => {
    const wrong = wrongInputs(hosts).map(({ path, input }) => ({
      path,
      input: inputWith(["config", "lvs:hosts"], input),
    }));
    // A text may be a secret's, or JSON.
    const silent = wrong.filter(({ input }) => problems("stack.json", input).length === 0);
    expect(silent).toEqual([]);
  });
});

const pages = ["docs", "examples"].flatMap((folder) =>
  readdirSync(join(repository, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md") && !name.includes("node_modules"))
    .map((name) => join(folder, name)),
);

const yaml = ["README.md", ...pages].flatMap((page) =>
  [...readFileSync(join(repository, page), "utf8").matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(({ 1: text = "" }) => ({
    page,
    text,
  })),
);

describe("what we show is right by the schemas", () => {
  test.each(yaml.filter(({ text }) => text.includes("lvs:")))("a stack in $page", ({ text }) => {
    expect(problems("stack.json", parse(text, { merge: true }))).toEqual([]);
  });

  test.each(yaml.filter(({ text }) => text.startsWith("# hosts.yaml")))("a file of hosts in $page", ({ text }) => {
    expect(problems("hosts.json", parse(text, { merge: true }))).toEqual([]);
  });

  test("there are such pages", () => {
    expect(yaml.filter(({ text }) => text.includes("lvs:")).length).toBeGreaterThan(2);
    expect(yaml.some(({ text }) => text.startsWith("# hosts.yaml"))).toBe(true);
  });

  test("the stack of the root, which names its schema as an editor finds it", () => {
    const text = readFileSync(join(repository, "Pulumi.example.yaml"), "utf8");
    expect(problems("stack.json", parse(text))).toEqual([]);
    const [, path = ""] = /^# yaml-language-server: \$schema=(\S+)$/m.exec(text) ?? [];
    expect(path).toBe("./node_modules/pulumi-lvs/dist/schemas/stack.json");
    expect(existsSync(join(repository, "node_modules", "pulumi-lvs", "package.json"))).toBe(true);
  });

  test("each page that names a schema names one that is there", () => {
    const named = ["README.md", ...pages].flatMap((page) =>
      [...readFileSync(join(repository, page), "utf8").matchAll(/pulumi-lvs\/dist\/schemas\/(\S+\.json)/g)].map(
        ([, name]) => name,
      ),
    );
    expect(new Set(named)).toEqual(new Set(["stack.json", "hosts.json"]));
    expect(Object.keys(schemas)).toEqual(expect.arrayContaining(named));
  });
});
