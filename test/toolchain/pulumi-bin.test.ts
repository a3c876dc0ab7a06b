import { access, chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { npmBin } from "../../tools/toolchain/paths.mjs";
import {
  CLI,
  findPulumi,
  installedBin,
  PROGRAMS,
  pulumiBin,
  pulumiEnvironment,
} from "../../tools/toolchain/pulumi-bin.mjs";

const environment = process.env;
let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "pulumi-lvs-bin-"));
  process.env = { PATH: join(root, "machine"), PULUMI_LVS_CACHE: join(root, "cache"), PULUMI_ACCESS_TOKEN: "secret" };
});

afterEach(async () => {
  process.env = environment;
  await rm(root, { recursive: true, force: true });
});

async function putPulumi(bin: string, version: string, programs: readonly string[] = PROGRAMS): Promise<string> {
  await mkdir(bin, { recursive: true });
  for (const name of programs) {
    await writeFile(join(bin, name), `#!/bin/sh\necho ${version}\n`);
    await chmod(join(bin, name), 0o755);
  }
  return bin;
}

test("the machine's own CLI is used where it is recent", async () => {
  const machine = await putPulumi(join(root, "machine"), "v3.200.0");
  await putPulumi(installedBin(), CLI.version);
  expect(findPulumi()).toBe(machine);
});

test.each([
  { name: "too old", version: "v3.199.0", programs: PROGRAMS },
  { name: "of another age", version: "v2.300.0", programs: PROGRAMS },
  { name: "without its language host", version: "v3.259.0", programs: ["pulumi"] },
])("a CLI that is $name is passed over for the one that the toolchain installed", async ({ version, programs }) => {
  await putPulumi(join(root, "machine"), version, programs);
  expect(findPulumi()).toBeUndefined();
  const installed = await putPulumi(installedBin(), CLI.version);
  expect(findPulumi()).toBe(installed);
});

test("the one that the toolchain installed is not run to know its version", async () => {
  const said = join(root, "said");
  const installed = await putPulumi(installedBin(), `${CLI.version} > ${said}`);
  expect(findPulumi()).toBe(installed);
  await expect(access(said)).rejects.toMatchObject({ code: "ENOENT" });
});

test("the version of the CLI is that of its go.mod, and names its folder", () => {
  expect(CLI.version).toMatch(/^v3\.\d+\.\d+$/);
  expect(installedBin()).toContain(`pulumi-${CLI.version}-`);
  expect(installedBin().startsWith(join(root, "cache"))).toBe(true);
});

test("a stack in a folder knows nothing of the user's Pulumi, and runs on the repository's Node", async () => {
  await putPulumi(join(root, "machine"), "v3.259.0");
  const env = pulumiEnvironment("/stacks");
  expect(env["PATH"]?.split(delimiter)).toEqual([pulumiBin(), npmBin, join(root, "machine")]);
  expect(env["PULUMI_ACCESS_TOKEN"]).toBeUndefined();
  expect(env).toMatchObject({
    PULUMI_HOME: "/stacks/home",
    PULUMI_BACKEND_URL: "file:///stacks",
    PULUMI_LVS_CACHE: join(root, "cache"),
  });
});
