import { execFileSync } from "node:child_process";
import { mkdirSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readHostsFile } from "../../../provider/host/ssh/hosts-file";
import { scratchFolder } from "../scratch";

/** A project whose program is below it, and a file beside the project. */
function project(file = "Pulumi.yaml") {
  const folder = scratchFolder();
  const cwd = join(folder, "infra", "program", "deep");
  mkdirSync(cwd, { recursive: true });
  writeFileSync(join(folder, "infra", file), "name: infra\n");
  const hosts = join(folder, "hosts.yaml");
  writeFileSync(hosts, "web1: { host: 192.0.2.1 }\n");
  return { folder, cwd, hosts };
}

const by = "lvs:hostsFile";

test.each(["Pulumi.yaml", "Pulumi.yml", "Pulumi.json"])("a relative path starts at the folder of %s", (name) => {
  const { cwd, hosts } = project(name);
  const found = { path: hosts, text: "web1: { host: 192.0.2.1 }\n" };
  expect(readHostsFile("../hosts.yaml", { cwd, env: {} })).toEqual({ ...found, by });
  expect(readHostsFile(undefined, { cwd, env: { LVS_HOSTS_FILE: "../hosts.yaml" } })).toEqual({
    ...found,
    by: "LVS_HOSTS_FILE",
  });
});

test("where no project is, it starts at the folder of the process", () => {
  const { folder, hosts } = project();
  expect(readHostsFile("hosts.yaml", { cwd: folder, env: {} })?.path).toBe(hosts);
});

test("the variable goes before the configuration, and counts only where it is not empty", () => {
  const { cwd, hosts } = project();
  expect(readHostsFile("gone", { cwd, env: { LVS_HOSTS_FILE: hosts } })?.path).toBe(hosts);
  expect(readHostsFile(hosts, { cwd, env: { LVS_HOSTS_FILE: "" } })?.path).toBe(hosts);
  expect(readHostsFile(undefined, { cwd, env: { LVS_HOSTS_FILE: "" } })).toBeUndefined();
  expect(readHostsFile(undefined, { cwd, env: {} })).toBeUndefined();
});

test("what is not there is an error with what names it, its whole path and the reason", () => {
  const { folder, cwd } = project();
  const gone = join(folder, "gone.yaml");
  expect(() => readHostsFile(gone, { cwd, env: {} })).toThrow(
    new Error(`lvs:hostsFile: cannot read ${gone}: ENOENT: no such file or directory`),
  );
  expect(() => readHostsFile(undefined, { cwd, env: { LVS_HOSTS_FILE: "../gone.yaml" } })).toThrow(
    new Error(
      `LVS_HOSTS_FILE: cannot read ${gone}: ENOENT: no such file or directory; a relative path starts at the folder of Pulumi.yaml`,
    ),
  );
});

test("a folder, a FIFO that nobody writes to and a file too large are refused at once", () => {
  const { folder, cwd, hosts } = project();
  const fifo = join(folder, "fifo");
  execFileSync("mkfifo", [fifo]);
  for (const path of [folder, fifo])
    expect(() => readHostsFile(path, { cwd, env: {} })).toThrow(`lvs:hostsFile: cannot read ${path}: it is not a file`);
  truncateSync(hosts, 4 * 2 ** 20 + 1);
  expect(() => readHostsFile(hosts, { cwd, env: {} })).toThrow("it has more than 4 MiB");
});

test("what is not UTF-8 is refused, because other names and users would come of it", () => {
  const { cwd, hosts } = project();
  for (const bytes of [
    Buffer.from("\uFEFFweb1: { host: a }", "utf16le"),
    Buffer.from("m\u00fcller: { host: a }", "latin1"),
  ]) {
    writeFileSync(hosts, bytes);
    expect(() => readHostsFile(hosts, { cwd, env: {} })).toThrow(`cannot read ${hosts}: it is not text in UTF-8`);
  }
});

test("a key that stands in the place of a path is not shown", () => {
  const { cwd } = project();
  const key = `b3BlbnNzaC1rZXk${"x".repeat(300)}`;
  expect(() => readHostsFile(key, { cwd, env: {} })).toThrow("(not shown: it could be a secret)");
});
