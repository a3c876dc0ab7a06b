import { readFile, removeFile, writeAdvice, writeFile } from "../../../provider/file-step.ts";
import { withRollback } from "../../../provider/host/rollback/rollback-script.ts";
import { type OpenSession, openSession } from "../../../provider/host/session/session.ts";
import { type ConnectionInput, connection } from "../../../provider/model/connection.ts";
import { type Command, quote, run, type Step } from "../../../provider/step.ts";
import { rawJob } from "../../host/session/raw-job.ts";
import { until } from "../../support/until.ts";
import { useLab } from "../../support/use-lab.ts";

const lab = useLab({ hosts: ["director1"], releases: { director1: "trixie" } });
const open: OpenSession[] = [];

afterEach(() => {
  for (const session of open.splice(0)) session.close();
});

function sessionAs(changes: Partial<ConnectionInput>): OpenSession {
  const session = openSession(
    connection.parse({ ...lab.host("director1").connection, name: "director1", dialErrorLimit: 1, ...changes }),
  );
  open.push(session);
  return session;
}

const answer = async (session: OpenSession, command: Command) => {
  const { after } = await session.submit({ ...rawJob("a test", [command]), noCache: true });
  return after.seen.answer(command);
};

const doing = async (session: OpenSession, ...steps: Step[]) => {
  const { done } = await session.submit(rawJob("a test", [], () => steps));
  return done.map(({ result }) => result);
};

type ShellText = Extract<Command, { readonly sh: string }>;

const IDENTITY: Command = { sh: "id -un; cat" };
const RULES: Command = { run: ["ipvsadm", "--save", "--numeric"] };

/** Todd Miller's sudo, and sudo-rs. */
const NO_PASSWORD = /sudo: (?:a password|interactive authentication) is required/;

describe("who we are", () => {
  test.each([
    ["root", { user: "root" }, "root\n"],
    ["a user with NOPASSWD", { user: "ops", sudo: true }, "root\n"],
    [
      "a user with NOPASSWD, and a password that is not needed",
      { user: "ops", sudo: true, sudoPassword: "unused" },
      "root\n",
    ],
    ["a user with a password", { user: "pat", sudo: true, sudoPassword: "lvs-lab" }, "root\n"],
    ["a user who stays one", { user: "guest" }, "guest\n"],
  ])("%s", async (_name, changes, expected) => {
    expect(await answer(sessionAs(changes), IDENTITY)).toEqual({ code: 0, stdout: expected, stderr: "" });
  });

  test.each([
    ["a password is missing", { user: "pat", sudo: true }, [NO_PASSWORD, "Set sudoPassword"]],
    [
      "a password is wrong",
      { user: "pat", sudo: true, sudoPassword: "lvs-lub" },
      ["sudo refused the password", "sudoPassword is wrong for this user"],
    ],
    // Todd Miller's sudo asks whoever has no right first, and sudo-rs does not.
    ["no right to sudo, asked silently", { user: "guest", sudo: true }, [/Set sudoPassword|Allow it in/]],
    [
      "no right to sudo, with a password",
      { user: "guest", sudo: true, sudoPassword: "x" },
      [/sudoPassword is wrong for this user, or the user may not use sudo|Allow it in .*sudoers/],
    ],
    [
      "no such user",
      { user: "stranger" },
      ["the login was refused", "tried: privateKey (ssh-ed25519)", "user stranger, sshd does not say", "--run-program"],
    ],
  ])("%s", async (_name, changes, words) => {
    const message = await answer(sessionAs(changes), IDENTITY).then(
      String,
      (error: unknown) => (error as Error).message,
    );
    for (const word of words) expect(message).toMatch(word);
    expect(message).not.toContain("lvs-lub");
  });

  test("a login shell that runs nothing is told by its words", async () => {
    const host = lab.host("director1");
    const words = "This account is currently not available.";
    await host.sh(
      `printf '#!/bin/sh\necho ${words}\nexit 1\n' >/run/nologin; chmod 755 /run/nologin; usermod -s /run/nologin guest`,
    );
    const said = await answer(sessionAs({ user: "guest" }), IDENTITY).then(String, String);
    await host.sh("usermod -s /bin/bash guest");
    expect(said).toContain("no connection: the shell ended at once\n");
    expect(said).toContain(`\n  ${words}\nThe login shell of the user must be able`);
  });

  test("an sshd with too many callers is left alone for a while, and then lets us in", async () => {
    const host = lab.host("director1");
    // Another sshd, behind the first one, that has one caller who says nothing.
    await host.sh(`(cat /etc/ssh/sshd_config.d/*.conf /etc/ssh/sshd_config | sed '/^ *\\(MaxStartups\\|Include\\|Port\\)/d'; echo MaxStartups 1:100:1) >/run/busy.conf
      /usr/sbin/sshd -f /run/busy.conf -p 2222 -o ListenAddress=127.0.0.1 -o PidFile=/run/busy.pid
      setsid bash -c 'echo $$ >/run/caller.pid; exec 3<>/dev/tcp/127.0.0.1/2222; read -r version <&3; : >/run/called; exec sleep 600' >/run/caller.out 2>&1 </dev/null &
      until [ -e /run/called ]; do sleep 0.1; done`);
    const { sudo, deadline, ...proxy } = connection.parse(lab.host("director1").connection);
    const there: Partial<ConnectionInput> = { host: "127.0.0.1", port: 2222, proxy };
    const said = await answer(sessionAs(there), IDENTITY).then(String, String);
    expect(said).toMatch(
      /closed before the host said that it is an SSH server\n[^]*\n {2}(?:Exceeded MaxStartups|Not allowed)/,
    );
    await host.sh("(sleep 3; kill $(cat /run/caller.pid)) >/dev/null 2>&1 &");
    const patient = sessionAs({ ...there, dialErrorLimit: undefined });
    expect(await answer(patient, IDENTITY)).toMatchObject({ code: 0 });
    await host.sh("kill $(cat /run/busy.pid)");
  });

  test("a login shell that shows what it runs is told no password, and no shell runs it", async () => {
    const host = lab.host("director1");
    await host.sh("cp -p ~ops/.bashrc /run/rc-ops; cp -p ~pat/.bashrc /run/rc-pat");
    const all = 'PS4="$BASH_COMMAND "; export PS4 SHELLOPTS; set -xvT; trap \'printf "$BASH_COMMAND" >&2\' DEBUG';
    for (const line of ["set -x", `${all}; echo noise >&2`]) {
      await host.sh(`for home in ~ops ~pat; do printf '%s\\n' ${quote(line)} >$home/.bashrc; done`);
      const password = { sudo: true, sudoPassword: ":>/run/made; lvs-lab" };
      const clean = { code: 0, stdout: "root\n", stderr: "" };
      expect(await answer(sessionAs({ user: "ops", ...password }), IDENTITY)).toEqual(clean);
      expect(await answer(sessionAs({ user: "pat", sudo: true, sudoPassword: "lvs-lab" }), IDENTITY)).toEqual(clean);
    }
    expect(await host.text("ls /run/made 2>&1 || true")).toContain("No such file");
    await host.sh("mv /run/rc-ops ~ops/.bashrc; mv /run/rc-pat ~pat/.bashrc");
  });

  test("logins and ways follow the policies of sshd: methods in its order, no forwarding", async () => {
    const host = lab.host("director1");
    // Others, behind the first one.
    await host.sh(`for methods in publickey,password password,publickey; do
        (cat /etc/ssh/sshd_config.d/*.conf /etc/ssh/sshd_config | sed '/^ *\\(MaxStartups\\|Include\\|Port\\|PasswordAuthentication\\)/d'
          printf '%s\\n' 'PasswordAuthentication yes' 'AllowTcpForwarding no' 'Match User pat' "AuthenticationMethods $methods") >/run/$methods.conf
        port=$((\${port:-2222} + 1))
        /usr/sbin/sshd -f /run/$methods.conf -p $port -o ListenAddress=127.0.0.1 -o PidFile=/run/$methods.pid
        timeout 20 bash -c "until : <>/dev/tcp/127.0.0.1/$port; do sleep 0.1; done" 2>/dev/null
      done`);
    const { sudo, deadline, ...proxy } = connection.parse(lab.host("director1").connection);
    const strict: Partial<ConnectionInput> = { host: "127.0.0.1", proxy };
    const pat = { ...strict, user: "pat", sudo: true, sudoPassword: "lvs-lab" };
    for (const port of [2223, 2224]) {
      const both = sessionAs({ ...pat, port, password: "lvs-lab" });
      expect(await answer(both, IDENTITY)).toMatchObject({ stdout: "root\n" });
    }
    await expect(answer(sessionAs({ ...pat, port: 2224 }), IDENTITY)).rejects.toThrow("the host still takes: password");
    const through = { ...proxy, ...strict, port: 2223 };
    await expect(answer(sessionAs({ host: "127.0.0.1", port: 22, proxy: through }), IDENTITY)).rejects.toThrow(
      /the proxy does not forward to 127\.0\.0\.1:22\n[^]*administratively prohibited|AllowTcpForwarding/,
    );
    await host.sh("kill $(cat /run/*publickey*.pid)");
  });

  test("programs that are missing are one message, with the packages that have them; what no resource needs is not missed", async () => {
    const host = lab.host("director1");
    const needs = { kind: "DrKernelTuning", programs: ["ip", "sysctl"] } as const;
    const tune = (session: OpenSession) =>
      session.submit({ ...rawJob("a test", [IDENTITY]), needs }).then(() => "done", String);
    await host.sh("for name in sysctl flock; do mv $(command -v $name) /run/$name.away; done");
    const said = await tune(sessionAs({}));
    await host.sh("mv /run/flock.away /usr/bin/flock");
    const session = sessionAs({});
    const others = await answer(session, IDENTITY);
    const saidLater = await tune(session);
    await host.sh("mv /run/sysctl.away /usr/sbin/sysctl");
    expect(said).toMatch(
      /lacks programs that its changes need\n.*\n {2}flock, of util-linux\n {2}sysctl, of procps, for DrKernelTuning\n/,
    );
    expect(said).toContain("apt-get install util-linux procps, or dnf install util-linux procps-ng");
    expect(others).toMatchObject({ stdout: "root\n" });
    expect(saidLater).toContain(
      "lacks programs that resources of this run need\n  sysctl, of procps, for DrKernelTuning\n",
    );
    expect(await tune(sessionAs({}))).toBe("done");
  });

  test("sudo that lectures, logs, keeps the environment, asks once, has or wants a terminal, or wants root's password", async () => {
    const host = lab.host("director1");
    // sudo-rs skips a line that it does not know, with a word about it.
    await host.sh(
      "printf 'Defaults %s\n' use_pty log_output '!env_reset' '!secure_path' lecture=always passwd_tries=1 rootpw >/etc/sudoers.d/zz; cp -p /etc/shadow /run/; echo root:of-root | chpasswd",
    );
    const pat = { user: "pat", sudo: true };
    expect(await answer(sessionAs({ ...pat, sudoPassword: "of-root" }), IDENTITY)).toMatchObject({ stdout: "root\n" });
    await expect(answer(sessionAs({ ...pat, password: "lvs-lab" }), IDENTITY)).rejects.toThrow("the password of root");
    await expect(answer(sessionAs({ ...pat, sudoPassword: "lvs-lab" }), IDENTITY)).rejects.toThrow(
      /sudo was told the password, and started no shell[^]*incorrect (?:password|authentication) attempt[^]*sudoPassword is wrong/,
    );
    await host.sh("echo 'Defaults runas_default=ops' >>/etc/sudoers.d/zz");
    expect(await answer(sessionAs({ ...pat, sudoPassword: "of-root" }), IDENTITY)).toMatchObject({ stdout: "root\n" });
    await host.sh("echo 'Defaults noexec' >>/etc/sudoers.d/zz");
    await expect(answer(sessionAs({ ...pat, sudoPassword: "of-root" }), IDENTITY)).rejects.toThrow(
      /sh: no program may be started here\n[^]*Defaults:USER !noexec/,
    );
    await host.sh("sed -i '$d' /etc/sudoers.d/zz; echo 'Defaults requiretty' >>/etc/sudoers.d/zz");
    const wanting = answer(sessionAs({ ...pat, sudoPassword: "of-root" }), IDENTITY);
    if (host.release === "uutils") expect(await wanting).toMatchObject({ stdout: "root\n" });
    else await expect(wanting).rejects.toThrow("!requiretty");
    await host.sh("rm -r /etc/sudoers.d/zz /var/log/sudo-io; mv /run/shadow /etc/shadow");
  });

  test("where we came in, by the host's own account", async () => {
    const { address, port } = await sessionAs({ user: "ops", sudo: true }).reachedAt();
    expect([address, port]).toEqual(["10.99.0.11", 22]);
  });

  test("a user who is not root cannot change rules, and the kernel says so", async () => {
    const [result] = await doing(sessionAs({ user: "guest" }), run("ipvsadm", "-A", "-t", "192.0.2.1:80"));
    expect(result).toMatchObject({ code: 2, stderr: expect.stringContaining("you must be root") as string });
  });
});

describe("rules", () => {
  test("of a hundred jobs are told by one process, and read back", async () => {
    const session = sessionAs({});
    const service = ["-t", "192.0.2.1:80"];
    await doing(session, { rule: ["-A", ...service, "-s", "wrr"] });
    const before = await lab.host("director1").sshLogins();
    const forks = async () => Number(await lab.host("director1").text("sed -n 's/^processes //p' /proc/stat"));
    const forksBefore = await forks();
    const reports = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        session.submit(
          rawJob(`server ${index}`, [RULES], () => [
            { rule: ["-a", ...service, "-r", `10.0.0.${index + 1}:80`, "-g", "-w", String(index)] },
          ]),
        ),
      ),
    );
    const [first] = reports;
    expect(first?.after.seen.answer(RULES).stdout.match(/-r 10\.0\.0\./g)).toHaveLength(100);
    expect(reports.flatMap(({ done }) => done.map(({ result }) => result.code))).toEqual(Array(100).fill(0));
    expect(await lab.host("director1").sshLogins()).toBe(before);
    // One process for each rule would be a hundred and more.
    expect((await forks()) - forksBefore).toBeLessThan(100);
  });

  test("one that is refused is its own job's, on the second try", async () => {
    const session = sessionAs({});
    const bad = { rule: ["-a", "-t", "192.0.2.9:80", "-r", "10.0.0.1:80"] };
    const [together] = await Promise.all(
      ["-w 5", "-w 6"].map((weight) =>
        session.submit(rawJob(weight, [RULES], () => [bad, run("touch", "/run/not-to-be")])),
      ),
    );
    expect(together?.done).toMatchObject([
      {
        command: "ipvsadm -a -t 192.0.2.9:80 -r 10.0.0.1:80",
        result: { stderr: expect.stringContaining("Service not defined") as string },
      },
    ]);
    const alone = await session.submit({ ...rawJob("isolated", [RULES], () => [bad]), isolated: true });
    expect(alone.done).toMatchObject([{ result: { code: 255, stderr: "Service not defined\n" } }]);
    expect(await lab.host("director1").text("ls /run/not-to-be 2>&1 || true")).toContain("No such file");
  });
});

describe("the lock", () => {
  test("keeps a second writer waiting, and is free after", async () => {
    const host = lab.host("director1");
    const [one, two] = [sessionAs({}), sessionAs({ user: "ops", sudo: true })] as const;
    const slowly = doing(one, {
      command: { sh: "echo one >>/run/order; until [ -e /run/go ]; do sleep 0.1; done; echo one >>/run/order" },
    });
    await until("one has the lock", async () => (await host.text("cat /run/order || true")) === "one");
    const waiting = doing(two, { command: { sh: "echo two >>/run/order" } });
    await until("two waits for it", async () => (await host.text("pgrep -x flock || true")) !== "");
    await host.sh("touch /run/go");
    await Promise.all([slowly, waiting]);
    expect(await host.text("cat /run/order; rm /run/order /run/go")).toBe("one\none\ntwo");
    expect(await host.text("flock -n /run/pulumi-lvs.lock echo free")).toBe("free");
  });

  test("of an earlier version is narrowed, and one that others could hold is refused", async () => {
    const host = lab.host("director1");
    const touch = { command: { run: ["true"] } } as const;
    await host.sh("chmod 644 /run/pulumi-lvs.lock");
    expect(await doing(sessionAs({}), touch)).toMatchObject([{ code: 0 }]);
    expect(await host.text("stat -c %a /run/pulumi-lvs.lock")).toBe("600");
    const made = [
      ["chmod 666 LOCK", "may be written by other users (mode 666)"],
      ["chown guest LOCK", "belongs to another user"],
      ["rm LOCK; mkdir -m 700 LOCK", "is of another type"],
      ["rmdir LOCK; mkfifo -m 600 LOCK", "is of another type"],
      ["rm LOCK; ln -s /tmp/elsewhere LOCK", "is a symbolic link"],
    ] as const;
    for (const [make, words] of made) {
      await host.sh(make.replaceAll("LOCK", "/run/pulumi-lvs.lock"));
      await expect(doing(sessionAs({}), touch)).rejects.toThrow(`/run/pulumi-lvs.lock ${words}`);
    }
    await host.sh("rm /run/pulumi-lvs.lock");
    expect(await doing(sessionAs({}), touch)).toMatchObject([{ code: 0 }]);
    expect(await host.text("stat -c '%U %a' /run/pulumi-lvs.lock; ls /tmp/elsewhere 2>&1 || true")).toContain(
      "root 600\nls",
    );
    expect(await host.text("su guest -c 'flock -n /run/pulumi-lvs.lock true' 2>&1 || true")).toContain(
      "Permission denied",
    );
  });

  test("is not kept by what a step leaves running", async () => {
    await doing(sessionAs({}), { command: { sh: "( sleep 30; : ) >/dev/null 2>&1 & sleep 40 >/dev/null 2>&1 &" } });
    expect(await lab.host("director1").text("flock -n /run/pulumi-lvs.lock echo free; pkill sleep")).toBe("free");
  });
});

describe("files, on a real disk", () => {
  test("are replaced as a whole, with all that they had", async () => {
    const host = lab.host("director1");
    await host.sh(
      "printf 'a\\n\\nb' >/etc/lvs-test; chown ops:games /etc/lvs-test; chmod 640 /etc/lvs-test; ln -s lvs-test /etc/lvs-link",
    );
    await host.sh(extras("set"));
    const [wrote] = await doing(sessionAs({}), { command: writeFile("/etc/lvs-link", "a\n\nb\n\n", "a\n\nb") });
    expect(wrote).toEqual({ code: 0, stdout: "", stderr: "" });
    expect(
      await host.text(
        "stat -c '%U:%G %a %F' /etc/lvs-test; readlink /etc/lvs-link; od -c -An /etc/lvs-test; ls -A /etc | grep pulumi || true",
      ),
    ).toBe("ops:games 640 regular file\nlvs-test\n   a  \\n  \\n   b  \\n  \\n");
    expect(await host.text(extras("get"))).toBe("True\nTrue");
    const [refused] = await doing(sessionAs({}), { command: writeFile("/etc/lvs-test", "x", "a\n\nb") });
    expect(refused).toMatchObject({ code: 75, stderr: "/etc/lvs-test was changed by somebody else meanwhile\n" });
    const [removed] = await doing(sessionAs({}), { command: removeFile("/etc/lvs-test", "a\n\nb\n\n") });
    expect(removed?.code).toBe(0);
    expect((await answer(sessionAs({}), readFile("/etc/lvs-link"))).stdout).toBe("none\n");
    await host.sh("rm /etc/lvs-link");
  });
});

const IMMUTABLE = 0x10;

/** Sets, or prints, an attribute and an ACL that lets one more user read. Done by the kernel's calls: the guest has no setfacl. */
const extras = (call: "set" | "get") => `python3 -c '
import os, struct
acl = struct.pack("<I" + "HHI" * 5, 2, 1,6,0xffffffff, 2,4,65534, 4,4,0xffffffff, 16,4,0xffffffff, 32,0,0xffffffff)
for name, value in (("user.note", b"theirs"), ("system.posix_acl_access", acl)):
    ${call === "set" ? 'os.setxattr("/etc/lvs-test", name, value)' : 'print(os.getxattr("/etc/lvs-test", name) == value)'}'`;

describe("a file system that takes nothing", () => {
  test("is named with its reason, and nothing is half-written", async () => {
    const host = lab.host("director1");
    const big = "x".repeat(100_000);
    await host.sh(
      "mkdir -p /run/full /run/ro && mount -t tmpfs -o size=64k none /run/full && mount -t tmpfs none /run/ro && " +
        "printf was >/run/full/a && printf was >/run/ro/a && mount -o remount,ro /run/ro && " +
        "printf was >/run/mounted && mount --bind /run/mounted /run/mounted",
    );
    const write = (path: string) => ({ file: path, edit: () => big, summary: "grow" });
    const [full, readOnly, mounted = ""] = await Promise.all(
      ["/run/full/a", "/run/ro/a", "/run/mounted"].map(
        async (path) => (await doing(sessionAs({}), write(path)))[0]?.stderr ?? "",
      ),
    );
    expect(full).toMatch(
      /No space left on device.*\n\/run\/full\/a could not be written\. .*\n(?:.*\n)*none .* 64 .*\/run\/full\n/,
    );
    expect(readOnly).toMatch(/Read-only file system.*\n\/run\/ro\/a could not be written/);
    expect(mounted).toMatch(/Device or resource busy.*\n\/run\/mounted could not be written/);
    expect(writeAdvice.filter(({ when }) => when.test(mounted)).map(({ say }) => say)).toEqual([
      expect.stringContaining("findmnt"),
    ]);
    expect(
      await host.text("umount /run/mounted; cat /run/mounted; ls -A /run | grep pulumi-lvs; rm /run/mounted"),
    ).toBe("waspulumi-lvs.lock");
    expect(await host.text("cat /run/full/a /run/ro/a; ls -A /run/full /run/ro; umount /run/full /run/ro")).toBe(
      "waswas/run/full:\na\n\n/run/ro:\na",
    );
  });

  test("is named by a change that may cut us off: without a way back nothing is changed", async () => {
    const host = lab.host("director1");
    await host.sh(
      "mkdir -p /run/full && mount -t tmpfs -o size=8k none /run/full && cat /dev/zero >/run/full/a || true",
    );
    const { args = [], ...guarded } = withRollback({ run: ["touch", "/run/made"] }, { run: ["true"] }) as ShellText;
    const [refused] = await doing(sessionAs({}), {
      command: { ...guarded, args: ["/run/full/undo", ...args.slice(1)] },
    });
    expect(refused?.stderr).toMatch(
      /No space left on device.*\n\/run\/full\/undo\/undo could not be written, and without a way back nothing is changed\. .*\n(?:.*\n)*none .*\/run\/full\n/,
    );
    expect(await host.text("ls /run/made 2>&1 || true; ls -A /run/full; umount /run/full")).toMatch(
      /No such file.*\na$/,
    );
  });

  test("is told by lsattr where a file is immutable", async () => {
    const host = lab.host("director1");
    await host.sh("printf was >/etc/lvs-test");
    const setFlags = (flags: number) =>
      `python3 -c 'import fcntl,struct; fcntl.ioctl(open("/etc/lvs-test"), 0x40086602, struct.pack("l", ${flags}))'`;
    await host.sh(setFlags(IMMUTABLE));
    const [wrote] = await doing(sessionAs({}), { file: "/etc/lvs-test", edit: () => "is", summary: "change" });
    expect(wrote?.stderr).toMatch(/Operation not permitted.*\n\/etc\/lvs-test could not be written/);
    expect(await host.text(`${setFlags(0)}; cat /etc/lvs-test; ls -A /etc | grep pulumi || rm /etc/lvs-test`)).toBe(
      "was",
    );
  });
});

describe("a connection that dies", () => {
  test("while nothing runs: the next job connects again", async () => {
    const session = sessionAs({});
    await answer(session, IDENTITY);
    await lab.host("director1").cut("reset");
    await lab.host("director1").mend();
    expect(await answer(session, IDENTITY)).toMatchObject({ stdout: "root\n" });
  });

  test("while a step runs: the step is finished, and we do not claim to know", async () => {
    const host = lab.host("director1");
    const session = sessionAs({ user: "pat", sudo: true, sudoPassword: "lvs-lab" });
    await answer(session, IDENTITY);
    const doomed = doing(
      session,
      { command: { sh: "touch /run/begun; while [ ! -e /run/cut ]; do sleep 0.1; done; echo said" } },
      { command: { sh: "echo done >/run/finished" } },
    );
    const outcome = expect(doomed).rejects.toThrow(
      "Whether the host completed it is unknown: the next run observes the host again.",
    );
    await until("the step runs", async () => (await host.text("ls /run/begun || true")) !== "");
    await host.cut("reset");
    await outcome;
    await host.mend();
    // The next run looks when that is over.
    const next = answer(sessionAs({}), { run: ["cat", "/run/finished"] });
    await host.sh("sleep 0.5; touch /run/cut");
    expect(await next).toMatchObject({ stdout: "done\n" });
    expect(await host.text("flock -n /run/pulumi-lvs.lock echo free")).toBe("free");
    await host.sh("rm /run/finished /run/begun /run/cut");
  });

  test("while a change waits to be confirmed: the next run looks when the host has taken it back", async () => {
    const host = lab.host("director1");
    const address: Command = { run: ["ip", "-4", "addr", "show", "dev", "lo"] };
    const change = (what: "add" | "del"): Command => ({ run: ["ip", "addr", what, "192.0.2.9/32", "dev", "lo"] });
    const { sh, args = [] } = withRollback(change("add"), change("del")) as ShellText;
    const [place = "", , ...others] = args;
    await host.sh(["sh", "-c", sh, "sh", place, "3", ...others].map(quote).join(" "));
    expect(await host.text("ip addr show dev lo")).toContain("192.0.2.9");
    expect((await answer(sessionAs({}), address)).stdout).not.toContain("192.0.2.9");
  });

  test("a host that falls silent is given up at the deadline", async () => {
    const host = lab.host("director1");
    const session = sessionAs({ deadline: 8 });
    await answer(session, IDENTITY);
    await host.freeze();
    await expect(answer(session, IDENTITY)).rejects.toThrow(
      "did not end within 8 s (deadline), and the connection was closed",
    );
    await host.thaw();
    expect(await answer(session, IDENTITY)).toMatchObject({ stdout: "root\n" });
  });
});
