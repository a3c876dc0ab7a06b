import { readFile } from "../../../provider/file-step";
import { keyOf } from "../../../provider/host/session/fact-cache";
import type { Session } from "../../../provider/host/session/job";
import type { LabHost } from "../../../tools/lab/index";
import type { FakeHost } from "../../fakes/fake-host";
import { LabResource } from "../../lab/resource";
import { FakeSession } from "./fake-session";
import { lives } from "./lives";

const ADDRESS = { name: "web1", connection: { host: "192.0.2.1" } } as unknown as LabHost;

/** The ways there and back that a real session would need: it remembers what it has read. */
class Ways {
  readonly session: FakeSession;
  #ways: string[] = [];
  readonly #known = new Set<string>();

  constructor(host: FakeHost) {
    this.session = new FakeSession(host);
    const submit: Session["submit"] = this.session.submit;
    this.session.submit = async (job) => {
      this.#read(
        "look",
        job.facts.map(({ command }) => keyOf(command)),
      );
      const report = await submit(job);
      const steps = report.done.map(({ step }) => step);
      this.#read(
        "look at files",
        steps.flatMap((step) => ("file" in step ? [keyOf(readFile(step.file))] : [])),
      );
      if (steps.length > 0) this.#ways.push("write");
      return report;
    };
  }

  async of(work: Promise<unknown>): Promise<readonly string[]> {
    await work;
    this.#known.clear();
    return this.#ways.splice(0);
  }

  #read(way: string, keys: readonly string[]): void {
    if (keys.some((key) => !this.#known.has(key))) this.#ways.push(way);
    for (const key of keys) this.#known.add(key);
  }
}

/** Of these, the host says in which file they are kept: its text is read once that is known. */
const LOOKS_AT_FILES = ["TunKernelTuning", "VipAlias", "ReturnRoute", "NfsExport"];

test.each(lives)(
  "$kind.name on $on is made, seen and removed in as few ways there and back as there can be",
  async (life) => {
    const ways = new Ways(life.host);
    const resource = new LabResource(life.kind, ADDRESS, () => ways.session);
    const look = LOOKS_AT_FILES.includes(life.kind.name) ? ["look", "look at files"] : ["look"];
    // The way back of packets is moved in one script, and kept for the next boot in another.
    const first =
      life.kind.name === "ReturnRoute" && Reflect.get(life.args, "mode") === "default"
        ? ["look", "write", "look at files"]
        : look;
    expect(await ways.of(resource.up(life.args))).toEqual([...first, "write"]);
    expect(await ways.of(resource.refresh())).toEqual(["look"]);
    expect(await ways.of(resource.destroy())).toEqual([...first, "write"]);
  },
);
