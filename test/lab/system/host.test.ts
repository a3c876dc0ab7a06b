import { readFile, removeFile, writeFile } from "../../../provider/file-step.ts";
import { type OpenSession, openSession } from "../../../provider/host/session/session.ts";
import { type ConnectionInput, connection } from "../../../provider/model/connection.ts";
import { type Command, run, type Step } from "../../../provider/step.ts";
import { rawJob } from "../../host/session/raw-job.ts";
import { until } from "../../support/until.ts";
import { useLab } from "../../support/use-lab.ts";

const lab = useLab({ hosts: ["director1"] });
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

const IDENTITY: Command = { sh: "id -un; cat" };
const RULES: Command = { run: ["ipvsadm", "--save", "--numeric"] };

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
    ["a password is missing", { user: "pat", sudo: true }, ["sudo: a password is required", "Set sudoPassword"]],
    [
      "a password is wrong",
      { user: "pat", sudo: true, sudoPassword: "lvs-lub" },
      ["sudo refused the password", "sudoPassword is wrong for this user"],
    ],
    ["no right to sudo, asked silently", { user: "guest", sudo: true }, ["sudo: a password is required"]],
    [
      "no right to sudo, with a password",
      { user: "guest", sudo: true, sudoPassword: "x" },
      ["sudo refused the password"],
    ],
    [
      "no such user",
      { user: "stranger" },
      ["the login was refused", "tried: privateKey (ssh-ed25519)", "--run-program"],
    ],
  ])("%s", async (_name, changes, words) => {
    const message = await answer(sessionAs(changes), IDENTITY).then(
      String,
      (error: unknown) => (error as Error).message,
    );
    for (const word of words) expect(message).toContain(word);
    expect(message).not.toContain("lvs-lub");
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
    const [wrote] = await doing(sessionAs({}), { command: writeFile("/etc/lvs-link", "a\n\nb\n\n", "a\n\nb") });
    expect(wrote).toEqual({ code: 0, stdout: "", stderr: "" });
    expect(
      await host.text(
        "stat -c '%U:%G %a %F' /etc/lvs-test; readlink /etc/lvs-link; od -c -An /etc/lvs-test; ls -A /etc | grep pulumi || true",
      ),
    ).toBe("ops:games 640 regular file\nlvs-test\n   a  \\n  \\n   b  \\n  \\n");
    const [refused] = await doing(sessionAs({}), { command: writeFile("/etc/lvs-test", "x", "a\n\nb") });
    expect(refused).toMatchObject({ code: 75, stderr: "/etc/lvs-test was changed by somebody else meanwhile\n" });
    const [removed] = await doing(sessionAs({}), { command: removeFile("/etc/lvs-test", "a\n\nb\n\n") });
    expect(removed?.code).toBe(0);
    expect((await answer(sessionAs({}), readFile("/etc/lvs-link"))).stdout).toBe("none\n");
    await host.sh("rm /etc/lvs-link");
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
    await host.sh("touch /run/cut");
    await until("the next step is done", async () => (await host.text("cat /run/finished || true")) === "done");
    await until("the lock is free", async () => {
      return (await host.text("flock -n /run/pulumi-lvs.lock echo free || true")) === "free";
    });
    await host.sh("rm /run/finished /run/begun /run/cut");
  });

  test("a host that falls silent is given up at the deadline", async () => {
    const host = lab.host("director1");
    const session = sessionAs({ deadline: 8 });
    await answer(session, IDENTITY);
    await host.freeze();
    await expect(answer(session, IDENTITY)).rejects.toThrow("did not end within 8 s, and the connection was closed");
    await host.thaw();
    expect(await answer(session, IDENTITY)).toMatchObject({ stdout: "root\n" });
  });
});
