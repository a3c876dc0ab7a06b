import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readFile } from "../../provider/file";
import type { Job } from "../../provider/host/job";
import { type OpenSession, openSession } from "../../provider/host/session";
import { type SshServer, startServer } from "./ssh-server";

let server: SshServer;
let session: OpenSession;
let traced: string;

beforeEach(async () => {
  server = await startServer();
  // Enough of ipvsadm to be told something and to be asked for it.
  server.fake(
    "ipvsadm",
    'case $1 in -R) cat >>"$DIR/table" ;; -S) cat "$DIR/table" ;; *) echo "$@" >>"$DIR/table" ;; esac',
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

const add = (rule: string): Job => ({
  subject: rule,
  observe: [TABLE],
  decide: (seen) => (seen.answer(TABLE).stdout.includes(`${rule}\n`) ? [] : [{ rule: rule.split(" ") }]),
});

const trips = () =>
  readFileSync(traced, "utf8")
    .trim()
    .split("\n")
    .map((line) => (JSON.parse(line) as { kind: string }).kind);

test("jobs that come together travel together, and the next batch needs one round trip", async () => {
  const reports = await Promise.all(Array.from({ length: 100 }, (_, index) => session.submit(add(`-a ${index}.`))));
  expect(trips()).toEqual(["connect", "observe", "apply"]);
  expect(reports.map(({ seen }, index) => seen.answer(TABLE).stdout.includes(`-a ${index}.\n`))).not.toContain(false);
  await Promise.all(Array.from({ length: 100 }, (_, index) => session.submit(add(`-e ${index}.`))));
  expect(trips()).toEqual(["connect", "observe", "apply", "apply"]);
  await session.submit(add("-a 7."));
  expect(trips()).toHaveLength(4);
  expect(server.counts.logins).toBe(1);
});

test("a file is written once for all who change it", async () => {
  const path = join(server.dir, "rules");
  writeFileSync(path, "theirs");
  const edit = (line: string): Job => ({
    subject: line,
    observe: [readFile(path)],
    decide: () => [{ file: path, says: `add ${line}`, edit: (text) => `${text ?? ""}\n${line}` }],
  });
  const reports = await Promise.all(["a", "b", "c"].map((line) => session.submit(edit(line))));
  expect(readFileSync(path, "utf8")).toBe("theirs\na\nb\nc");
  expect(reports.map(({ done }) => done.map(({ command, result }) => [command, result.code]))).toEqual([
    [[`edit ${path}: add a`, 0]],
    [[`edit ${path}: add b`, 0]],
    [[`edit ${path}: add c`, 0]],
  ]);
});
