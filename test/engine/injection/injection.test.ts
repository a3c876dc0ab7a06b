import { Inventory } from "../../../provider/engine/inventory";
import { lifecycle } from "../../../provider/engine/lifecycle";
import { OwnedObjects } from "../../../provider/engine/ownership";
import type { Properties } from "../../../provider/engine/state";
import * as runtime from "../../../provider/runtime";
import { hostileArguments, SUBJECTS, textProperties } from "./hostile-arguments";
import { StubHost } from "./stub-host";

const host = new StubHost();
afterAll(() => {
  host.close();
});

/** The properties that take some of the texts. In all others, each of them is refused before a host is asked. */
const ACCEPTING: Readonly<Record<string, readonly string[]>> = {
  VipAlias: ["device"],
  DrKernelTuning: ["devices"],
  NatKernelTuning: ["devices"],
  SyncDaemon: ["device"],
  NfsExport: ["path", "clients", "file"],
  NfsMount: ["source", "path", "options", "ownSource"],
  Package: ["name"],
  SystemdService: ["name"],
  ReturnRoute: ["device"],
  VrrpInstance: ["device"],
  File: ["path", "content", "owner", "group", "validate", "reload"],
};

test("every kind is tried", () => {
  expect(Object.keys(SUBJECTS).sort()).toEqual(Object.keys(runtime).sort());
});

describe.each(Object.entries(SUBJECTS))("%s", (name, subject) => {
  const hosted = (args: object) => ({ host: { name: "host1", host: "192.0.2.1" }, ...args }) as Properties;

  /** What a host is asked and told for these arguments, by real shells; undefined: refused. */
  async function run(args: object): Promise<readonly string[] | undefined> {
    const fake = subject.fake?.(args);
    const context = { inventory: new Inventory(), session: () => host.session(fake), owned: new OwnedObjects() };
    const life = lifecycle(subject.kind, { ...context, log: () => undefined });
    const { inputs, failures } = await life.check(hosted({}), hosted(args));
    if (failures.length > 0) return undefined;
    host.forget();
    // Stubs change nothing, so it always says that the host still differs.
    await life.create(inputs).catch((error: unknown) => error);
    return host.ran().flat();
  }

  test("runs steps", async () => {
    host.steps = 0;
    expect(await run(subject.args)).not.toHaveLength(0);
    expect(host.steps).toBeGreaterThan(0);
  });

  test("a hostile text in a property is one word of a command, or refused", async () => {
    const accepting = new Set<string>();
    for (const property of textProperties(subject)) {
      const all = hostileArguments(subject, property, (args) => subject.kind.runtime.parse(args).success);
      for (const { text, args } of all) {
        const words = await run(args);
        if (words !== undefined) accepting.add(property);
        const torn = words?.filter((word) => word.includes("CANARY") && !word.includes(text)) ?? [];
        expect({ property, text, torn, ran: host.has("CANARY") }).toEqual({ property, text, torn: [], ran: false });
      }
    }
    expect([...accepting]).toEqual(ACCEPTING[name] ?? []);
  });
});

test("the canary sings where a text is glued into a command", () => {
  const glued = (text: string) => {
    host.runText(`mkdir -p -- /srv/${text}\n`);
    return host.has("CANARY");
  };
  expect(glued("x")).toBe(false);
  expect(glued("$(touch CANARY)")).toBe(true);
});
