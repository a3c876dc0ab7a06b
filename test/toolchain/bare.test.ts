import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { copyNetworkConfig, networkEnvironment } from "../../tools/toolchain/bare/machine-config.mjs";
import { repository } from "../../tools/toolchain/paths.mjs";

const environment = process.env;
let tree: string;

beforeEach(async () => {
  tree = await mkdtemp(join(tmpdir(), "pulumi-lvs-bare-"));
});

afterEach(async () => {
  process.env = environment;
  await rm(tree, { recursive: true, force: true });
});

test("a tree gets what leads to registries, and nothing else of this machine's environment", () => {
  process.env = {
    PATH: "/bin",
    HOME: "/root",
    HTTPS_PROXY: "http://proxy:3128",
    GOPROXY: "http://go",
    npm_config_cafile: "/x",
  };
  expect(networkEnvironment()).toEqual({ HTTPS_PROXY: "http://proxy:3128", GOPROXY: "http://go" });
});

test("a certificate that a variable names is in the tree at the same place", async () => {
  const certificate = join(repository, "package.json");
  process.env = { PATH: environment["PATH"], HOME: environment["HOME"], NODE_EXTRA_CA_CERTS: certificate };
  await copyNetworkConfig(tree, "/root");
  expect(await readFile(join(tree, certificate), "utf8")).toBe(await readFile(certificate, "utf8"));
  expect((await stat(join(tree, "etc", "resolv.conf"))).isFile()).toBe(true);
});
