import { pathState, UNMAKE } from "../../provider/facts/files/path-state";
import { CHANGED_MEANWHILE } from "../../provider/file-step";
import { digestOf } from "../../provider/kinds/file/content";
import { fileLook } from "../../provider/kinds/file/facts";
import { forgetSteps, reloadStep, restoreStep } from "../../provider/kinds/file/restore";
import type { WantedFile } from "../../provider/kinds/file/schema";
import { keepStep, writeStep } from "../../provider/kinds/file/write";
import { decode, encode } from "../../provider/model/bytes";
import { type Command, describeCommand, type Step } from "../../provider/step";
import { makeDirectory, placeAt, unmake } from "./directories";
import { argsOf, CommandFailure, FakeHost, shellOf } from "./fake-host";

interface Stat {
  readonly mode: string;
  readonly owner: string;
  readonly group: string;
}

const MADE: Stat = { mode: "0644", owner: "root", group: "root" };
const IDS: Readonly<Record<string, string>> = { root: "0", adm: "4", "www-data": "33" };

/** A host with files, and units that read them when they are told. Under contract: test/fakes/contracts/file-host.ts. */
export class FakeFileHost extends FakeHost {
  /** Those of files that are not as usual. */
  readonly stats = new Map<string, Stat>();
  /** Running units, each with the text of the file that it has read last. */
  readonly units = new Map<string, string>();
  /** What each unit reads. */
  readonly reads = new Map<string, string>();
  /** A text that no program takes for valid. */
  invalid: RegExp = /bad/;

  daemonReloads = 0;

  put(path: string, text: string, stat: Stat = MADE): void {
    this.files.set(path, text);
    if (stat === MADE) this.stats.delete(path);
    else this.stats.set(path, stat);
  }

  start(unit: string, path: string): void {
    this.reads.set(unit, path);
    this.units.set(unit, this.files.get(path) ?? "");
  }

  answer(command: Command): string | undefined {
    const [sh, args] = [shellOf(command), argsOf(command)];
    if (sh === shellOf(fileLook("", "", "").command)) return this.#look(args);
    return sh === shellOf(pathState("").command) ? placeAt(args[0] ?? "", this) : undefined;
  }

  execute(command: Command): void {
    const [sh, args] = [shellOf(command), argsOf(command)];
    if ("run" in command && command.run[1] === "daemon-reload") this.daemonReloads += 1;
    else if ("run" in command && command.run[0] === "mkdir") makeDirectory(command.run.at(-1) ?? "", this);
    else if ("run" in command && command.run[0] === "rm") this.#remove(command.run.at(-1) ?? "");
    else if (sh === UNMAKE) unmake(args, this);
    else if (sh === shOf(keepStep(""))) this.#copy(args[0] ?? "", args[1] ?? "");
    else if (sh === shOf(writeStep(NOTHING, undefined)))
      this.#write(args, "stdin" in command ? (command.stdin ?? "") : "");
    else if (sh === shOf(restoreStep("", false))) this.#restore(args);
    else if (sh === shOf(forgetSteps("", "copy")[0])) for (const path of args) this.#remove(path);
    else if (sh === shOf(reloadStep(""))) this.#reload(args[0] ?? "");
    else throw new Error(`the fake does not know ${describeCommand(command)}`);
  }

  #look([path = "", known, kept = ""]: readonly string[]): string {
    const marks = ["begun", "last", "none"].filter((mark) => this.files.has(`${kept}+${mark}`));
    const head = [this.files.has(kept) ? "kept" : "", ...marks.map(() => "begun")].join(" ");
    const text = this.files.get(path);
    if (text === undefined) return `${head}\n${this.directories.has(path) ? "other\ndirectory" : "missing"}\n`;
    const { mode, owner, group } = this.stats.get(path) ?? MADE;
    const bytes = encode(text);
    const digest = digestOf(bytes);
    const numbers = [bytes.length, mode.replace(/^0/, ""), IDS[owner] ?? owner, IDS[group] ?? group, 1].join(" ");
    return `${head}\nfile\n${numbers}\n${owner}\n${group}\n${digest}\n${digest === known ? "" : `text\n${text}`}`;
  }

  #copy(from: string, to: string): void {
    this.put(to, this.files.get(from) ?? "", this.stats.get(from));
  }

  #remove(path: string): void {
    this.files.delete(path);
    this.stats.delete(path);
  }

  #write(args: readonly string[], stdin: string): void {
    const [path = "", was, mode = "", owner = "", kept = "", form, how, unit = "", read, secret, ...words] = args;
    const text = form === "base64" ? decode(Buffer.from(stdin, "base64")) : stdin;
    const [user = "", group = ""] = owner.split(":");
    if (unit !== "" && !this.reads.has(unit)) throw new CommandFailure(1, noUnit(unit));
    if (IDS[user] === undefined) throw new CommandFailure(1, `chown: invalid user: '${owner}'`);
    const isValid = words.length === 0 || !this.invalid.test(text);
    if (how === "before" && !isValid) throw new CommandFailure(1, invalid(path, words, secret));
    const wasBegun = this.files.has(`${kept}+begun`);
    if (read !== "") this.put(`${kept}+begun`, "");
    const isTried = this.files.has(`${kept}+last`) || this.files.has(`${kept}+none`);
    if (how === "in place" && !isTried) {
      if (this.files.has(path)) this.#copy(path, `${kept}+last`);
      else this.put(`${kept}+none`, "");
    }
    const now = this.files.get(path);
    if ((now === undefined ? "none" : digestOf(encode(now))) !== was)
      throw new CommandFailure(CHANGED_MEANWHILE, `${path} was changed by somebody else meanwhile`);
    const stat = { mode, owner: user, group };
    this.put(path, text, Object.values(stat).join() === Object.values(MADE).join() ? MADE : stat);
    if (how !== "in place") return;
    if (!isValid) this.#putBack(path, kept);
    this.#remove(`${kept}+last`);
    this.#remove(`${kept}+none`);
    if (isValid) return;
    if (!wasBegun) this.#remove(`${kept}+begun`);
    throw new CommandFailure(1, invalid(path, words, secret));
  }

  #putBack(path: string, kept: string): void {
    if (this.files.has(`${kept}+last`)) this.#copy(`${kept}+last`, path);
    else this.#remove(path);
  }

  #restore([path = "", kept = ""]: readonly string[]): void {
    if (kept === "") this.#remove(path);
    else this.#copy(kept, path);
  }

  #reload(unit: string): void {
    if (!this.units.has(unit)) return;
    const text = this.files.get(this.reads.get(unit) ?? "") ?? "";
    if (this.invalid.test(text)) throw new CommandFailure(1, `Job for ${unit} failed.`);
    this.units.set(unit, text);
  }
}

const NOTHING: WantedFile = {
  ...{ path: "", content: "", sha256: "", mode: "", owner: "", group: "", createPath: true },
  ...{ validate: [], secret: false, allowCuttingOff: false },
};

function shOf(step: Step | undefined): string {
  return step !== undefined && "command" in step ? shellOf(step.command) : "";
}

function noUnit(unit: string): string {
  return `this host has no unit ${unit}: install its package first, with a Package, and let this file depend on it`;
}

function invalid(path: string, words: readonly string[], secret: string | undefined): string {
  const shown = secret === "" ? "bad" : "(what it says is not shown, as the content of the file is a secret)";
  return `${path} is as it was: its new content is not valid. ${words.join(" ")} ended with exit code 1:\n${shown}`;
}
