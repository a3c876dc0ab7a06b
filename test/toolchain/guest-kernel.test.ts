import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fetchGuestKernel, guestKernelFolder } from "../../tools/toolchain/guest-kernel.mjs";

const LOADER = "/lib64/ld-linux-x86-64.so.2\0";
/** What it says of its version, and when it has booted and its init has ended. */
const BOOTS = `[ $# = 1 ] && echo 7.2.7 || echo "Attempted to kill init! exitcode=0x00000000"`;
const usual = { ...process.env };
let folder: string;
let said: string[];

/** A program of this machine, as a shell script. */
function program(name: string, script: string): void {
  const path = join(folder, "bin", name);
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "guest-kernel-"));
  for (const name of ["bin", "usr/bin", "usr/lib/uml/modules/7.2.7", "usr/lib/x86_64-linux-gnu"])
    mkdirSync(join(folder, name), { recursive: true });
  process.env["PATH"] = `${join(folder, "bin")}:${usual["PATH"]}`;
  process.env["PULUMI_LVS_CACHE"] = join(folder, "cache");
  delete process.env["PULUMI_LVS_KERNEL"];
  said = [];
  jest.spyOn(console, "log").mockImplementation((line: string) => said.push(line));
  program("linux.uml", "echo 6.1.176");
  program("dpkg-deb", `cp -r '${folder}/usr' "$3"`);
  program(
    "apt-get",
    `echo "$*" >> '${folder}/asked'
case "$*" in
  indextargets*) echo "Debian main bookworm-security http://security.example/debian"; echo "Debian main bookworm http://archive.example/debian" ;;
  *update) cat "$(echo "$*" | grep -o '/[^ ]*/sources.list')" > '${folder}/sources' ;;
  *) : > kernel.deb ;;
esac`,
  );
  // As the real one: it has the path of its loader in it, and runs on the C library beside it.
  writeFileSync(join(folder, "usr/bin/linux.uml"), `#!/bin/sh\n${BOOTS}\nexit\n${LOADER}rest`);
  for (const name of ["libc.so.6", "ld-linux-x86-64.so.2"])
    copyFileSync(join("/lib/x86_64-linux-gnu", name), join(folder, "usr/lib/x86_64-linux-gnu", name));
});

afterEach(() => {
  process.env["PATH"] = usual["PATH"] ?? "";
  if (usual["PULUMI_LVS_CACHE"] === undefined) delete process.env["PULUMI_LVS_CACHE"];
  else process.env["PULUMI_LVS_CACHE"] = usual["PULUMI_LVS_CACHE"];
  if (usual["PULUMI_LVS_KERNEL"] === undefined) delete process.env["PULUMI_LVS_KERNEL"];
  else process.env["PULUMI_LVS_KERNEL"] = usual["PULUMI_LVS_KERNEL"];
  rmSync(folder, { recursive: true });
});

const asked = () => (existsSync(join(folder, "asked")) ? readFileSync(join(folder, "asked"), "utf8") : "");

test("the kernel of a later Debian comes from the machine's own archive, is unpacked into our cache, and finds its loader there", async () => {
  await fetchGuestKernel();
  expect(said).toEqual([expect.stringMatching(/^guests' kernel: of Debian forky, /)]);
  expect(readFileSync(join(folder, "sources"), "utf8")).toMatch(/ http:\/\/archive\.example\/debian forky main\n$/);
  expect(asked()).not.toMatch(/\binstall\b/);
  const kernel = readFileSync(join(guestKernelFolder(), "linux.uml"), "latin1");
  expect(kernel).toContain("./ld-linux-x86-64.so.2\0\0\0\0\0\0rest");
  expect(readdirSync(join(guestKernelFolder(), "modules"))).toEqual(["7.2.7"]);
  expect(readdirSync(join(folder, "cache"))).toEqual(["guest-kernel-forky"]);

  writeFileSync(join(folder, "asked"), "");
  await fetchGuestKernel();
  expect(asked()).toBe("");
});

test("where the machine's own is wanted, nothing is fetched", async () => {
  process.env["PULUMI_LVS_KERNEL"] = "machine";
  await fetchGuestKernel();
  expect(asked()).toBe("");
});

test("a machine whose own kernel is as late needs none", async () => {
  program("linux.uml", "echo 6.16.1");
  await fetchGuestKernel();
  expect(asked()).toBe("");
  expect(existsSync(guestKernelFolder())).toBe(false);
});

test.each([
  ["another distribution's archive", ["apt-get", "exit 0"], "this machine has no packages from Debian's archive"],
  ["a package that cannot be unpacked", ["dpkg-deb", "echo broken; exit 2"], "broken"],
  ["a kernel that does not run here", ["linux.uml", "exit 1"], "it does not run here"],
  [
    "a kernel on which no program runs",
    ["linux.uml", '[ $# = 1 ] && echo 7.2.7 || echo "exitcode=0x0000000b"'],
    "no program runs on it here: exitcode=0x0000000b",
  ],
] as const)("with %s the lab has the machine's own, and the reason is told", async (_, [name, script], reason) => {
  if (name === "linux.uml") writeFileSync(join(folder, "usr/bin/linux.uml"), `#!/bin/sh\n${script}\nexit\n${LOADER}`);
  else program(name, script);
  await fetchGuestKernel();
  expect(said.join()).toMatch(/^guests' kernel: this machine's own, which is slower: /);
  expect(said.join()).toContain(reason);
  expect(readdirSync(join(folder, "cache"))).toEqual([]);
});
