import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseFile, readFile } from "../../../provider/file-step";
import type { Job } from "../../../provider/host/session/job";
import { lockFor } from "../../../provider/host/session/lock";
import { closeAll, sessionFor } from "../../../provider/host/session/pool";
import { type OpenSession, openSession } from "../../../provider/host/session/session";
import type { Command, CommandStep, Step } from "../../../provider/step";
import { newKey } from "../keys";
import { type SshServer, startServer } from "../ssh-server";
import { until } from "../until";
import { rawJob } from "./raw-job";

let server: SshServer;
let session: OpenSession;
let traced: string;

beforeEach(async () => {
  server = await startServer();
  // Enough of ipvsadm to be told something and to be asked for it.
  server.fake(
    "ipvsadm",
    'case $1 in -R) cat >>"$SSH_DIR/table" ;; -S) cat "$SSH_DIR/table" ;; *) echo "$@" >>"$SSH_DIR/table" ;; esac',
  );
  writeFileSync(join(server.dir, "table"), "");
  traced = join(server.dir, "trace");
  process.env["PULUMI_LVS_TRACE"] = traced;
  session = openSession(server.connection({ name: "director1" }));
});

afterEach(async () => {
  delete process.env["PULUMI_LVS_TRACE"];
  session.close();
  await server.close();
});

const TABLE = { run: ["ipvsadm", "-S"] } as const;

const add = (rule: string) =>
  rawJob(rule, [TABLE], (seen) => (seen.answer(TABLE).stdout.includes(`${rule}\n`) ? [] : [{ rule: rule.split(" ") }]));

const readIfThere = (path: string) => (existsSync(path) ? readFileSync(path, "utf8") : undefined);

const trips = () =>
  readFileSync(traced, "utf8")
    .trim()
    .split("\n")
    .map((line) => (JSON.parse(line) as { kind: string }).kind);

test("jobs that come together travel together, and the next batch needs one round trip", async () => {
  const reports = await Promise.all(Array.from({ length: 100 }, (_, index) => session.submit(add(`-a ${index}.`))));
  expect(trips()).toEqual(["connect", "observe", "apply"]);
  expect(reports.map(({ after }, index) => after.seen.answer(TABLE).stdout.includes(`-a ${index}.\n`))).not.toContain(
    false,
  );
  await Promise.all(Array.from({ length: 100 }, (_, index) => session.submit(add(`-e ${index}.`))));
  expect(trips()).toEqual(["connect", "observe", "apply", "apply"]);
  await session.submit(add("-a 7."));
  expect(trips()).toHaveLength(4);
  expect(server.counts.logins).toBe(1);
});

const sh = (text: string, ...args: string[]): CommandStep => ({ command: { sh: text, args } });

const doing = (subject: string, ...steps: Step[]) => rawJob(subject, [TABLE], () => steps);

const message = (error: unknown) => (error as Error).message;

describe("files", () => {
  let path: string;

  beforeEach(() => {
    path = join(server.dir, "rules");
    writeFileSync(path, "theirs");
  });

  const edit = (line: string): Step => ({
    file: path,
    summary: `add ${line}`,
    edit: (text) => `${text ?? ""}\n${line}`,
  });

  test("are written once for all who change them, and read first by those who did not ask", async () => {
    const reports = await Promise.all(["a", "b", "c"].map((line) => session.submit(doing(line, edit(line)))));
    expect(readFileSync(path, "utf8")).toBe("theirs\na\nb\nc");
    expect(reports.map(({ done }) => done.map(({ command, result }) => [command, result.code]))).toEqual([
      [[`edit ${path}: add a`, 0]],
      [[`edit ${path}: add b`, 0]],
      [[`edit ${path}: add c`, 0]],
    ]);
    expect(trips()).toEqual(["connect", "observe", "observe", "apply"]);
  });

  test("that somebody else changes meanwhile are not written", async () => {
    const job = rawJob("late", [readFile(path)], () => {
      writeFileSync(path, "newer");
      return [edit("a"), sh('echo reached >>"$SSH_DIR/table"')];
    });
    const { done, after } = await session.submit(job);
    expect(done).toMatchObject([{ result: { code: 75, stderr: `${path} was changed by somebody else meanwhile\n` } }]);
    expect(after.seen.answer(readFile(path)).stdout).toBe("file\nnewer");
    expect(readFileSync(join(server.dir, "table"), "utf8")).toBe("");
    const again = await session.submit(rawJob("late", [readFile(path)], () => [edit("a")]));
    expect(again.done.map(({ result }) => result.code)).toEqual([0]);
    expect(readFileSync(path, "utf8")).toBe("newer\na");
  });

  test("that say already what they should are left alone", async () => {
    const { done } = await session.submit(doing("same", { file: path, summary: "nothing", edit: (text) => text }));
    expect(done).toEqual([]);
    expect(trips()).toEqual(["connect", "observe", "observe"]);
  });

  test("that cannot be read fail the job, and say why", async () => {
    await expect(
      session.submit(doing("a folder", { file: server.dir, summary: "add", edit: () => "x" })),
    ).rejects.toThrow(`director1: cannot read ${server.dir}: ${server.dir} is a folder, and should be a file`);
  });
});

describe("a job that fails", () => {
  test("leaves the others of its batch alone", async () => {
    const thrower = (what: string) => () => {
      throw new Error(what);
    };
    const outcomes = await Promise.all(
      [
        rawJob("plans badly", [TABLE], thrower("no decision")),
        doing(
          "edits badly",
          { file: join(server.dir, "x"), summary: "fail", edit: thrower("no edit") },
          sh('echo bad >>"$SSH_DIR/table"'),
        ),
        doing("speaks badly", { command: { run: ["echo", "a\0b"] } }),
        doing("rules badly", { rule: ["-A", "a b"] }),
        doing("well", { rule: ["-A", "good"] }),
      ].map((job) => session.submit(job).then(({ after }) => after.seen.answer(TABLE).stdout, message)),
    );
    expect(outcomes).toEqual([
      "no decision",
      "no edit",
      expect.stringContaining("NUL character"),
      'a word of a rule must not be empty or contain blanks: "a b"',
      "-A good\n",
    ]);
  });

  test("takes no further step, and the others take theirs", async () => {
    const log = (word: string) => sh('echo "$1" >>"$SSH_DIR/table"', word);
    const [bad, good] = await Promise.all([
      session.submit(doing("bad", log("one"), sh("echo why >&2; exit 3"), log("two"))),
      session.submit(doing("good", log("three"), log("four"))),
    ]);
    expect(bad.done.map(({ result }) => [result.code, result.stderr])).toEqual([
      [0, ""],
      [3, "why\n"],
    ]);
    expect(good.after.seen.answer(TABLE).stdout.split("\n").toSorted()).toEqual(["", "four", "one", "three"]);
  });

  test("in a rule handed over with others is told by what ipvsadm says, whatever its exit code", async () => {
    server.fake(
      "ipvsadm",
      'case $1 in -R) cat >>"$SSH_DIR/table"; echo "Service already exists" >&2 ;; -S) cat "$SSH_DIR/table" ;; esac',
    );
    const [one] = await Promise.all([
      session.submit(doing("one", { rule: ["-A", "x"] }, sh('echo reached >>"$SSH_DIR/table"'))),
      session.submit(doing("two", { rule: ["-A", "y"] })),
    ]);
    expect(one.done).toMatchObject([
      { command: "ipvsadm -A x", result: { code: 0, stderr: "Service already exists\n" } },
    ]);
    expect(one.after.seen.answer(TABLE).stdout).toBe("-A x\n-A y\n");
  });
});

describe("what is remembered", () => {
  const asks = (options: Partial<Pick<Job, "noCache">> = {}, commands: readonly Command[] = [TABLE]) =>
    session.submit({ ...rawJob("asks", commands), ...options });

  test("answers the next job, but not one that wants a fresh look", async () => {
    await asks();
    writeFileSync(join(server.dir, "table"), "by hand\n");
    expect((await asks()).after.seen.answer(TABLE).stdout).toBe("");
    expect((await asks({ noCache: true })).after.seen.answer(TABLE).stdout).toBe("by hand\n");
    expect(trips()).toEqual(["connect", "observe", "observe"]);
  });

  test("stays after a write that cannot have changed it, and only then", async () => {
    const counting = (name: string, changedOnlyBy?: readonly string[]) => ({
      sh: 'echo "$1" >>"$SSH_DIR/asked"',
      args: [name],
      ...(changedOnlyBy && { changedOnlyBy }),
    });
    const rules = join(server.dir, "rules");
    const observe = [counting("table", ["rules"]), counting("text", [`file ${rules}`]), counting("rest")];
    const told = async (step: Step) => {
      writeFileSync(join(server.dir, "asked"), "");
      await session.submit(rawJob("writes", observe, () => [step]));
      return readFileSync(join(server.dir, "asked"), "utf8").trim().split("\n");
    };
    await asks({}, observe);
    expect(await told({ rule: ["-A", "x"] })).toEqual(["table", "rest"]);
    expect(await told({ file: rules, summary: "add", edit: () => "x\n" })).toEqual(["text", "rest"]);
    expect(await told(sh(":"))).toEqual(["table", "text", "rest"]);
  });

  test("of a file that was written is what was written", async () => {
    const path = join(server.dir, "rules");
    const asking = readFile(path);
    for (const text of ["one\ntwo", undefined, ""]) {
      const step: Step = { file: path, summary: "edit", edit: () => text };
      const { after } = await session.submit(rawJob("writes", [asking], () => [step]));
      expect(parseFile(after.seen.answer(asking).stdout)).toBe(text);
      expect(readIfThere(path)).toBe(text);
    }
  });

  test("of a fact that is read from a file that was written needs the host only where it says so", async () => {
    const path = join(server.dir, "rules");
    const counting: Command = {
      sh: 'echo asked >>"$SSH_DIR/asked"; cat -- "$1"',
      args: [path],
      changedOnlyBy: [`file ${path}`],
      ofFile: { path, print: (text) => (text === "host\n" ? undefined : `${text}known`) },
    };
    const seen: string[] = [];
    for (const text of ["one\n", "host\n", "two\n"]) {
      const step: Step = { file: path, summary: "edit", edit: () => text };
      const { after } = await session.submit(rawJob("writes", [counting], () => [step]));
      seen.push(after.seen.answer(counting).stdout);
    }
    expect(seen).toEqual(["one\nknown", "host\n", "two\nknown"]);
    // Before the first write, and after the second.
    expect(readFileSync(join(server.dir, "asked"), "utf8")).toBe("asked\nasked\n");
  });

  test("is forgotten after a step that failed", async () => {
    await session.submit(doing("fails", { command: { run: ["false"] } }));
    await asks();
    expect(trips()).toEqual(["connect", "observe", "apply", "observe"]);
  });

  test("is only what was asked, failed or not", async () => {
    const fails = { run: ["sh", "-c", "echo no >&2; exit 4"] } as const;
    const { seen } = (await asks({}, [fails])).after;
    expect(seen.answer(fails)).toEqual({ code: 4, stdout: "", stderr: "no\n" });
    expect(() => seen.answer(TABLE)).toThrow(
      "no answer was read for ipvsadm -S: this is a bug in pulumi-lvs, please report it",
    );
  });
});

describe("a connection that is lost", () => {
  test("between two jobs is made again", async () => {
    await session.submit(add("-a 1."));
    server.cut();
    expect((await session.submit({ ...add("-a 2."), noCache: true })).after.seen.answer(TABLE).stdout).toBe(
      "-a 1.\n-a 2.\n",
    );
    expect(server.counts.logins).toBe(2);
  });

  test("while something is written fails the batch, and the next job waits for the end of what the host goes on with", async () => {
    await session.submit(add("-a 1."));
    const lost = Promise.all([
      session.submit(doing("slow", sh(': >"$SSH_DIR/begun"; sleep 1'))).catch(message),
      session.submit(doing("waits", sh('sleep 1; : >"$SSH_DIR/ended"'))).catch(message),
    ]);
    await until("the first command begins", () => existsSync(join(server.dir, "begun")));
    server.cut();
    for (const said of await lost) {
      expect(said).toContain("director1: the connection was lost while a command was running");
      expect(said).toContain("the next run observes the host again");
    }
    await session.submit({
      ...add("-a 1."),
      plan: (observation) => {
        expect(existsSync(join(server.dir, "ended"))).toBe(true);
        return add("-a 1.").plan(observation);
      },
    });
    expect(trips().slice(0, 5)).toEqual(["connect", "observe", "apply", "connect", "observe"]);
    expect(new Set(trips().slice(5))).toEqual(new Set(["observe"]));
  });

  test("and a host that cannot be reached is told to all who wait, and asked once", async () => {
    session.close();
    session = openSession(server.connection({ privateKey: newKey().private }));
    const all = () => Promise.all(Array.from({ length: 20 }, () => session.submit(add("-a 1.")).then(String, message)));
    const said = new Set([...(await all()), ...(await all())]);
    expect([...said]).toEqual([expect.stringContaining("no connection: the login was refused")]);
    expect(server.counts.sockets).toBe(1);
  });
});

test("another writer is waited for, and then named", async () => {
  session.close();
  session = openSession(server.connection({ name: "director1", deadline: 3 }));
  const { path } = lockFor(process.getuid?.() ?? 0, 3);
  const holder = spawn("flock", [path, "-c", "echo held; exec sleep 20"], { detached: true });
  await once(holder.stdout, "data");
  try {
    expect(await session.submit(add("-a 1.")).catch(message)).toBe(
      [
        "director1: another run is writing to this host, and did not finish within 2 s",
        `  $ flock -w 2 ${path} true`,
        `Nothing was changed. Wait for the other run; "fuser ${path}" on the host names its process.`,
      ].join("\n"),
    );
    expect(readFileSync(join(server.dir, "table"), "utf8")).toBe("");
  } finally {
    if (holder.pid !== undefined) process.kill(-holder.pid);
  }
  await once(holder, "close");
  expect((await session.submit(add("-a 1."))).done).toHaveLength(1);
});

test("what a frozen host has not begun when its run gives up is not done once another run has looked", async () => {
  session.close();
  session = openSession(server.connection({ name: "director1", deadline: 2 }));
  await session.submit(doing("who", sh('echo $$ >"$SSH_DIR/shell"')));
  const shell = Number(readFileSync(join(server.dir, "shell"), "utf8"));
  const late = rawJob("late", [TABLE], () => {
    process.kill(shell, "SIGSTOP");
    return [sh("ipvsadm -a 1.")];
  });
  expect(await session.submit({ ...late, noCache: true }).catch(message)).toContain("did not end within 2 s");
  const other = openSession(server.connection({ name: "director1" }));
  const seen = await other.submit(rawJob("looks", [TABLE]));
  expect(seen.done).toEqual([]);
  process.kill(shell, "SIGCONT");
  await until("the shell ends", () => !existsSync(`/proc/${shell}`));
  expect(readFileSync(join(server.dir, "table"), "utf8")).toBe("");
  other.close();
});

describe("a machine has one session", () => {
  afterEach(closeAll);

  test("for all names and ways to it; each login is made once, so a wrong one is noticed", async () => {
    const ways = [{}, { host: "localhost" }, { deadline: 9 }, { name: "another" }, {}];
    const jobs = ways.map((changes, index) => sessionFor(server.connection(changes)).submit(add(`-a ${index}.`)));
    await Promise.all(jobs);
    // One name is no other login, and two that are the same are one.
    expect(server.counts.logins).toBe(3);
    expect(trips().filter((kind) => kind === "connect")).toHaveLength(3);
    expect(trips().filter((kind) => kind === "observe")).toHaveLength(1);
    expect(sessionFor(server.connection({ name: "another" })).name).toBe("another");
    const wrong = sessionFor(server.connection({ name: "third", privateKey: newKey().private }));
    await expect(wrong.submit(add("-a 9."))).rejects.toThrow("third: no connection: the login was refused");
    await sessionFor(server.connection({ host: "localhost" })).submit(add("-a 8."));
    expect(server.counts).toMatchObject({ logins: 3, refused: 1 });
  });

  test("after its connection was cut, it is still the one", async () => {
    await sessionFor(server.connection()).submit(add("-a 1."));
    server.cut();
    await sessionFor(server.connection({ host: "localhost" })).submit(add("-a 2."));
    expect(server.counts.logins).toBe(3);
    expect(await sessionFor(server.connection({ host: "localhost" })).machine()).toEqual(
      await sessionFor(server.connection()).machine(),
    );
  });
});
