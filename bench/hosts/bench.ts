/**
 * `npm run bench -- hosts [COUNT [CASE]]`: many hosts in one stack, each with an sshd of its own, beside the engine with as many resources
 * that do nothing and one `xargs -P 64 ssh HOST true`. All of it on this machine: what bounds the bench is its processors.
 */
import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { Stack } from "../../test/e2e/support/stack.ts";
import { time } from "../clock.ts";
import { floor } from "../programs.ts";
import type { Manner } from "./front.ts";
import { type Needed, spentByChildren, watchProvider } from "./processes.ts";
import { ours, VIP } from "./program.ts";
import { makeSite, type Site } from "./site.ts";

interface Case {
  readonly name: string;
  readonly manner: (index: number) => Manner;
  readonly options: readonly string[];
}

const CASES: readonly Case[] = [
  { name: "alike", manner: () => ({}), options: [] },
  { name: "alike, --parallel 128", manner: () => ({}), options: ["--parallel", "128"] },
  { name: "one 2 s late", manner: (index) => (index === 0 ? { late: 2000 } : {}), options: [] },
  { name: "one dead", manner: (index) => (index === 0 ? { dead: true } : {}), options: ["--continue-on-error"] },
  { name: "100 ms away", manner: () => ({ far: 100 }), options: [] },
  { name: "100 ms away, --parallel 128", manner: () => ({ far: 100 }), options: ["--parallel", "128"] },
];

const OPERATIONS = ["up", "no change", "refresh", "drift", "destroy"] as const;
type Operation = (typeof OPERATIONS)[number];

/** What some work took. */
interface Spent {
  readonly ms: number;
  /** Of processors, with that of the hosts, in milliseconds. On a machine that has other work it is what can be compared. */
  readonly cpu: number;
}

interface Run extends Spent {
  /** Its exit code, and the lines that begin an error. */
  readonly outcome: string;
  /** Of the provider. */
  readonly needed: Needed;
  readonly connections: readonly number[];
  /** On the host that started most. */
  readonly processes: number;
  readonly dials: number;
}

export async function benchHosts(count: number, which: string | undefined): Promise<void> {
  const found = CASES.filter(({ name }) => which === undefined || name === which);
  if (found.length === 0) throw new Error(`There is no ${which}: ${CASES.map(({ name }) => name).join("; ")}`);
  for (const one of found) {
    const site = await makeSite(count, one.manner);
    try {
      await measure(site, one);
    } finally {
      site.remove();
    }
  }
}

async function measure(site: Site, { name, options }: Case): Promise<void> {
  console.log(`${site.hosts.length} hosts, ${name}`);
  console.log(
    "          on the clock, s: engine, ours, ssh loop  of processors, s              connections at once   processes   provider MB, CPU s",
  );
  const engine = await Stack.create(undefined, {
    program: { text: floor({ servers: 2 * site.hosts.length - 1, inline: false }) },
    wholeSdk: true,
  });
  const names = site.hosts.map((host) => host.name);
  const stack = await Stack.create(undefined, {
    program: { text: ours(names) },
    hosts: site.connections,
    wholeSdk: true,
  });
  try {
    for (const operation of OPERATIONS) {
      if (operation === "drift") {
        await Promise.all(site.hosts.map(({ sh }) => sh(`ip address del ${VIP}/32 dev lo 2>/dev/null || :`)));
        engine.environment["DRIFT"] = "1";
      }
      const words = [...wordsOf(operation), ...options.filter((option) => isKnown(operation, option))];
      const least = await spend(site, () => engine.pulumi(...words));
      const ours = await ourRun(stack, site, words);
      const loop = operation === "no change" ? { ms: 0, cpu: 0 } : await spend(site, () => sshLoop(site));
      const times = operation === "drift" ? 2 : 1;
      report(operation, { engine: least, loop: { ms: times * loop.ms, cpu: times * loop.cpu } }, ours);
    }
  } finally {
    engine.remove();
    stack.remove();
  }
}

/** A refresh has no such option, and asks all hosts in any case. */
const isKnown = (operation: Operation, option: string) => operation !== "refresh" || option !== "--continue-on-error";

function wordsOf(operation: Operation): readonly string[] {
  const always = ["--yes", "--skip-preview"];
  if (operation === "drift") return ["up", "--refresh", ...always];
  return [operation === "no change" ? "up" : operation, ...always];
}

async function ourRun(stack: Stack, site: Site, words: readonly string[]): Promise<Run> {
  for (const { taken } of site.hosts) taken();
  await mostStarted(site);
  stack.travels();
  const { pid = 0, ended } = stack.start(words);
  const stop = watchProvider(pid);
  const spent = await spend(site, () => ended);
  const needed = stop();
  const { code, text } = await ended;
  if (process.env["SHOW"] !== undefined) console.log(text);
  const errors = text.split("\n").filter((line) => /no connection|error: /.test(line));
  return {
    ...spent,
    needed,
    outcome: code === 0 ? "" : `exit code ${code}, ${errors.length} lines of errors`,
    connections: site.hosts.map(({ taken }) => taken()),
    processes: await mostStarted(site),
    dials: mostAtOnce(stack.travels()),
  };
}

async function spend({ hosts }: Site, work: () => Promise<unknown>): Promise<Spent> {
  const spent = () => hosts.reduce((sum, host) => sum + host.spent(), spentByChildren("self"));
  const before = spent();
  const ms = await time(work);
  // The processes of a host end a moment after its connection.
  let now = spent();
  for (let last = -1; last !== now; now = spent()) {
    last = now;
    await sleep(1000);
  }
  return { ms, cpu: now - before };
}

async function mostStarted({ hosts }: Site): Promise<number> {
  return Math.max(...(await Promise.all(hosts.map(({ started }) => started()))));
}

/** How many dials that succeeded were under way together. */
function mostAtOnce(travels: ReturnType<Stack["travels"]>): number {
  const changes = travels
    .filter(({ kind }) => kind === "connect")
    .flatMap(({ at, ms }) => {
      const end = Date.parse(at);
      return [
        [end - ms, 1],
        [end, -1],
      ] as const;
    })
    .sort(([one, up], [other, down]) => (one === other ? up - down : one - other));
  let now = 0;
  let most = 0;
  for (const [, change] of changes) {
    now += change;
    most = Math.max(most, now);
  }
  return most;
}

function sshLoop({ hosts, sshConfig }: Site): Promise<void> {
  const words = ["-P", "64", "-I", "{}", "ssh", "-F", sshConfig, "-o", "ConnectTimeout=15", "{}", "true"];
  const child = spawn("xargs", words, { stdio: ["pipe", "ignore", "ignore"] });
  child.stdin.end(hosts.map(({ name }) => `${name}\n`).join(""));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", () => resolve());
  });
}

interface Bound {
  readonly engine: Spent;
  readonly loop: Spent;
}

function report(operation: Operation, { engine, loop }: Bound, run: Run): void {
  const seconds = (ms: number) => (ms / 1000).toFixed(1);
  const perHost = [...new Set(run.connections)].sort().join(" or ");
  const inTurn = (what: keyof Spent) => [
    ...[engine, run, loop].map((spent) => seconds(spent[what]).padStart(7)),
    (run[what] / (engine[what] + loop[what])).toFixed(2).padStart(5),
    " ",
  ];
  const cells = [
    operation.padEnd(9),
    ...inTurn("ms"),
    ...inTurn("cpu"),
    `${perHost} a host`.padStart(13),
    String(run.dials).padStart(8),
    String(run.processes).padStart(11),
    `${run.needed.memory.toFixed(0)}, ${seconds(run.needed.cpu)}`.padStart(20),
    run.outcome,
  ];
  if (run.needed.memory > MOST_MEMORY) {
    cells.push(`more than ${MOST_MEMORY} MB`);
    process.exitCode = 1;
  }
  console.log(cells.join(" "));
}

/** MB of the provider, with up to 200 hosts. It was 253 at most; when a collection comes is for V8 to say. */
const MOST_MEMORY = 300;
