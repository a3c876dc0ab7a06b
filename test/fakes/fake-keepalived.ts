import { loadFragments } from "../../provider/dialects/keepalived/load";
import { restoreDaemon } from "../../provider/dialects/keepalived/restore";
import { beginStage, stageFragment, testStage } from "../../provider/dialects/keepalived/stage";
import { keepalivedConfig } from "../../provider/facts/keepalived/config";
import { keepalivedDaemon } from "../../provider/facts/keepalived/daemon";
import { fragmentPath, MAIN_FILE } from "../../provider/facts/keepalived/paths";
import type { Command } from "../../provider/step";
import { argsOf, CommandFailure, shellOf } from "./fake-host";

/** The keepalived of a fake host: a part of it, which answers and does what is about the daemon. */
export class FakeKeepalived {
  /** Undefined: not installed. */
  version: string | undefined = "2.2.7";
  activeState = "inactive";
  enabled = "enabled";
  /** Paths with an executable bit. */
  readonly executable = new Set<string>();
  /** Lines of the files of its options. */
  readonly options: string[] = [];
  /** The words of `keepalived -t` about fragments by name; undefined: nothing against them. */
  refusal: (fragments: ReadonlyMap<string, string>) => string | undefined = () => undefined;
  readonly #did: string[] = [];
  readonly #files: Map<string, string>;
  #process = 1;
  #read = new Map<string, string>();
  #stage = new Map<string, string>();
  readonly #staged = new Set<string>();
  readonly #pending = new Set<string>();

  constructor(files: Map<string, string>) {
    this.#files = files;
  }

  answer(command: Command): string | undefined {
    if (shellOf(command) === shellOf(keepalivedDaemon.command)) return this.#daemon();
    return shellOf(command) === shellOf(keepalivedConfig.command) ? this.#config() : undefined;
  }

  /** Whether the command was one of the daemon's. */
  execute(command: Command): boolean {
    const [first = "", second] = argsOf(command);
    if (isLike(command, beginStage.command)) this.#begin();
    else if (isLike(command, stageFragment("", undefined).command)) this.#stageOne(first, second);
    else if (isLike(command, testStage(undefined).command)) this.#test();
    else if (isLike(command, loadFragments("stop").command)) this.#load(first);
    else if (isLike(command, restoreDaemon({ running: false, enabled: "", protocol: true }).command))
      this.#restore(first, second ?? "");
    else if ("run" in command && command.run[0] === "chmod") this.executable.delete(command.run.at(-1) ?? "");
    else return false;
    return true;
  }

  /** As an operator, a boot or a crash does it. */
  start(): void {
    if (this.fragments().size === 0 && !this.#hasForeignWork())
      throw new CommandFailure(1, "Job for keepalived.service failed because a timeout was exceeded.");
    this.activeState = "active";
    this.#process += 1;
    this.#read = new Map(this.#included());
    this.#did.push("start");
  }

  reload(): void {
    this.#read = new Map(this.#included());
    this.#did.push("reload");
  }

  stop(): void {
    if (this.activeState === "active") this.#did.push("stop");
    this.activeState = "inactive";
    this.#read.clear();
  }

  /** Our files by name. */
  fragments(): ReadonlyMap<string, string> {
    const name = (path: string) => /^\/etc\/keepalived\/pulumi-lvs\.d\/([^./][^/]*)\.conf$/.exec(path)?.[1];
    return new Map(
      [...this.#files]
        .flatMap(([path, text]) => [[name(path), text] as const])
        .flatMap(([of, text]) => (of === undefined ? [] : [[of, text] as const])),
    );
  }

  /** What was done with the daemon: `start`, `reload`, `stop`. */
  get did(): readonly string[] {
    return this.#did;
  }

  /** What the daemon has read of them. */
  get loaded(): ReadonlyMap<string, string> {
    return this.#read;
  }

  #included(): ReadonlyMap<string, string> {
    return (this.#files.get(MAIN_FILE) ?? "").includes("include /etc/keepalived/pulumi-lvs.d/*.conf")
      ? this.fragments()
      : new Map();
  }

  #hasForeignWork(): boolean {
    return /vrrp_instance|virtual_server/.test(this.#files.get(MAIN_FILE) ?? "");
  }

  #daemon(): string {
    const pid = this.activeState === "active" ? String(this.#process) : "0";
    const installed = this.version !== undefined;
    const line = (name: string, text: string) => `${fragmentPath(name)} ${text.length} ${hash(text)}`;
    const all = [...this.fragments()];
    for (const path of this.executable) if (!this.#files.has(path)) this.executable.delete(path);
    return [
      ...(installed ? [`version Keepalived v${this.version} (01/16,2022)`] : []),
      `LoadState=${installed ? "loaded" : "not-found"}`,
      `ActiveState=${this.activeState}`,
      `UnitFileState=${installed ? this.enabled : ""}`,
      `MainPID=${pid}`,
      ...this.options.map((option) => `option ${option}`),
      ...[...this.executable].map((path) => `executable ${path}`),
      ...all.filter(([name, text]) => this.#read.get(name) !== text).map(([name]) => `newer ${fragmentPath(name)}`),
      ...all.map(([name, text]) => `file ${line(name, text)}`),
      `loaded MainPID=${pid}`,
      ...[...this.#read].map(([name, text]) => `loaded ${line(name, text)}`),
      ...[...this.#pending].map((name) => `pending ${name}`),
    ]
      .map((text) => `${text}\n`)
      .join("");
  }

  #config(): string {
    const lines = (this.#files.get(MAIN_FILE) ?? "").split("\n");
    return lines.map((text, index) => `${index + 1}\t${MAIN_FILE}\t${text.replace(/[#!].*/, "")}\n`).join("");
  }

  #begin(): void {
    this.#stage = new Map(this.fragments());
    this.#staged.clear();
  }

  #stageOne(name: string, text: string | undefined): void {
    this.#staged.add(name);
    if (text === undefined) this.#stage.delete(name);
    else this.#stage.set(name, text);
  }

  #test(): void {
    const words = this.refusal(this.#stage);
    if (words !== undefined)
      throw new CommandFailure(1, `keepalived -t refuses the configuration with this change (exit code 5):\n${words}`);
    for (const name of this.#staged) this.#pending.add(name);
  }

  #load(whenEmpty: string): void {
    const isEmpty = this.fragments().size === 0;
    if (this.version === undefined) return;
    if (isEmpty && whenEmpty === "stop") this.stop();
    else {
      if (!isEmpty) this.enabled = "enabled";
      if (this.activeState === "active") this.reload();
      else if (!isEmpty) this.start();
    }
    this.#pending.clear();
  }

  #restore(running: string, enabled: string): void {
    if (this.fragments().size > 0) return;
    if (running !== "running") this.stop();
    if (enabled === "disabled") this.enabled = "disabled";
    this.#pending.clear();
  }
}

function isLike(command: Command, other: Command): boolean {
  return shellOf(other) !== "" && shellOf(command) === shellOf(other);
}

/** Without blanks, as the name of what a file has. */
function hash(text: string): string {
  return Buffer.from(text).toString("base64");
}
