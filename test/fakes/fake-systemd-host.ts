import { sshPath } from "../../provider/facts/network/ssh-path";
import { unit } from "../../provider/kinds/systemd-service/facts";
import type { Command } from "../../provider/step";
import { argsOf, CommandFailure, FakeHost, shellOf } from "./fake-host";

interface FakeUnit {
  active: string;
  file: string;
}

/** A host with systemd units. Under contract: test/fakes/contracts/systemd-host.ts. */
export class FakeSystemdHost extends FakeHost {
  readonly units = new Map<string, FakeUnit>();
  /** Other names of units. */
  readonly aliases = new Map<string, string>();
  /** The commands of systemctl that were run, as `stop nginx.service`. */
  readonly commands: string[] = [];
  sshPath = "";
  /** What a unit's file state is beneath a mask. */
  readonly #unmasked = new Map<string, string>();

  answer(command: Command): string | undefined {
    if (shellOf(command) === shellOf(sshPath.command)) return this.sshPath;
    if (shellOf(command) !== shellOf(unit("").command)) return undefined;
    const [given = ""] = argsOf(command);
    const name = this.aliases.get(given) ?? given;
    const names = [name, ...[...this.aliases.keys()].filter((alias) => this.aliases.get(alias) === name)].join(" ");
    const { active, file } = this.units.get(name) ?? { active: "inactive", file: "" };
    const load = !this.units.has(name) ? "not-found" : file.startsWith("masked") ? "masked" : "loaded";
    const sub = active === "active" ? "running" : "dead";
    return `Id=${name}\nNames=${names}\nLoadState=${load}\nActiveState=${active}\nSubState=${sub}\nUnitFileState=${file}\n`;
  }

  execute(command: Command): void {
    if (shellOf(command).startsWith("rmdir")) return;
    const words = "run" in command ? command.run.slice(1) : ["start", "--", ...argsOf(command)];
    const [verb, name = ""] = [words.slice(0, words.indexOf("--")).join(" "), words.at(-1)];
    this.commands.push(`${verb} ${name}`);
    const found = this.units.get(name);
    if (verb === "mask") this.#mask(name, found);
    else if (found !== undefined) this.#change(verb, name, found);
    else if (verb === "start") throw new CommandFailure(5, `Failed to start ${name}: Unit ${name} not found.`);
    else if (verb === "stop") throw new CommandFailure(5, `Failed to stop ${name}: Unit ${name} not loaded.`);
    else throw new CommandFailure(1, `Failed to ${verb} unit: Unit file ${name} does not exist.`);
  }

  #change(verb: string, name: string, at: FakeUnit): void {
    const isMasked = at.file.startsWith("masked");
    if (verb === "start" && isMasked) {
      throw new CommandFailure(1, `Failed to start ${name}: Unit ${name} is masked.`);
    }
    if (verb === "enable" && isMasked) {
      throw new CommandFailure(1, `Failed to enable unit: Unit file /etc/systemd/system/${name} is masked.`);
    }
    if (verb === "start") at.active = "active";
    else if (verb === "stop") at.active = "inactive";
    else if (verb.startsWith("unmask")) this.#unmask(verb, name, at);
    else if (!isMasked && at.file !== "static") at.file = verb === "enable" ? "enabled" : "disabled";
  }

  /** A mask hides whether the unit is enabled, and leaves it so. It may stand where no unit is yet. */
  #mask(name: string, found: FakeUnit | undefined): void {
    const { active, file } = found ?? { active: "inactive", file: "" };
    if (!file.startsWith("masked")) this.#unmasked.set(name, file);
    this.units.set(name, { active, file: "masked" });
  }

  #unmask(verb: string, name: string, at: FakeUnit): void {
    if (at.file !== (verb === "unmask" ? "masked" : "masked-runtime")) return;
    at.file = this.#unmasked.get(name) ?? "disabled";
    if (at.file === "") this.units.delete(name);
  }
}
