import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileLines } from "../../../provider/facts/files/lines";
import { readRules } from "../../../provider/facts/ipvs/names";
import { networkConfig } from "../../../provider/facts/network/managers";
import { readFile } from "../../../provider/file-step";
import { observeScript } from "../../../provider/host/shell/script";
import { openShell } from "../../../provider/host/shell/shell";
import { connect } from "../../../provider/host/ssh/connect";
import { exportTable } from "../../../provider/kinds/nfs-export/facts";
import { linkedMountPoints } from "../../../provider/kinds/nfs-mount/facts";
import { routing } from "../../../provider/kinds/return-route/facts";
import type { Command } from "../../../provider/step";
import { startServer } from "../ssh-server";

/** A folder with what may stand in the place of a file. */
function places() {
  const dir = mkdtempSync(join(tmpdir(), "lvs-places-"));
  const at = (name: string) => join(dir, name);
  execFileSync("mkfifo", [at("pipe")]);
  symlinkSync("/dev/zero", at("endless"));
  symlinkSync("/dev/null", at("masked"));
  writeFileSync(at("huge"), "");
  truncateSync(at("huge"), 2 ** 34);
  return { folder: dir, pipe: at("pipe"), endless: at("endless"), masked: at("masked"), huge: at("huge") };
}

const HERE = places();

/** The answer to a command that reads another file than on a host. */
function answer(command: Command, file: string, path: string) {
  if (!("sh" in command)) throw new Error("no shell text");
  const text = command.sh.replaceAll(file, path);
  const { status, stderr, signal } = spawnSync("sh", ["-c", text, "sh", ...(command.args ?? [])], {
    timeout: 20_000,
    encoding: "utf8",
    maxBuffer: 2 ** 26,
  });
  return { status, stderr, signal };
}

const WAYS: readonly (readonly [string, (path: string) => ReturnType<typeof answer>])[] = [
  ["a whole file", (path) => answer(readFile(path), "-", "-")],
  ["rules", (path) => answer(readRules(path), "-", "-")],
  ["exports", (path) => answer(exportTable.command, "/var/lib/nfs/etab", path)],
];

describe.each(WAYS)("%s", (_name, ask) => {
  test.each([
    ["pipe", "is a pipe, and whoever reads it would wait for ever: look who made it, and remove it"],
    ["endless", "is a device or a socket, and should be a file"],
    ["folder", "is a folder, and should be a file"],
  ] as const)("in whose place is a %s is refused at once, with its path", (name, words) => {
    const { status, stderr, signal } = ask(HERE[name]);
    expect({ signal, refused: status !== 0 }).toEqual({ signal: null, refused: true });
    expect(stderr).toContain(`${HERE[name]} ${words}`);
  });

  test("that is masked is empty", () => {
    expect(ask(HERE.masked)).toEqual({ status: 0, stderr: "", signal: null });
  });
});

test.each([
  ["fstab", linkedMountPoints.command, "/etc/fstab"],
  ["tables of routes", routing("ipv4").command, "/etc/iproute2/rt_tables"],
  ["files of network managers", networkConfig([], []).command, "/run/systemd/netif/links/$index"],
])("%s in whose place is a pipe are passed over", (_name, command, file) => {
  expect(answer(command, file, HERE.pipe).signal).toBeNull();
});

test.each([
  ["lines of files", (path: string) => fileLines(path).command],
  ["files of network managers", (path: string) => networkConfig([], [path]).command],
])("%s: one that is too long fails with its path, a device has no text", (_name, commandFor) => {
  const long = `${HERE.folder}/long`;
  writeFileSync(long, "line\n".repeat(3_000_000));
  const { status, stderr } = answer(commandFor(long), "-", "-");
  expect([status, stderr]).toEqual([1, `${long} is too long to be read: look what is in it\n`]);
  for (const path of [HERE.endless, HERE.pipe, HERE.folder, HERE.masked])
    expect(answer(commandFor(path), "-", "-")).toEqual({ status: 0, stderr: "", signal: null });
});

test("a huge file fails the one who reads it, with its path, and nobody else", async () => {
  const server = await startServer();
  const connection = server.connection({ name: "web1", perDialTimeout: 20 });
  const link = await connect(connection);
  const shell = await openShell(link, connection);
  const lines = { sh: "yes '' | head -c 15000000" };
  const commands = [readFile(HERE.huge), { run: ["echo", "fine"] }, lines] as const;
  const before = process.memoryUsage().rss;
  const results = await shell.run(observeScript([...commands, { run: ["echo", "last"] }]));
  expect((process.memoryUsage().rss - before) >> 20).toBeLessThan(150);
  expect(results.map((result) => [result?.code, result?.stdout, result?.stderr.slice(0, 35)])).toEqual([
    [1, "", "this printed more than 16 MiB, or t"],
    [0, "fine\n", ""],
    [1, "", "this printed more than 250000 lines"],
    [0, "last\n", ""],
  ]);
  expect(observeScript(commands).summaries[0]).toContain(HERE.huge);
  link.close();
  await server.close();
}, 60_000);
