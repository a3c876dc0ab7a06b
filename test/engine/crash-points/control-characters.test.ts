import { print } from "../../../provider/host/print";
import type { Session } from "../../../provider/host/session/job";
import { Answer, observationFor } from "../../../provider/host/session/observation";
import { describeStep, type Result } from "../../../provider/step";
import type { LabHost } from "../../../tools/lab/index";
import type { FakeHost } from "../../fakes/fake-host";
import { LabResource } from "../../lab/resource";
import { Random } from "../../support/random";
import { FakeSession } from "./fake-session";
import type { FakeLife } from "./life";
import { lives } from "./lives";

/** PULUMI_LVS_TEXTS=500 tries more of each life, PULUMI_LVS_SEED=7 others. */
const trials = Number(process.env["PULUMI_LVS_TEXTS"] ?? 12);
const seed = Number(process.env["PULUMI_LVS_SEED"] ?? 1);

const ADDRESS = { name: "web1", connection: { host: "192.0.2.1" } } as unknown as LabHost;

/** What moves a cursor, changes colours, hides or reverses words; bytes that are no UTF-8 are lone surrogates. */
const HARMFUL = /[^\P{C}\n\t\p{Co}\p{Cn}]|[\u2028\u2029]/u;
const WORDS = [
  "\u001b[2J",
  "\u001b]0;x\u0007",
  "\r",
  "\0",
  "\b",
  "\u009b1m",
  "\u202e",
  "\u2066",
  "\u200b",
  "\u2028",
  "\udc9b",
  "\u007f",
] as const;

/** A session of a host in whose answers something stands that nobody would put there. */
class HostileSession extends FakeSession {
  #random: Random | undefined;

  constructor(private readonly hostile: FakeHost) {
    super(hostile);
  }

  /** From now on. Undefined: no more. */
  spoil(random: Random | undefined): void {
    this.#random = random;
  }

  override submit: Session["submit"] = (job) => {
    const plan = () => job.plan(observationFor(job, (command) => new Answer(this.#answer(this.hostile.read(command)))));
    const before = plan();
    const done = [];
    for (const step of before.steps()) {
      const result = this.#random?.below(6) === 0 ? this.#failure() : this.hostile.perform(step);
      done.push({ step, command: describeStep(step), result });
      if (result.code !== 0) break;
    }
    return Promise.resolve({ before, after: done.length === 0 ? before : plan(), done });
  };

  #answer(stdout: string): Result {
    const random = this.#random;
    if (random === undefined || random.below(3) > 0) return { code: 0, stdout, stderr: "" };
    return random.below(10) === 0 ? this.#failure() : { code: 0, stdout: spoilt(stdout, random), stderr: "" };
  }

  #failure(): Result {
    const random = this.#random ?? new Random(0);
    return { code: 1, stdout: random.of(WORDS), stderr: random.below(2) === 0 ? "" : `it failed: ${random.of(WORDS)}` };
  }
}

/** In, before or behind a word of it, or in place of it. */
function spoilt(text: string, random: Random): string {
  const words = [...text.matchAll(/[^\s]+/g)];
  const word = words[random.below(words.length)];
  if (word === undefined) return text + random.of(WORDS);
  const at = word.index + random.of([0, word[0].length, random.below(word[0].length)]);
  return text.slice(0, at) + random.of(WORDS) + text.slice(at + (random.below(4) === 0 ? word[0].length : 0));
}

/** The texts of a state, with the names of maps. */
function textsOf(value: unknown, path: string): readonly (readonly [path: string, text: string])[] {
  if (typeof value === "string") return [[path, value]];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => [
    [`${path} has the name`, name] as const,
    ...textsOf(inner, `${path}.${name}`),
  ]);
}

/** What a life of hostile answers has told, and where. */
async function toldBy(
  { kind, host, args, others = [] }: FakeLife,
  random: Random,
): Promise<readonly (readonly [string, string])[]> {
  const session = new HostileSession(host);
  const resource = new LabResource(kind, ADDRESS, () => session);
  const told: (readonly [string, string])[] = [];
  const attempt = async (name: string, work: () => Promise<unknown>) => {
    try {
      told.push(...textsOf(await work(), `${name}: the state`));
    } catch (error) {
      const { message, stack, reasons, properties } = error as Error & { reasons?: unknown; properties?: unknown };
      told.push(
        [`${name}: an error`, `${message}\n${stack}`],
        ...textsOf({ reasons, properties }, `${name}: an error`),
      );
    }
  };
  if (random.below(4) > 0) await attempt("create", () => resource.plainUp(args));
  const [path, text] = [...host.files][random.below(2 * host.files.size)] ?? [];
  if (path !== undefined) host.files.set(path, spoilt(text ?? "", random));
  session.spoil(random);
  for (const name of resource.exists ? ["refresh", "refresh once more"] : [])
    await attempt(name, () => resource.refresh());
  await attempt("create or update", () => resource.plainUp(random.of([args, ...others])));
  if (resource.exists) await attempt("refresh of it", () => resource.refresh());
  if (resource.exists) await attempt("delete", () => resource.destroy());
  session.spoil(undefined);
  for (const line of resource.said) told.push(["a line", printed(line)]);
  return told;
}

function printed(line: string): string {
  const lines: string[] = [];
  const write = jest.spyOn(process.stdout, "write").mockImplementation((text) => lines.push(String(text)) > 0);
  print(line);
  write.mockRestore();
  return lines.join("");
}

test.each(lives)(
  "$kind.name on $on: no control character of the host is in the state, an error or a line",
  async (life) => {
    const random = new Random(seed);
    let told = 0;
    const found = [];
    for (let trial = 0; trial < trials; trial += 1) {
      const files = new Map(life.host.files);
      const texts = await toldBy(life, random);
      for (const [path, text] of files) life.host.files.set(path, text);
      told += texts.length;
      found.push(...texts.filter(([, text]) => HARMFUL.test(text)));
    }
    expect(found).toEqual([]);
    expect(told).toBeGreaterThan(trials);
  },
);
