import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import * as runtime from "../../provider/runtime";

/** A provider's process, which can be asked to end. */
interface Provider {
  /** Resolves when it has said so. */
  readonly says: (word: string) => Promise<void>;
  readonly ask: (signal: NodeJS.Signals) => void;
  readonly end: Promise<{ readonly signal: unknown; readonly said: string }>;
}

const ROOT = join(__dirname, "..", "..");

let compiled: string;

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), "pulumi-lvs-answers-"));
  compiled = join(folder, "last-answers.cjs");
  const source = join(ROOT, "provider", "host", "last-answers.ts");
  const esbuild = join(ROOT, "node_modules", ".bin", "esbuild");
  execFileSync(esbuild, [source, "--bundle", "--platform=node", "--log-level=silent", `--outfile=${compiled}`], {
    timeout: 20_000,
  });
});

/** `work` is a program's text with `answered`, `say` and `told`, a promise that resolves when a line comes in. */
function provider(work: string): Provider & { readonly tell: () => void } {
  const program = `${compiled}.${Math.random().toString(36).slice(2)}.cjs`;
  writeFileSync(
    program,
    `const { answered } = require(${JSON.stringify(compiled)});
const say = (word) => process.stdout.write(word + "\\n");
const told = new Promise((resolve) => process.stdin.once("data", resolve));
${work}
setInterval(() => {}, 1000);`,
  );
  const child = spawn(process.execPath, [program], { stdio: ["pipe", "pipe", "inherit"] });
  let said = "";
  const listeners = new Set<() => void>();
  child.stdout.on("data", (chunk: Buffer) => {
    said += chunk.toString();
    for (const listener of listeners) listener();
  });
  const says = (word: string) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (!said.includes(`${word}\n`)) return;
        listeners.delete(look);
        resolve();
      };
      listeners.add(look);
      look();
    });
  return {
    says,
    ask: (signal) => child.kill(signal),
    tell: () => child.stdin.write("now\n"),
    end: once(child, "close").then(([, signal]) => ({ signal: signal as unknown, said })),
  };
}

const CREATE = 'answered(async () => { say("begun"); await told; say("made"); }).then(() => say("answered"));';

test.each(["SIGINT", "SIGTERM"] as const)(
  "asked by %s, it answers what is under way, and begins no more",
  async (signal) => {
    const { says, ask, tell, end } = provider(
      `${CREATE}
process.once(${JSON.stringify(signal)}, () =>
  answered(() => say("begun another")).catch((error) => { say(error.message); say("refused"); }));`,
    );
    await says("begun");
    ask(signal);
    await says("refused");
    tell();

    expect(await end).toEqual({
      signal,
      said: `begun\nnothing was done: the provider of this run was ended by ${signal}\nrefused\nmade\nanswered\n`,
    });
  },
);

test("asked again a while later, it ends at once, and not by the same request that comes twice", async () => {
  const { says, ask, end } = provider(`${CREATE}
process.once("SIGTERM", () => { say("asked"); process.once("SIGTERM", () => say("heard twice")); });`);
  await says("begun");
  ask("SIGTERM");
  await says("asked");
  ask("SIGTERM");
  await says("heard twice");
  await setTimeout(1100);
  ask("SIGTERM");

  expect(await end).toEqual({ signal: "SIGTERM", said: "begun\nasked\nheard twice\n" });
});

test("where nothing is under way, before the first change and after the last, it ends at once", async () => {
  const before = provider('say("ready");');
  await before.says("ready");
  before.ask("SIGTERM");
  expect(await before.end).toEqual({ signal: "SIGTERM", said: "ready\n" });

  const after = provider('answered(async () => { throw new Error("failed"); }).catch(() => say("answered"));');
  await after.says("answered");
  after.ask("SIGINT");
  expect(await after.end).toEqual({ signal: "SIGINT", said: "answered\n" });
});

test.each(Object.entries(runtime))(
  "of %s, what changes a host is answered, and a look is not waited for",
  async (_kind, life) => {
    const listening = () => process.listenerCount("SIGTERM");
    const before = listening();
    // Without inputs nothing is contacted: each fails, after it has begun.
    const nothing = {} as never;
    const works = {
      create: () => life.create(nothing),
      update: () => life.update("", nothing, nothing),
      delete: () => life.delete("", nothing),
      read: () => life.read("", nothing),
    };
    const heard: Record<string, number> = {};
    for (const [name, work] of Object.entries(works)) {
      const running = work();
      heard[name] = listening() - before;
      await expect(running).rejects.toThrow();
      expect(listening()).toBe(before);
    }
    expect(heard).toEqual({ create: 1, update: 1, delete: 1, read: 0 });
  },
);
