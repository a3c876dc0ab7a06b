import { existsSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { observeScript } from "../../../provider/host/shell/script";
import { openShell, type Shell } from "../../../provider/host/shell/shell";
import { connect } from "../../../provider/host/ssh/connect";
import type { ConnectionInput } from "../../../provider/model/connection";
import type { Command } from "../../../provider/step";
import { type SshServer, startServer } from "../ssh-server";
import { until } from "../until";

let server: SshServer;
const open: Shell[] = [];

beforeEach(async () => {
  server = await startServer();
});

afterEach(async () => {
  for (const shell of open.splice(0)) shell.close();
  await server.close();
});

async function shellFor(changes: Partial<ConnectionInput> = {}): Promise<Shell> {
  const connection = server.connection({ name: "web1", ...changes });
  const link = await connect(connection);
  try {
    const shell = await openShell(link, connection);
    open.push(shell);
    return shell;
  } catch (error) {
    link.close();
    throw error;
  }
}

const sh = (text: string, ...args: string[]): Command => ({ sh: text, args });

describe("a shell", () => {
  test("says who we are and where we came in, and has a known environment", async () => {
    const shell = await shellFor();
    expect(shell.info).toMatchObject({ uid: process.getuid?.(), reachedAt: { address: "127.0.0.1", port: 22 } });
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    expect(shell.info.machine).toEqual({
      id: existsSync("/etc/machine-id") ? readFileSync("/etc/machine-id", "utf8").trim() : "",
      running: `${boot} ${readlinkSync("/proc/self/ns/net")}`,
      hostKey: expect.stringMatching(/^SHA256:/),
    });
    const [result] = await shell.run(observeScript([sh('echo "$PATH" "$LC_ALL"; pwd; umask')]));
    expect(result?.stdout).toMatch(/^\/usr\/sbin:\/sbin:\/usr\/bin:\/bin:\S+ C\n\/\n0022\n$/);
  });

  test("answers one script after the other, however much they say", async () => {
    const shell = await shellFor();
    const big = await shell.run(
      observeScript([sh("head -c 1000000 /dev/zero | tr '\\0' x; echo done >&2"), sh("cat")]),
    );
    expect(big.map((result) => [result?.code, result?.stdout.length, result?.stderr])).toEqual([
      [0, 1_000_000, "done\n"],
      [0, 0, ""],
    ]);
    const text = "line\n".repeat(100_000);
    const [back] = await shell.run(observeScript([{ run: ["cat"], stdin: text }]));
    expect(back?.stdout === text).toBe(true);
  });

  test("waits longer for a command that says it needs to, and for that one alone", async () => {
    const shell = await shellFor({ deadline: 2 });
    const slow = { sh: "sleep 3; echo installed", patience: 10 };
    const [, result] = await shell.run(observeScript([{ run: ["true"] }, slow]));
    expect(result?.stdout).toBe("installed\n");
    await expect(shell.run(observeScript([slow, sh("sleep 6")]))).rejects.toThrow("a command did not end within 2 s");
  });

  test("is closed when a command takes longer than the deadline, and says which", async () => {
    const shell = await shellFor({ deadline: 2 });
    await expect(shell.run(observeScript([{ run: ["true"] }, sh("echo so far; sleep 6")]))).rejects.toThrow(
      [
        "web1: a command did not end within 2 s (deadline), and the connection was closed",
        "  $ sh -c 'echo so far; sleep 6' sh",
        "  so far",
        "It may still be running there: the next run observes the host again.",
      ].join("\n"),
    );
    expect(shell.isOpen()).toBe(false);
  });

  test("says neither the text nor the words of a command that may have a secret", async () => {
    const shell = await shellFor({ deadline: 2 });
    const secret = { ...sh("echo hunter2; sleep 6"), stdin: "hunter3", summary: "look at /etc/secret" };
    const error = await shell.run(observeScript([{ run: ["true"] }, secret])).then(() => "none", String);
    expect(error).toContain("  $ look at /etc/secret\nIt may still be running there");
    expect(error).not.toMatch(/hunter/);
  });

  test("has a deadline for each command, not for all of them together", async () => {
    const shell = await shellFor({ deadline: 3 });
    const nap = { run: ["sleep", "1.1"] } as const;
    const results = await shell.run(observeScript([nap, nap, nap]));
    expect(results.map((result) => result?.code)).toEqual([0, 0, 0]);
  });

  test("finishes what it began when the connection is cut, and says that the outcome is unknown", async () => {
    const shell = await shellFor();
    const [begun, path] = [join(server.dir, "begun"), join(server.dir, "finished")];
    // Its words have time to arrive.
    const slow = sh('echo begun; sleep 0.5; : >"$1"; sleep 1', begun);
    const running = shell.run(observeScript([slow, sh('echo yes >"$1"', path)]));
    const outcome = expect(running).rejects.toThrow(
      /^web1: the connection was lost while a command was running: [^\n]+\n {2}\$ sh -c 'echo begun;[^\n]+\n {2}begun\nWhether the host completed it is unknown: the next run observes the host again\.$/,
    );
    await until("the command begins", () => existsSync(begun));
    server.cut();
    await outcome;
    await until("the script ends", () => existsSync(path) && readFileSync(path, "utf8") === "yes\n");
    await expect(shell.run(observeScript([{ run: ["true"] }]))).rejects.toThrow("the connection was lost");
  });

  test("says for how long the host said nothing", async () => {
    const connection = server.connection({ name: "web1" });
    const link = await connect(connection);
    const shell = await openShell(link, connection);
    const running = expect(shell.run(observeScript([sh("sleep 1")]))).rejects.toThrow(
      "web1: the connection was lost while a command was running: the host said nothing for 40 s\n  $ sh -c 'sleep 1' sh\n",
    );
    // As ssh2 says it when nothing has answered its questions.
    link.client.emit("error", Object.assign(new Error("Keepalive timeout"), { level: "client-timeout" }));
    await running;
    link.close();
  });

  test("is not to be had through a login shell that keeps standard error to itself", async () => {
    const quiet = await startServer({ loginShell: ["sh", "-c", 'exec 2>/dev/null; eval "$0"'] });
    const connection = quiet.connection({ name: "web1", perDialTimeout: 1 });
    const link = await connect(connection);
    await expect(openShell(link, connection)).rejects.toThrow(
      "no shell within 1 s (perDialTimeout), only its standard output",
    );
    link.close();
    await quiet.close();
  });

  test("that ends with its greeting is seen to have ended, whenever its end is heard", async () => {
    const short = await startServer({ loginShell: ["sh", "-c", 'exec </dev/null; eval "$0"'] });
    const connection = short.connection({ name: "web1", deadline: 20 });
    for (let times = 0; times < 10; times += 1) {
      const link = await connect(connection);
      const shell = await openShell(link, connection);
      const run = shell.run(observeScript([{ run: ["true"] }]));
      await expect(run).rejects.toThrow(/was lost while a command was running: the shell ended/);
      link.close();
    }
    await short.close();
  });

  test("is not waited for longer than a connection, where a host stops after the login", async () => {
    const stuck = await startServer({ stuck: "after the login" });
    const connection = stuck.connection({ name: "web1", perDialTimeout: 1 });
    const link = await connect(connection);
    await expect(openShell(link, connection)).rejects.toThrow("no shell on the host: no answer within 1 s");
    link.close();
    await stuck.close();
  });

  test("is not to be had from a host that starts none", async () => {
    const mute = await startServer({ mute: true });
    const connection = mute.connection({ name: "web1", perDialTimeout: 1 });
    const link = await connect(connection);
    await expect(openShell(link, connection)).rejects.toThrow("no shell within 1 s");
    link.close();
    await mute.close();
  });
});

describe("sudo", () => {
  // As sudo is: -u says who to be; -n never asks; -S asks on stderr with the prompt of -p, in which it resolves %, and reads one line of stdin, if it has to.
  const sudo = (needsPassword: boolean, wrapper = "", { whose = "ops", words = "%s" } = {}) => `
prompt= ask=
while :; do case $1 in -n) ask=no; shift;; -S) shift;; -p) prompt=$2; shift 2;; -u) [ "$2" = root ] || exit 1; shift 2;; --) shift; break;; esac; done
${needsPassword ? "" : `exec env SUDO_USER=yes ${wrapper} "$@"`}
[ -z "$ask" ] || { echo "sudo: a password is required" >&2; exit 1; }
for try in 1 2 3; do
  printf '${words}' "$(printf %s "$prompt" | sed 's/%%/\\n/g; s/%p/${whose}/g; s/\\n/%/g')" >&2; read -r word
  [ "$word" = "p w'1" ] && exec env SUDO_USER=yes "$@"
  echo "Sorry, try again." >&2
done
exit 1`;

  const asked = async (changes: Partial<ConnectionInput>) => {
    const shell = await shellFor({ sudo: true, user: "ops", ...changes });
    const results = await shell.run(observeScript([sh('echo "$SUDO_USER"'), sh("cat")]));
    return results.map((result) => result?.stdout);
  };

  test("that needs no password", async () => {
    server.fake("sudo", sudo(false));
    expect(await asked({})).toEqual(["yes\n", ""]);
  });

  test("that needs no password is not given one: it would be run as a command", async () => {
    server.fake("sudo", sudo(false, `sh -c 'tee "$SSH_DIR/stdin" | "$@"' sh`));
    expect(await asked({ sudoPassword: "p w'1" })).toEqual(["yes\n", ""]);
    const heard = readFileSync(join(server.dir, "stdin"), "utf8");
    expect(heard).toContain("SUDO");
    expect(heard).not.toContain("p w'1");
  });

  test("that needs a password", async () => {
    server.fake("sudo", sudo(true));
    expect(await asked({ sudoPassword: "p w'1" })).toEqual(["yes\n", ""]);
    expect(await asked({ password: "p w'1" })).toEqual(["yes\n", ""]);
  });

  test("that lectures, takes its time, and would ask in the language of the user", async () => {
    const words = "Hinweis: [sudo] Passwort für ops:\\n\\n%s";
    const slow = sudo(true, "", { words }).replace("  [ ", "  sleep 1; [ ");
    server.fake("sudo", `[ "$LC_ALL" = C ] && [ -z "\${LANGUAGE+set}" ] || exit 1; sleep 1\n${slow}`);
    Object.assign(process.env, { LANGUAGE: "de", LANG: "de_DE.UTF-8", LC_ALL: "de_DE.UTF-8" });
    const answers = await asked({ sudoPassword: "p w'1" });
    delete process.env["LANGUAGE"];
    delete process.env["LANG"];
    delete process.env["LC_ALL"];
    expect(answers).toEqual(["yes\n", ""]);
  });

  test("of Ubuntu 25.10, which puts our prompt into words of its own", async () => {
    server.fake("sudo", sudo(true, "", { words: "[sudo: %s] Password: " }));
    expect(await asked({ sudoPassword: "p w'1" })).toEqual(["yes\n", ""]);
  });

  const forged = `printf '%s' "$(printf %s "$3" | sed 's/%%/\\n/g; s/%p/ops/g; s/\\n/%/g')" >&2; sleep 1; shift 6; exec env SUDO_USER=yes "$@"`;

  test("that asks and does not read: no shell gets the password as a command", async () => {
    const made = join(server.dir, "made");
    server.fake("sudo", forged);
    expect(await asked({ sudoPassword: `:>${made}` })).toEqual(["yes\n", ""]);
    expect(existsSync(made)).toBe(false);
  });

  test("that asks for root's password is not given that of the login", async () => {
    server.fake("sudo", sudo(true, "", { whose: "root" }));
    expect(await asked({ sudoPassword: "p w'1" })).toEqual(["yes\n", ""]);
    await expect(shellFor({ sudo: true, user: "ops", password: "p w'1" })).rejects.toMatchObject({
      reason: "sudo asks for the password of root (Defaults rootpw, targetpw or runaspw in sudoers) (sudo as ops)",
      advice: [expect.stringContaining("Set sudoPassword to the password of root")],
    });
  });

  const tracing = `set -xv; trap 'printf "$BASH_COMMAND " >&2' DEBUG; PS4='$BASH_COMMAND '; `;
  test.each([
    ["bash, tracing", ["bash", "-c", `${tracing} eval "$0"`]],
    ["bash, that makes sh trace too", ["env", "SHELLOPTS=xtrace:verbose", "bash", "-c"]],
    ["dash, tracing", ["dash", "-xvc"]],
    [
      "a shell whose background job repeats our command",
      ["bash", "-c", '{ for n in 1 2 3 4 5 6; do echo "$0"; done >&2; } & wait; eval "$0"'],
    ],
  ] as const)(
    "through %s: only sudo is told the password, and commands have clean output",
    async (_name, loginShell) => {
      await server.close();
      server = await startServer({ loginShell });
      const password = ":>$SSH_DIR/made";
      server.fake("sudo", sudo(false, `sh -c 'tee "$SSH_DIR/stdin" | "$@"' sh`));
      expect(await asked({ sudoPassword: password })).toEqual(["yes\n", ""]);
      expect(readFileSync(join(server.dir, "stdin"), "utf8")).not.toContain(password);
      server.fake("sudo", sudo(true).replace("p w'1", "\\$SSH_DIR"));
      expect(await asked({ sudoPassword: "$SSH_DIR" })).toEqual(["yes\n", ""]);
      expect(existsSync(join(server.dir, "made"))).toBe(false);
      const shell = await shellFor();
      expect(await shell.run(observeScript([sh("echo out")]))).toEqual([{ code: 0, stdout: "out\n", stderr: "" }]);
    },
  );

  test.each([
    ["none given", {}, "", "the shell ended at once (sudo as ops)", "a password is required", "Set sudoPassword"],
    [
      "a wrong one",
      { sudoPassword: "guess" },
      "",
      "sudo refused the password (sudo as ops)",
      "Sorry, try again.",
      "sudoPassword is wrong",
    ],
    [
      "not allowed",
      {},
      "echo 'ops is not in the sudoers file.' >&2; exit 1",
      "(sudo as ops)",
      "not in the sudoers file",
      "/etc/sudoers.d",
    ],
    [
      "requiretty",
      {},
      "echo 'sudo: sorry, you must have a tty to run sudo' >&2; exit 1",
      "(sudo as ops)",
      "must have a tty",
      "!requiretty",
    ],
    [
      "a wrong one, where there is one try",
      { sudoPassword: "guess" },
      `${sudo(true).split("for try")[0]} printf '%s' "$(printf %s "$prompt" | sed 's/%%/\\n/g; s/%p/ops/g; s/\\n/%/g')" >&2; read -r word; echo "sudo: 1 incorrect password attempt" >&2; exit 1`,
      "sudo was told the password, and started no shell (sudo as ops)",
      "sudo: 1 incorrect password attempt",
      "sudoPassword is wrong",
    ],
    [
      "a question of its own",
      { sudoPassword: "x", perDialTimeout: 2 },
      "printf 'LDAP Password: ' >&2; sleep 3",
      "no shell within 2 s",
      "LDAP Password:",
      "passprompt_override",
    ],
  ] as const)("%s", async (_name, changes, fake, reason, said, advice) => {
    server.fake("sudo", fake === "" ? sudo(true) : fake);
    const message = await shellFor({ sudo: true, user: "ops", ...changes }).then(
      () => "it worked",
      (error: unknown) => error as { reason: string; details: string[]; advice: string[] },
    );
    expect(message).toMatchObject({
      reason: expect.stringContaining(reason) as string,
      details: expect.arrayContaining([expect.stringContaining(said)]) as string[],
      advice: expect.arrayContaining([expect.stringContaining(advice)]) as string[],
    });
    expect(JSON.stringify(message)).not.toContain("guess");
    // What sudo made of our prompt is no word of the host's.
    expect(JSON.stringify(message)).not.toContain("%");
  });

  test("that is not there", async () => {
    await expect(shellFor({ sudo: true })).rejects.toMatchObject({
      advice: [expect.stringContaining("no sudo on the host")],
    });
  });
});
