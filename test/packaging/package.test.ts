import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { isBuiltin } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { z } from "zod";
import * as index from "../../provider/index";
import { hosts } from "../../provider/model/hosts";
import { formsAt } from "../../provider/model/input/forms";
import { providerText } from "../../provider/resources/host-resource";
import * as runtime from "../../provider/runtime";
import { clusterConfig } from "../../provider/schemas/stack";
import { readJson } from "../../tools/toolchain/json.mjs";
import { jsonSchemas } from "../../tools/toolchain/json-schemas/make.mjs";
import { sentencesOf } from "../../tools/toolchain/json-schemas/sentences.mjs";
import { absoluteLinks } from "../../tools/toolchain/links.mjs";
import { published } from "../../tools/toolchain/package-files.mjs";
import { repository } from "../../tools/toolchain/paths.mjs";
import { problemsOfPackage } from "../../tools/toolchain/release-checks.mjs";
import { keyPair } from "../e2e/support/key-pair";
import { newKey } from "../host/keys";
import { type InstalledPackage, installPackage } from "./installed-package";
import { checkedByProcess } from "./provider-process";

/** The SSH client, in a file of its own. */
const SSH = "dist/ssh2.js";

let installed: InstalledPackage;

beforeAll(async () => {
  installed = await installPackage();
}, 400_000);

afterAll(async () => {
  await installed.remove();
});

const read = (file: string): Promise<string> => readFile(join(installed.folder, file), "utf8");
const names = (module: object): string[] => Object.keys(module).sort();

test("holds compiled code, its types, schemas for editors, and what a reader needs; no sources, no tests", () => {
  const others = installed.files.filter((file) => !/^dist\/.+\.(?:js|d\.ts)$/.test(file));
  const schemas = ["cluster", "hosts", "stack"].map((name) => `dist/schemas/${name}.json`);
  expect(others).toEqual(["LICENSE", "README.md", ...schemas, "package.json"]);
});

test("the schemas are those of the sources, where an editor finds them, and a program by name", async () => {
  const sources = { z, formsAt, hosts, clusterConfig };
  const made = jsonSchemas(sources, await sentencesOf(join(repository, "provider")));
  expect(Object.keys(made).sort()).toEqual(["cluster.json", "hosts.json", "stack.json"]);
  const program = (name: string) => `process.stdout.write(JSON.stringify(require("pulumi-lvs/schemas/${name}")));`;
  for (const [name, schema] of Object.entries(made)) {
    expect(JSON.parse(await read(`dist/schemas/${name}`))).toEqual(schema);
    expect(JSON.parse((await installed.run(program(name))).stdout)).toEqual(schema);
  }
});

test("the code is one file for each entry point and few for what they share, and no source is in two of them", async () => {
  const code = installed.files.filter((file) => file.endsWith(".js") && file !== SSH);
  const own = code.filter((file) => !/^dist\/shared-[A-Z0-9]{8}\.js$/.test(file));
  expect(own).toEqual(["dist/index.js", "dist/runtime.js", "dist/schemas.js"]);
  expect(code.length).toBeLessThanOrEqual(6);
  const sources = await Promise.all(
    code.map(async (file) => [...new Set((await read(file)).match(/^\/\/! \S+\.ts$/gm))]),
  );
  for (const some of sources) expect(some).not.toEqual([]);
  const all = sources.flat();
  expect(all).toHaveLength(new Set(all).size);
});

test("both entry points have their types, and these all that they name", async () => {
  const types = installed.files.filter((file) => file.endsWith(".d.ts"));
  expect(types).toEqual(expect.arrayContaining(["dist/index.d.ts", "dist/runtime.d.ts"]));
  for (const file of types)
    for (const [, path = ""] of (await read(file)).matchAll(/(?:from|import\() ?"(\.[^"]+)"/g))
      expect(types).toContain(`${join(dirname(file), path)}.d.ts`);
});

test("no file points at a source map or at the machine that it was made on", async () => {
  for (const file of installed.files) {
    const text = await read(file);
    expect({ file, map: text.includes("sourceMappingURL") }).toEqual({ file, map: false });
    expect({ file, path: text.includes(repository) }).toEqual({ file, path: false });
  }
});

test("an upgrade brings the licence and the README of the repository, whose links lead there from anywhere", async () => {
  expect(await read("LICENSE")).toBe(await readFile(join(repository, "LICENSE"), "utf8"));
  const page = await readFile(join(repository, "README.md"), "utf8");
  expect(await read("README.md")).toBe(absoluteLinks(page, published()));
});

test("a release would find nothing wrong with it", async () => {
  const texts = await Promise.all(installed.files.map(async (file) => [file, await read(file)] as const));
  expect(problemsOfPackage(new Map(texts), [repository])).toEqual([]);
});

describe.each([
  { entry: "pulumi-lvs", source: index },
  { entry: "pulumi-lvs/runtime", source: runtime },
])("$entry", ({ entry, source }) => {
  test("gives a CommonJS program what the sources export, and prints nothing", async () => {
    const program = `const found = Object.keys(require("${entry}")).sort(); process.stdout.write(JSON.stringify(found));`;
    const { stdout, stderr } = await installed.run(program);
    expect(JSON.parse(stdout)).toEqual(names(source));
    expect(stderr).toBe("");
  });

  test("gives an ES module the same by name, and prints nothing", async () => {
    const list = names(source).join(", ");
    const program = `import { ${list} } from "${entry}"; process.stdout.write(JSON.stringify(Object.keys({ ${list} }).sort()));`;
    const { stdout, stderr } = await installed.run(program, ["--input-type=module"]);
    expect(JSON.parse(stdout)).toEqual(names(source));
    expect(stderr).toBe("");
  });
});

test("the text in state finds its handler, for each kind of resource", async () => {
  // As Pulumi does it: the text is compiled as a module without a name, so it looks for packages from the program's folder.
  const program = `
    const Module = require("node:module");
    const found = Object.entries(${JSON.stringify(Object.fromEntries(names(runtime).map((kind) => [kind, providerText(kind)])))})
      .map(([kind, text]) => {
        const loaded = new Module("", module);
        loaded.paths = module.paths;
        loaded._compile(text, "");
        return [kind, Object.keys(loaded.exports.handler())];
      });
    process.stdout.write(JSON.stringify(Object.fromEntries(found)));`;
  const { stdout } = await installed.run(program);
  const handlers = runtime as unknown as Record<string, object>;
  expect(JSON.parse(stdout)).toEqual(
    Object.fromEntries(names(runtime).map((kind) => [kind, Object.keys(handlers[kind] ?? {})])),
  );
});

test("the stack's configuration reaches our code through the provider process of the SDK", async () => {
  const config = { "lvs:hosts": '{"web1":{"host":"192.0.2.1"}}' };
  const check = (host: string) => checkedByProcess(installed, "DrKernelTuning", { host }, config);
  expect(await check("web1")).toEqual([]);
  expect(await check("web9")).toEqual([
    'no host is named "web9" in lvs:hosts of the stack\'s configuration; it has web1',
  ]);
});

test("a provider that is killed has kept its compiled code, for who asks Node for that", async () => {
  const cache = await mkdtemp(join(tmpdir(), "pulumi-lvs-compiled-"));
  // By somebody else: what kills itself, Node lets write first.
  const program = `
    require("pulumi-lvs/runtime");
    setTimeout(() => require("node:child_process").execSync("kill -KILL " + process.pid), 2000);`;
  try {
    await expect(installed.run(program, [], { NODE_COMPILE_CACHE: cache })).rejects.toMatchObject({
      signal: "SIGKILL",
    });
    const kept = await readdir(cache, { recursive: true, withFileTypes: true });
    expect(kept.filter((entry) => entry.isFile()).length).toBeGreaterThan(2);
  } finally {
    await rm(cache, { recursive: true });
  }
});

test.each([
  ["20.20.2", false],
  ["22.17.1", false],
  ["22.18.0", true],
  ["24.0.0", true],
])("on Node %s it is loaded, or says in one sentence which Node it needs: %s", async (version, isLoaded) => {
  const program = `
    Object.defineProperty(process.versions, "node", { value: ${JSON.stringify(version)} });
    const said = ["pulumi-lvs", "pulumi-lvs/runtime"].map((name) => {
      try {
        return Object.keys(require(name)).length > 0;
      } catch (error) {
        return error.message;
      }
    });
    process.stdout.write(JSON.stringify(said));`;
  const sentence = `pulumi-lvs needs Node 22.18 or newer. This is Node ${version}: `;
  const said = JSON.parse((await installed.run(program)).stdout) as unknown[];
  expect(said).toEqual([1, 2].map(() => (isLoaded ? true : (expect.stringContaining(sentence) as string))));
});

test("a program that declares resources does not load the SSH client", async () => {
  const program = `
    require("pulumi-lvs");
    const loaded = Object.keys(require.cache).filter((path) => /[/]ssh2(?:[/]|[.]js$)/.test(path));
    process.stdout.write(JSON.stringify(loaded));`;
  expect(JSON.parse((await installed.run(program)).stdout)).toEqual([]);
});

test("a program loads the schemas of components with its first component, and refuses what no child could use", async () => {
  const program = `
    const { DrCluster } = require("pulumi-lvs");
    const loaded = () => Object.keys(require.cache).filter((path) => path.endsWith("/dist/schemas.js")).length;
    const before = loaded();
    try { new DrCluster("web", { ports: "80" }) } catch ({ message }) {
      process.stdout.write(JSON.stringify({ before, after: loaded(), message }));
    }`;
  expect(JSON.parse((await installed.run(program)).stdout)).toEqual({
    before: 0,
    after: 1,
    message: expect.stringContaining('DrCluster web: ports: must be a list: ports: [80], not "80"'),
  });
});

test("the provider loads what every operation needs, and the SSH client and the reader of YAML when there is something for them", async () => {
  const { private: privateKey, public: hostKey } = newKey();
  const program = `
    const loaded = () => {
      const names = Object.keys(require.cache).map((path) => path.split("/node_modules/").at(-1).split("/")[0]);
      return [...new Set(names)].sort();
    };
    const { VipAlias } = require("pulumi-lvs/runtime");
    const atStart = loaded();
    const host = { host: "192.0.2.1", user: "root" };
    VipAlias.check({}, { host, role: "realServer", address: "192.0.2.5", boot: false }).then(async ({ inputs, failures }) => {
      const checked = loaded();
      const there = { host: "127.0.0.1", user: "root", port: 1, dialErrorLimit: 1, ...${JSON.stringify({ privateKey, hostKey })} };
      const error = await VipAlias.create({ ...inputs, host: there }).catch((error) => error);
      process.stdout.write(JSON.stringify({ atStart, failures, checked, hasSsh: Object.keys(require.cache).some((path) => path.endsWith(${JSON.stringify(`/${SSH}`)})), error: String(error) }));
    });`;
  expect(JSON.parse((await installed.run(program)).stdout)).toEqual({
    atStart: ["ipaddr.js", "pulumi-lvs"],
    failures: [],
    checked: ["ipaddr.js", "pulumi-lvs"],
    hasSsh: true,
    error: expect.stringContaining("no connection"),
  });
});

test("the SSH client is inside, with the licences of all that it consists of, and asks for no compiler and no install script", async () => {
  const text = await read(SSH);
  const names = [...text.matchAll(/^\/\*! Has (\S+):$/gm)].map(([, name]) => name);
  expect(names).toEqual(["asn1", "bcrypt-pbkdf", "safer-buffer", "ssh2", "tweetnacl"]);
  expect(
    text.match(/Permission is hereby granted|Redistribution and use|This is free and unencumbered/g)?.length,
  ).toBeGreaterThanOrEqual(5);
  // What it loads is Node's own.
  const asked = [...text.matchAll(/\brequire\d*\("([^"]+)"\)/g)].map(([, name = ""]) => name);
  expect(asked.filter((name) => !isBuiltin(name))).toEqual([]);
  const { private: key } = keyPair("a phrase");
  const program = `
    const { Client, utils } = require(${JSON.stringify(join(installed.folder, SSH))});
    const read = utils.parseKey(${JSON.stringify(key)}, "a phrase");
    process.stdout.write(JSON.stringify([typeof Client, read.type]));`;
  expect(JSON.parse((await installed.run(program)).stdout)).toEqual(["function", "ssh-ed25519"]);
  const { dependencies } = JSON.parse(await read("package.json")) as { dependencies: Record<string, string> };
  for (const name of Object.keys(dependencies)) {
    const { scripts = {} } = readJson(join(repository, "node_modules", name, "package.json")) as { scripts?: object };
    expect([name, Object.keys(scripts).filter((script) => /^(?:pre|post)?install$/.test(script))]).toEqual([name, []]);
  }
});

test("the code has no character that would make it twice as large in Node's memory", async () => {
  const code = await Promise.all(installed.files.filter((file) => file.endsWith(".js")).map(read));
  for (const text of code) expect(/[^\0-\xff]/.exec(text)).toBeNull();
});

test("of zod there is what our schemas use, with its licence, and no message in another language", async () => {
  const withZod = installed.files.filter((file) => file.endsWith(".js")).map(read);
  const texts = (await Promise.all(withZod)).filter((text) => text.includes("ZodObject"));
  expect(texts).not.toEqual([]);
  for (const text of texts) {
    expect(text).toMatch(/^\/\*! Has parts of zod:\n\nMIT License/);
    expect(text).not.toMatch(/Eingabe|entrada|saisie/);
  }
});

test("what is not exported cannot be reached, so it can be renamed", async () => {
  const program = `try { require("pulumi-lvs/dist/step.js") } catch (error) { process.stdout.write(error.code) }`;
  expect((await installed.run(program)).stdout).toBe("ERR_PACKAGE_PATH_NOT_EXPORTED");
});
