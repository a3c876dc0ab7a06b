import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../tools/toolchain/command.mjs";
import { goOfRelease } from "../../tools/toolchain/go.mjs";

const environment = process.env;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "pulumi-lvs-go-"));
  await mkdir(join(folder, "cache"));
  process.env = { PATH: environment["PATH"], PULUMI_LVS_CACHE: join(folder, "cache") };
  jest.spyOn(console, "log").mockImplementation(() => undefined);
});

afterEach(async () => {
  process.env = environment;
  await rm(folder, { recursive: true, force: true });
});

/** A go command that says its release and can download what is, as in a module, no program yet. */
async function putGo(release: string): Promise<string> {
  const path = join(folder, "go");
  const script = `#!/bin/sh
[ "$1" = version ] && echo "go version go${release} linux/amd64" && exit
[ "$1 $2" = "mod download" ] || exit 2
toolchain=$(sed -n 's/^require golang.org.toolchain //p' go.mod)
place="$GOMODCACHE/golang.org/toolchain@$toolchain"
mkdir -p "$place/bin" "$place/pkg/tool/linux_amd64" "$place/src"
printf '#!/bin/sh\\necho new\\n' > "$place/bin/go"
echo compiler > "$place/pkg/tool/linux_amd64/compile"
echo "module std" > "$place/src/_go.mod"
`;
  await writeFile(path, script);
  await chmod(path, 0o755);
  return path;
}

test("a Go that is new enough builds as it is", async () => {
  const go = await putGo("1.26.8");
  expect(await goOfRelease(go, "1.26")).toEqual({ go, env: {} });
});

test("since 1.21 an older one gets the pinned toolchain by itself", async () => {
  const go = await putGo("1.24.4");
  const { go: same, env } = await goOfRelease(go, "1.26");
  expect(same).toBe(go);
  expect(env["GOTOOLCHAIN"]).toMatch(/^go1\.\d+\.\d+$/);
});

test("before 1.21 the toolchain is downloaded as a module and made to run, once", async () => {
  const old = await putGo("1.19.8");
  const { go, env } = await goOfRelease(old, "1.26");
  expect(env).toEqual({ GOTOOLCHAIN: "local" });
  expect(await run([go])).toEqual({ code: 0, output: "new\n" });
  expect(await readFile(join(go, "..", "..", "src", "go.mod"), "utf8")).toBe("module std\n");
  await writeFile(old, '#!/bin/sh\n[ "$1" = version ] && echo "go version go1.19.8 linux/amd64"\n');
  expect((await goOfRelease(old, "1.26")).go).toBe(go);
});

test("a download that fails shows the command and what it printed", async () => {
  const go = await putGo("1.19.8");
  await writeFile(
    go,
    '#!/bin/sh\n[ "$1" = version ] && echo "go version go1.19.8" && exit\necho "checksum mismatch"\nexit 1\n',
  );
  await expect(goOfRelease(go, "1.26")).rejects.toThrow(
    /mod download -modcacherw golang.org\/toolchain\nchecksum mismatch/,
  );
});
