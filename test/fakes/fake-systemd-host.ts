import { sshPath } from "../../provider/facts/network/ssh-path";
import { type Unit, unit } from "../../provider/kinds/systemd-service/facts";
import type { Command } from "../../provider/step";
import { FakeHost, shellOf } from "./fake-host";

/** A host with units, which follow systemctl as systemd's own do. */
export class FakeSystemdHost extends FakeHost {
  readonly units = new Map<string, { active: string; file: string }>();
  readonly told: string[] = [];
  wayIn = "";

  answer(command: Command): string | undefined {
    if (shellOf(command) === shellOf(sshPath.command)) return this.wayIn;
    if (shellOf(command) !== shellOf(unit("").command)) return undefined;
    const [name = ""] = "args" in command ? (command.args ?? []) : [];
    const found = this.units.get(name);
    const load = found === undefined ? "not-found" : found.file.startsWith("masked") ? "masked" : "loaded";
    const said: Record<string, string> = {
      Id: name,
      LoadState: load,
      ActiveState: found?.active ?? "inactive",
      SubState: "",
      UnitFileState: found?.file ?? "",
    } satisfies Record<string, Unit[keyof Unit]>;
    return Object.entries(said)
      .map(([property, value]) => `${property}=${value}\n`)
      .join("");
  }

  execute(command: Command): void {
    const words = "run" in command ? command.run.slice(1) : ["start", "--", ...(command.args ?? [])];
    if ("sh" in command && command.sh.startsWith("rmdir")) return;
    const [verb, name = ""] = [words.slice(0, words.indexOf("--")).join(" "), words.at(-1)];
    this.told.push(`${verb} ${name}`);
    const found = this.units.get(name);
    const at = found ?? { active: "inactive", file: "" };
    if (found === undefined && verb !== "mask") throw new Error(`Unit ${name} could not be found.`);
    if (at.file.startsWith("masked") && ["start", "enable"].includes(verb)) throw new Error(`Unit ${name} is masked.`);
    if (verb === "start") at.active = "active";
    else if (verb === "stop") at.active = "inactive";
    else if (verb === "enable") at.file = "enabled";
    else if (verb === "disable") at.file = at.file === "static" ? "static" : "disabled";
    else if (verb === "mask") at.file = "masked";
    else if (at.file === (verb === "unmask" ? "masked" : "masked-runtime")) at.file = "disabled";
    if (found !== undefined || verb === "mask") this.units.set(name, at);
  }
}
