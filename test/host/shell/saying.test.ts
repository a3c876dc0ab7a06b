import { type Say, saying } from "../../../provider/host/saying";
import { applyScript } from "../../../provider/host/session/apply-script";
import { batchedCommand } from "../../../provider/host/session/batched-command";
import { observeScript } from "../../../provider/host/shell/script";
import { openShell, type Shell } from "../../../provider/host/shell/shell";
import { connect } from "../../../provider/host/ssh/connect";
import { type CommandStep, run } from "../../../provider/step";
import { type SshServer, startServer } from "../ssh-server";

let server: SshServer;
let shell: Shell;

beforeAll(async () => {
  server = await startServer();
  const connection = server.connection({ name: "web1" });
  shell = await openShell(await connect(connection), connection);
});

afterAll(async () => {
  shell.close();
  await server.close();
});

/** All that is said while a script runs. */
async function linesOf(script: Parameters<Shell["run"]>[0]): Promise<readonly (string | undefined)[]> {
  const lines: (string | undefined)[] = [];
  const say: Say = (line) => lines.push(line);
  await saying(say, () => shell.run(script));
  return lines;
}

test("what is waited for is the lock, then each command by its words, and no text of a shell's", async () => {
  const steps: readonly CommandStep[] = [
    run("sleep", "0.1"),
    { command: { sh: "sleep 0.1", doing: "apt-get install nginx" } },
    { command: { run: ["sleep", "0.1"], summary: "look at /etc/secret" } },
  ];
  const commands = steps.map((step, job) => batchedCommand([{ job, step }]));
  const lock = { path: `${server.dir}/lock`, patience: 1 };
  const lines = await linesOf(applyScript(commands, [{ sh: "sleep 0.1" }], lock, { writer: "w", after: undefined }));
  expect(lines).toEqual([
    "waiting for the lock that another run of ours has",
    "waiting for: sleep 0.1",
    "apt-get install nginx",
    "waiting for an answer",
    "waiting until all is on its disk",
    "waiting for an answer",
    undefined,
    undefined,
  ]);
});

test("a command that waits says what for, in plain words alone", async () => {
  const text = `printf 'waiting for the package lock, which another program holds\\n' >&2; sleep 0.2
    printf 'waiting for \\033[2J\\n' >&2; sleep 0.2; echo "all of waiting for it" >&2`;
  expect(await linesOf(observeScript([{ sh: text, doing: "apt-get install nginx" }]))).toEqual([
    "apt-get install nginx",
    "apt-get install nginx: waiting for the package lock, which another program holds",
    undefined,
    undefined,
  ]);
});
