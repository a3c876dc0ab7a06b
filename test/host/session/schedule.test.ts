import { schedule } from "../../../provider/host/session/schedule";
import { describeCommand, type FileStep, type RuleStep, run, type Step } from "../../../provider/step";

const rule = (...words: string[]): RuleStep => ({ rule: words });
const add = (file: string, line: string): FileStep => ({
  file,
  summary: `add ${line}`,
  edit: (text) => `${text ?? ""}${line}`,
});
const once = (...words: [string, ...string[]]): Step => ({ ...run(...words), once: true });
const reload = once("systemctl", "daemon-reload");
const claim = (...words: [string, ...string[]]): Step => ({ ...run(...words), claims: "daemon" });
const release = (...words: [string, ...string[]]): Step => ({ ...run(...words), releases: "daemon" });

interface Row {
  readonly name: string;
  readonly why: string;
  readonly jobs: readonly (readonly Step[])[];
  readonly isolated?: boolean;
  /** What is run, and for which jobs. */
  readonly commands: readonly (readonly [string, ...number[]])[];
}

const rows: Row[] = [
  {
    name: "what is shared, and needed by nobody else",
    why: "the last one puts it back",
    jobs: [[run("rm", "a"), release("stop", "daemon")], [run("x")]],
    commands: [
      ["rm a", 0],
      ["stop daemon", 0],
      ["x", 1],
    ],
  },
  {
    name: "what is shared, and needed by another job",
    why: "the last one did not know of it, and leaves it alone",
    jobs: [
      [run("rm", "a"), release("stop", "daemon"), { ...add("/record", "gone"), releases: "daemon" }],
      [claim("start", "daemon")],
    ],
    commands: [
      ["rm a", 0],
      ["start daemon", 1],
    ],
  },
  {
    name: "rules",
    why: "one process for all of them",
    jobs: [[rule("-A"), rule("-a")], [rule("-e")]],
    commands: [["ipvsadm -R (3 rules)", 0, 0, 1]],
  },
  {
    name: "one rule",
    why: "its error is its own",
    jobs: [[rule("-A", "-t", "x")]],
    commands: [["ipvsadm -A -t x", 0]],
  },
  {
    name: "rules first",
    why: "what others do does not come between",
    jobs: [
      [rule("-A"), run("arping")],
      [run("true"), rule("-a")],
    ],
    commands: [
      ["true", 1],
      ["ipvsadm -R (2 rules)", 0, 1],
      ["arping", 0],
    ],
  },
  {
    name: "one file",
    why: "written once for all who change it",
    jobs: [
      [add("/f", "a"), run("x")],
      [run("y"), add("/f", "b")],
    ],
    commands: [
      ["y", 1],
      ["edit /f: add a, add b", 0, 1],
      ["x", 0],
    ],
  },
  {
    name: "once",
    why: "after everything that led to it",
    jobs: [
      [add("/a", "1"), reload],
      [add("/b", "2"), reload, run("start")],
    ],
    commands: [
      ["edit /a: add 1", 0],
      ["edit /b: add 2", 1],
      ["systemctl daemon-reload", 0, 1],
      ["start", 1],
    ],
  },
  {
    name: "not once",
    why: "each its own",
    jobs: [[run("x")], [run("x")]],
    commands: [
      ["x", 0],
      ["x", 1],
    ],
  },
  {
    name: "two that wait for each other",
    why: "the first goes on, and the other one gets its turn",
    jobs: [
      [add("/a", "1"), add("/b", "2")],
      [add("/b", "3"), add("/a", "4")],
    ],
    commands: [
      ["edit /a: add 1", 0],
      ["edit /b: add 2, add 3", 0, 1],
      ["edit /a: add 4", 1],
    ],
  },
  {
    name: "isolated",
    why: "a second try, in which each error finds its owner",
    jobs: [[rule("-A"), rule("-a")], [rule("-e"), reload], [reload]],
    isolated: true,
    commands: [
      ["ipvsadm -A", 0],
      ["ipvsadm -a", 0],
      ["ipvsadm -e", 1],
      ["systemctl daemon-reload", 1],
      ["systemctl daemon-reload", 2],
    ],
  },
  {
    name: "nothing to write",
    why: "a file that says it already is left alone",
    jobs: [[{ file: "/f", summary: "keep", edit: (text) => text }, run("x")]],
    commands: [["x", 0]],
  },
];

test.each(rows)("$name: $why", ({ jobs, isolated = false, commands }) => {
  const planned = schedule(
    jobs.map((steps) => ({ steps, isolated })),
    () => undefined,
  );
  expect(planned.map(({ summary, contributions }) => [summary, ...contributions.map(({ job }) => job)])).toEqual(
    commands,
  );
});

test("edits build on each other, and the last write knows what the one before wrote", () => {
  const commands = schedule(
    [
      { steps: [add("/f", "b"), run("x"), add("/f", "c")], isolated: false },
      { steps: [{ file: "/g", summary: "remove", edit: () => undefined }], isolated: false },
    ],
    (path) => (path === "/f" ? "a" : "gone"),
  );
  expect(commands.map(({ command }) => ("args" in command ? command.args : describeCommand(command)))).toEqual([
    ["/f", "ab", "file", "a", "0644"],
    "x",
    ["/f", "abc", "file", "ab", "0644"],
    ["/g", "gone"],
  ]);
});

test("a word that ipvsadm -R would read as two is refused", () => {
  const bad = () => schedule([{ steps: [rule("-A", "-s", "rr -p")], isolated: false }], () => undefined);
  expect(bad).toThrow('a word of a rule must not be empty or contain blanks: "rr -p"');
});
