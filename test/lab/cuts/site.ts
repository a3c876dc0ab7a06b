import { setTimeout as sleep } from "node:timers/promises";
import type { Session } from "../../../provider/host/session/job.ts";
import { openSession } from "../../../provider/host/session/session.ts";
import { type ConnectionInput, connection } from "../../../provider/model/connection.ts";
import type { LabHost } from "../../../tools/lab/index.ts";
import { KeptShell } from "../kept-shell.ts";
import type { Interruption, Usual } from "./interruption.ts";
import { type Cut, CuttingRelay } from "./relay.ts";

/** A run that was interrupted, or had ended before. */
export interface Run {
  readonly isMade: boolean;
  readonly failed: readonly unknown[];
  readonly seconds: number;
  /** What it should not have done. */
  readonly problems: readonly string[];
}

type Work = (session: Session) => Promise<readonly unknown[]>;

/** A host, and the ways to it: one on which connections are cut, and one that is always there. */
export class Site {
  readonly #host: LabHost;
  readonly #relay: CuttingRelay;
  readonly #kept: KeptShell;

  private constructor(host: LabHost, relay: CuttingRelay) {
    this.#host = host;
    this.#relay = relay;
    this.#kept = new KeptShell(connection.parse({ name: host.name, ...host.connection }));
  }

  static async of(host: LabHost): Promise<Site> {
    const site = new Site(host, await CuttingRelay.to(host.connection.port));
    await site.sh(`ps -o sid= -p $$ | tr -d ' ' > ${KEPT}`);
    return site;
  }

  /** As programs know it. */
  get connection() {
    return { ...this.#host.connection, name: this.#host.name, port: this.#relay.port };
  }

  /** Of a run that nothing happens to. */
  session(): Session {
    return this.#kept.session();
  }

  sh(text: string): Promise<string> {
    return this.#kept.sh(text);
  }

  close(): void {
    this.#kept.close();
    this.#relay.close();
  }

  /** Runs to the end, on the way on which others are cut: what passes there for each, the login included. */
  async watch(works: readonly ((session: Session) => Promise<void>)[]): Promise<readonly Usual[]> {
    const shell = new KeptShell(connection.parse(this.connection));
    const login = await this.#timed(() => shell.sh(":"));
    const all: Usual[] = [];
    for (const work of works) {
      const { passed, milliseconds } = await this.#timed(() => work(shell.session()));
      all.push({ passed: [...login.passed, ...passed], milliseconds: login.milliseconds + milliseconds });
    }
    shell.close();
    return all;
  }

  async #timed(work: () => Promise<unknown>): Promise<Usual> {
    const start = performance.now();
    this.#relay.passed = [];
    await work();
    return { passed: this.#relay.passed, milliseconds: performance.now() - start };
  }

  /** Runs, and is interrupted on the way. */
  async interrupt(by: Interruption, work: Work): Promise<Run> {
    const effects: Promise<unknown>[] = [];
    let isMade = false;
    const start = performance.now();
    const happen = () => {
      isMade = true;
      effects.push(by.manner === "freeze" ? this.#freeze(by.thawAfter) : this.#kill(by.isKilled));
    };
    if (by.at === "start") {
      happen();
      await Promise.all(by.manner === "freeze" && by.thawAfter === undefined ? effects : []);
    } else this.#relay.arm(by.manner === "freeze" ? { ...PASSED, at: by.at } : by, happen);
    const session = this.#open(by.manner === "freeze" && by.thawAfter !== undefined ? USUAL : SHORT);
    const failed = await work(session).finally(() => session.close());
    const seconds = (performance.now() - start) / 1000;
    this.#relay.mend();
    await Promise.all(effects);
    if (by.manner === "freeze") await this.#host.thaw();
    this.#relay.drop();
    return { isMade, failed, seconds, problems: problemsOf(by, failed, seconds) };
  }

  /** Undefined: until it is thawed. */
  async #freeze(milliseconds: number | undefined): Promise<void> {
    await this.#host.freeze();
    if (milliseconds === undefined) return;
    await sleep(milliseconds);
    await this.#host.thaw();
  }

  async #kill(isKilled: boolean): Promise<void> {
    if (isKilled) await this.#host.sh(KILL, { check: false });
  }

  #open(limits: Limits) {
    return openSession(connection.parse({ ...this.connection, ...limits }), undefined, () => undefined);
  }
}

type Limits = Pick<ConnectionInput, "deadline" | "perDialTimeout" | "dialErrorLimit">;

/** What bounds a silence. */
const SHORT: Limits = { deadline: 2, perDialTimeout: 2, dialErrorLimit: 1 };
const USUAL: Limits = { deadline: 60, perDialTimeout: 15, dialErrorLimit: 10 };

/** Seconds: a keepalive ends a connection on which nothing is heard; a host that may be cut off is waited for. */
const LIMIT = 120;

const PASSED: Omit<Cut, "at"> = { manner: "none", towards: "both", isLasting: false, resetAfter: undefined };

function problemsOf(by: Interruption, failed: readonly unknown[], seconds: number): readonly string[] {
  const late = seconds > LIMIT ? [`the run ended after ${seconds.toFixed(0)} s`] : [];
  if (by.manner !== "freeze") return late;
  if (by.thawAfter !== undefined)
    return [...late, ...failed.map((error) => `the host answered in time, and yet: ${String(error)}`)];
  return [
    ...late,
    ...failed
      .filter((error) => !TOLD.test(String(error)))
      .map((error) => `host, wait or time is not told: ${String(error)}`),
  ];
}

/** Which host, and how long it was waited for. */
const TOLD = /^\w*Error: web1: .*\b\d+ s\b/s;

/** The session of the shell that is kept. */
const KEPT = "/run/kept-shell";

/** Ends all processes of the sessions that were opened for runs. */
const KILL = `read -r kept < ${KEPT}
for pid in $(pgrep -f '[t]ee /dev/null; } 3>&1'); do
  sid=$(ps -o sid= -p "$pid" | tr -d ' ')
  [ "$sid" = "$kept" ] || pkill -KILL -s "$sid"
done`;
