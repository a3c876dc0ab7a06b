import { type RuleTarget, TIMEOUTS, targetKey } from "../../facts/ipvs/rule-target";
import type { RuleLine } from "./rule-line";

/** What a load of a rules file leads to. */
export interface Load {
  /** The line that made each object what it is at last, by its key; a line that removed it, too. */
  readonly last: ReadonlyMap<string, RuleLine>;
  /** The line that ends the load, with its reason. */
  readonly stop?: Trouble;
  /** The last command, where it fails: the exit code of the load is its own. */
  readonly failure?: Trouble;
  /** Lines that may or may not have an effect. */
  readonly unsure: readonly Trouble[];
}

export interface Trouble {
  readonly line: RuleLine;
  readonly problem: string;
}

/** Runs the lines one by one as `ipvsadm --restore` does, which reads on after an error of the kernel. */
export function load(lines: readonly RuleLine[]): Load {
  const objects = new Map<string, Set<string>>();
  const last = new Map<string, RuleLine>();
  const unsure: Trouble[] = [];
  let failure: Trouble | undefined;
  for (const line of lines) {
    const { reading } = line;
    if (reading === undefined || reading.does === "nothing") continue;
    if (reading.does === "stop") return { last, stop: { line, problem: reading.problem }, unsure };
    if (reading.does === "unsure") unsure.push({ line, problem: reading.problem });
    else if (reading.does === "clear") {
      for (const [service, servers] of objects) for (const key of [service, ...servers]) last.set(key, line);
      objects.clear();
    } else if (reading.does !== "skip") {
      const problem = apply(reading.does, reading.target, objects);
      if (problem === undefined) record(reading.does, reading.target, line, last, objects);
      failure = problem === undefined ? undefined : { line, problem };
      continue;
    }
    failure = reading.does === "skip" ? { line, problem: reading.problem } : undefined;
  }
  return { last, ...(failure !== undefined && { failure }), unsure };
}

/** What the kernel says against a change. */
function apply(
  does: "add" | "edit" | "delete",
  { service, server }: RuleTarget,
  objects: Map<string, Set<string>>,
): string | undefined {
  if (service === TIMEOUTS) return undefined;
  const servers = objects.get(service);
  if (server === undefined) {
    if (does === "add") return servers === undefined ? undefined : "it is there already";
    return servers === undefined ? "it is not there" : undefined;
  }
  if (servers === undefined) return "its service is not there";
  const exists = servers.has(targetKey({ service, server }));
  if (does === "add") return exists ? "it is there already" : undefined;
  return exists ? undefined : "it is not there";
}

function record(
  does: "add" | "edit" | "delete",
  target: RuleTarget,
  line: RuleLine,
  last: Map<string, RuleLine>,
  objects: Map<string, Set<string>>,
): void {
  const key = targetKey(target);
  last.set(key, line);
  if (target.service === TIMEOUTS) return;
  const servers = objects.get(target.service) ?? new Set();
  if (target.server === undefined) {
    if (does === "add") objects.set(key, servers);
    if (does !== "delete") return;
    for (const server of servers) last.set(server, line);
    objects.delete(key);
  } else if (does === "add") servers.add(key);
  else if (does === "delete") servers.delete(key);
}
