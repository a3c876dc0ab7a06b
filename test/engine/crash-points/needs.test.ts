import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Session } from "../../../provider/host/session/job";
import type { Command } from "../../../provider/step";
import type { LabHost } from "../../../tools/lab/index";
import { LabResource } from "../../lab/resource";
import { FakeSession } from "./fake-session";
import type { FakeLife } from "./life";
import { lives } from "./lives";

const ADDRESS = { name: "web1", connection: { host: "192.0.2.1" } } as unknown as LabHost;

const PROGRAMS = ["ip", "sysctl"] as const;

/** Where a program is started: as the first word of a command. */
const started = (program: string) =>
  new RegExp(
    String.raw`(?:^|[;&|({!\n]|\b(?:then|do|else|if|elif|while|until|exec|timeout(?: -\S+(?: [A-Z]+)?)* \d+)\s)\s*${program}\s`,
  );

/** The programs that the commands of a life start, and what its jobs say that they need. */
async function usedBy({ kind, host, args, others = [] }: FakeLife) {
  const used = new Set<string>();
  const needed = new Set<string>();
  const note = (command: Command) => {
    const text = "run" in command ? `${command.run.join(" ")} ` : command.sh;
    for (const program of PROGRAMS) if (started(program).test(text)) used.add(program);
  };
  const session = new FakeSession(host);
  const submit: Session["submit"] = session.submit;
  session.submit = async (job) => {
    for (const { command } of job.facts) note(command);
    for (const program of job.needs?.programs ?? []) needed.add(program);
    const report = await submit(job);
    for (const { step } of report.done) if ("command" in step) note(step.command);
    return report;
  };
  const resource = new LabResource(kind, ADDRESS, () => session);
  for (const each of [args, ...others, args]) await resource.up(each);
  await resource.refresh();
  await resource.destroy();
  return { used, needed };
}

const kinds = [...new Set(lives.map(({ kind }) => kind.name))];

const page = readFileSync(join(__dirname, "..", "..", "..", "docs", "hosts.md"), "utf8");

/** The programs that the page says a kind needs. */
function documented(kind: string): readonly string[] {
  const rows = page.split("\n").map((line) => line.split("|").map((cell) => cell.trim()));
  return PROGRAMS.filter((program) =>
    rows.some(([, name, , users = ""]) => name === `\`${program}\`` && users.split(", ").includes(`\`${kind}\``)),
  );
}

test.each(kinds)(
  "%s asks for all programs that it starts and that not every host has, and for no other",
  async (name) => {
    const [used, needed] = [new Set<string>(), new Set<string>()];
    for (const life of lives.filter(({ kind }) => kind.name === name)) {
      const seen = await usedBy(life);
      for (const program of seen.used) used.add(program);
      for (const program of seen.needed) needed.add(program);
    }
    expect([...needed].sort()).toEqual([...used].sort());
    expect(documented(name)).toEqual([...used].sort());
  },
);
