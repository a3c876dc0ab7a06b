import type { Session } from "../../../provider/host/session/job.ts";
import { connection } from "../../../provider/model/connection.ts";
import { ownValue } from "../../../provider/model/own-value.ts";
import type { HostName, LabHost } from "../../../tools/lab/index.ts";
import { KeptShell } from "../kept-shell.ts";
import { LabResource } from "../resource.ts";
import { declared, names, PREPARE, type ResourceName, stages } from "./declared.ts";
import { differences, LOOK, readLook } from "./look.ts";
import { KEEP, RESET } from "./reset.ts";

/** What a refresh says of a resource: fields that are not as before, or that it is gone. Empty: nothing drifted. */
export type Drifts = ReadonlyMap<ResourceName, readonly string[]>;

/** One host with all kinds on it, and what a program declares there. */
export class Site {
  readonly host: LabHost;
  readonly #resources = new Map<ResourceName, LabResource>();
  readonly #shell: KeptShell;
  /** Of the run that goes on. */
  #session: Session;
  readonly #args: ReadonlyMap<ResourceName, object>;
  readonly #usual = new Map<ResourceName, Readonly<Record<string, unknown>>>();
  #pristine: readonly string[] = [];

  constructor(host: LabHost) {
    this.host = host;
    this.#shell = new KeptShell(connection.parse({ name: host.name, ...host.connection }));
    this.#session = this.#shell.session();
    this.#args = new Map(names.map((name) => [name, JSON.parse(this.#here(JSON.stringify(declared[name][1])))]));
  }

  async make(): Promise<void> {
    await this.host.sh(this.#here(PREPARE));
    for (const name of names)
      this.#resources.set(name, new LabResource(declared[name][0], this.host, () => this.#session));
    await this.repair(new Map(names.map((name) => [name, []])));
    const drifts = await this.refresh();
    if (drifts.size > 0) throw new Error(`there is drift at once: ${inspect(drifts)}`);
    await this.host.sh(KEEP);
    this.#pristine = (await this.type([], [])).looks;
  }

  /** Types what is no business of ours, looks, and types the rest: all in one round trip. */
  async type(before: readonly string[], after: readonly string[]) {
    const run = (typed: string) =>
      `( set -e\n${this.#here(typed)}\n) > /run/typed 2>&1 < /dev/null || { echo 'failed:'; cat /run/typed; echo ${quoted(typed)}; }`;
    const text = await this.host.text([...before.map(run), LOOK, ...after.map(run)].join("\n"));
    const at = text.indexOf("failed:");
    if (at >= 0) throw new Error(`a change could not be made: ${text.slice(at, at + 600)}`);
    return { looks: readLook(text) };
  }

  /** One refresh of all, in a run of its own. */
  async refresh(): Promise<Drifts> {
    this.#session = this.#shell.session();
    const all = await Promise.all(names.map(async (name) => [name, await this.#drift(name)] as const));
    return new Map(all.filter((one): one is [ResourceName, readonly string[]] => one[1] !== undefined));
  }

  /** Brings back what drifted, in the order of the program. */
  async repair(drifts: Drifts): Promise<void> {
    const [error] = (await this.tryRepair(drifts)).values();
    if (error !== undefined) throw error;
  }

  /** The same, and what went wrong, by resource. As with Pulumi, one failure is none of the others'. */
  async tryRepair(drifts: Drifts): Promise<ReadonlyMap<ResourceName, Error>> {
    const errors = new Map<ResourceName, Error>();
    const up = (name: ResourceName) => this.#up(name).catch((error: unknown) => errors.set(name, error as Error));
    for (const stage of stages) await Promise.all(stage.filter((name) => drifts.has(name)).map(up));
    return errors;
  }

  /** As it was right after it was made. */
  async pristine(): Promise<readonly string[]> {
    const { looks } = await this.type([], []);
    return differences(this.#pristine, looks);
  }

  /** After a failure: what was kept, without what others added, and the repair of the rest. */
  async reset(): Promise<void> {
    await this.host.sh(this.#here(RESET));
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const drifts = await this.refresh();
      if (drifts.size === 0) break;
      for (const name of names) if (drifts.has(name)) await this.#up(name);
    }
    this.#pristine = (await this.type([], [])).looks;
  }

  close(): void {
    this.#shell.close();
  }

  /** With this host's addresses. */
  #here(text: string): string {
    const own = this.host.addresses["eth1"] ?? "";
    const vip = `192.168.4.${VIPS[this.host.name] ?? 5}`;
    const [high = 0, low = 0] = own.split(".").slice(2).map(Number);
    const words = {
      "OWN-DASHED": dashed(own),
      OWN: own,
      VIP: vip,
      DASHED: dashed(vip),
      TABLE: `${20000 + high * 256 + low}`,
    };
    return text.replaceAll(/OWN-DASHED|OWN|DASHED|VIP|TABLE/g, (word) => ownValue(words, word) ?? word);
  }

  async #drift(name: ResourceName): Promise<readonly string[] | undefined> {
    const resource = this.#resource(name);
    const drift = await resource.drift();
    const usual = this.#usual.get(name);
    const seen = resource.outputs;
    if (drift === "gone") resource.forget();
    if (drift === "none") {
      this.#usual.set(name, seen);
      return undefined;
    }
    if (drift === "gone" || usual === undefined) return [drift];
    return Object.keys({ ...usual, ...seen }).filter(
      (field) => JSON.stringify(usual[field]) !== JSON.stringify(seen[field]),
    );
  }

  async #up(name: ResourceName): Promise<void> {
    await this.#resource(name).up(this.#args.get(name) ?? {});
  }

  #resource(name: ResourceName): LabResource {
    const found = this.#resources.get(name);
    if (found === undefined) throw new Error(`${name} was not made`);
    return found;
  }
}

/** A VIP for each host, by its last number. */
const VIPS: Partial<Readonly<Record<HostName, number>>> = { web2: 6, rhel1: 7, networkd1: 8, nm1: 11 };

const inspect = (drifts: Drifts) => [...drifts].map(([name, fields]) => `${name} ${fields.join(", ")}`).join("; ");
const dashed = (address: string) => address.replaceAll(".", "-");
const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
