/**
 * `npm run bench -- hosts [COUNT [CASE]]`: many hosts in one stack, each with an sshd of its own, beside the engine with as many resources
 * that do nothing and one `xargs -P 64 ssh HOST true`. All of it on this machine: what bounds the bench is its processors.
 */
import { spawn } from "node:child_process";
import { Stack } from "../../test/e2e/support/stack.ts";
import { time } from "../clock.ts";
import { floor } from "../programs.ts";
import type { Manner } from "./front.ts";
import { watchProvider } from "./processes.ts";
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

interface Run {
  readonly ms: number;
  /** Its exit code, and the lines that begin an error. */
  readonly outcome: string;
  readonly memory: number;
  readonly cpu: number;
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
    "            engine s   ours s   ssh loop s   ratio   connections   dials at once   processes   provider MB, CPU s",
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
      const least = await time(() => engine.pulumi(...words));
      const run = await ourRun(stack, site, words);
      const loop = operation === "no change" ? 0 : await time(() => sshLoop(site));
      report(operation, { engine: least, loop: operation === "drift" ? 2 * loop : loop }, run);
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
  const start = performance.now();
  const { pid = 0, ended } = stack.start(words);
  const stop = watchProvider(pid);
  const { code, text } = await ended;
  const ms = performance.now() - start;
  if (process.env["SHOW"] !== undefined) console.log(text);
  const errors = text.split("\n").filter((line) => /no connection|error: /.test(line));
  return {
    ms,
    outcome: code === 0 ? "" : `exit code ${code}, ${errors.length} lines of errors`,
    ...stop(),
    connections: site.hosts.map(({ taken }) => taken()),
    processes: await mostStarted(site),
    dials: mostAtOnce(stack.travels()),
  };
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

function report(operation: Operation, { engine, loop }: { engine: number; loop: number }, run: Run): void {
  const seconds = (ms: number) => (ms / 1000).toFixed(1);
  const perHost = [...new Set(run.connections)].sort().join(" or ");
  const cells = [
    operation.padEnd(10),
    seconds(engine).padStart(10),
    seconds(run.ms).padStart(8),
    seconds(loop).padStart(12),
    (run.ms / (engine + loop)).toFixed(2).padStart(7),
    `${perHost} a host`.padStart(13),
    String(run.dials).padStart(15),
    String(run.processes).padStart(11),
    `${run.memory.toFixed(0)}, ${seconds(run.cpu)}`.padStart(20),
    run.outcome,
  ];
  console.log(cells.join(" "));
}
