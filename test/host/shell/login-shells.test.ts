import { existsSync } from "node:fs";
import { observeScript } from "../../../provider/host/shell/script";
import { openShell } from "../../../provider/host/shell/shell";
import { connect } from "../../../provider/host/ssh/connect";
import type { ConnectionInput } from "../../../provider/model/connection";
import type { Result } from "../../../provider/step";
import { startServer } from "../ssh-server";

type Shell = readonly [string, ...string[]];

/** What a script answers through this login shell; or the error. */
async function through(loginShell: Shell, script: string, changes: Partial<ConnectionInput> = {}): Promise<Result> {
  const server = await startServer({ loginShell });
  server.fake("sudo", SUDO);
  const connection = server.connection({ name: "web1", ...changes });
  const link = await connect(connection);
  try {
    const [result] = await (await openShell(link, connection)).run(observeScript([{ sh: script }]));
    if (result === undefined) throw new Error("no result");
    return result;
  } finally {
    link.close();
    await server.close();
  }
}

/** Asks with our prompt, reads a line, and starts the rest with the environment as it is: `env_reset` is off. */
const SUDO = `
while :; do case $1 in -p) prompt=$2; shift 2;; --) shift; break;; *) shift;; esac; done
printf '%s' "$(printf %s "$prompt" | sed 's/%%/\\n/g; s/%p/ops/g; s/\\n/%/g')" >&2; read -r word
[ "$word" = secret ] && SUDO_USER=ops exec "$@"`;

const asOps = { user: "ops", sudo: true, sudoPassword: "secret" };

/** Those of Debian that speak another language than sh, or nearly that; a machine has some of them. */
const others: readonly Shell[] = [
  ["/bin/tcsh", "-c"],
  ["/bin/tcsh", "-xvc"],
  ["/bin/bsd-csh", "-c"],
  ["/usr/bin/fish", "-c"],
  ["/usr/bin/zsh", "-c"],
  ["/bin/ksh93", "-c"],
  ["/bin/mksh", "-c"],
  ["/usr/bin/yash", "-c"],
  ["/bin/busybox", "sh", "-c"],
  ["/bin/bash", "-c"],
  ["/bin/dash", "-c"],
];

test.each(others.filter(([program]) => existsSync(program)).map((shell) => [shell.join(" "), shell] as const))(
  "%s as login shell: sudo is told its password, and output is clean",
  async (_name, shell) => {
    expect(await through(shell, 'echo "$SUDO_USER"', asOps)).toEqual({ code: 0, stdout: "ops\n", stderr: "" });
  },
);

const ENVIRONMENT = [
  ...["SHELLOPTS=noglob:noclobber:nounset:xtrace", "BASHOPTS=nocasematch", "BASH_ENV=/dev/tty", "ENV=/dev/tty"],
  ...["TMOUT=1", "POSIXLY_CORRECT=1", "BLOCK_SIZE=human-readable", "CDPATH=/tmp", "GREP_OPTIONS=-v", "LANG=de_DE"],
  ...["BASH_FUNC_df%%=() { echo mine; }", "IFS=/", "PS4=+", "TIME_STYLE=full-iso", "SYSTEMD_COLORS=1", "-n=x"],
  ...["https_proxy=http://192.0.2.9:3128", "NO_PROXY=.example.net", "HOME=/root"],
];

test.each([
  ["bash", { user: "root" }],
  ["dash", { user: "root" }],
  ["bash, and sudo without env_reset", asOps],
])("variables that change what programs print do not reach our commands, through %s", async (name, changes) => {
  const login = ["env", ...ENVIRONMENT, name.split(",")[0] ?? "", "-c"] as const;
  const script = 'env | sed "s/=.*//" | sort; df -P / | sed 1q; echo /et[c]; echo "${nothing}."';
  const { stdout, stderr } = await through(login, script, changes);
  expect(stderr).toBe("");
  const lines = stdout.split("\n");
  expect(lines).toEqual(
    expect.arrayContaining(["HOME", "LC_ALL", "NO_PROXY", "PATH", "SSH_CONNECTION", "https_proxy"]),
  );
  for (const line of ENVIRONMENT.slice(0, -3)) expect(lines).not.toContain(line.split("=")[0]);
  expect(stdout).toMatch(/\nFilesystem +1024-blocks .*\n\/etc\n\.\n$/);
});

test("rc files that print, narrow the umask, set a limit on time or end with a failure are borne with", async () => {
  const rc = `echo "Welcome to web1!"; printf 'no line end' >&2; umask 077; TMOUT=1; export TMOUT; set -e; cd /nonexistent || :; false || eval "$0"`;
  const clean = { code: 0, stdout: "0022\n/\n", stderr: "" };
  expect(await through(["bash", "-c", rc], "umask; pwd", asOps)).toEqual(clean);
  expect(await through(["sh", "-c", rc], "umask; pwd")).toEqual(clean);
});

test.each([
  ["starts another shell", { user: "root" }, ["able to run /bin/sh", ".bashrc, .cshrc, config.fish"]],
  ["starts another shell, as a user of sudo", asOps, ["(sudo as ops)", ".bashrc, .cshrc, config.fish"]],
])("an rc file that %s is named as a possible cause", async (_name, changes, words) => {
  const failed = through(["sh", "-c", "exec bash"], "true", { ...changes, perDialTimeout: 1 });
  const message = await failed.then(String, (error: unknown) => JSON.stringify(error));
  for (const word of ["no shell within 1 s", ...words]) expect(message).toContain(word);
});
