import { managerOf } from "../../provider/kinds/package/choose-manager";
import { packageState } from "../../provider/kinds/package/facts";
import type { ManagerName } from "../../provider/kinds/package/schema";
import type { Command } from "../../provider/step";
import { argsOf, FakeHost, shellOf } from "./fake-host";

/** A host with one package manager and its database. */
export class FakePackageHost extends FakeHost {
  readonly installed = new Map<string, string>();
  /** Unpacked, and no more. */
  readonly half = new Set<string>();
  readonly told: string[] = [];

  constructor(readonly manager: ManagerName) {
    super();
  }

  answer(command: Command): string | undefined {
    if (shellOf(command) !== shellOf(packageState("").command)) return undefined;
    const [deb = "", rpm = "", suse = ""] = argsOf(command);
    const name = { "apt-get": deb, dnf: rpm, yum: rpm, zypper: suse }[this.manager];
    const version = this.installed.get(name);
    const line = this.manager === "apt-get" ? `deb install ok installed ${version}` : `rpm ${version}`;
    const half = this.half.has(name) ? "deb install ok unpacked 1.31-1\n" : "";
    return `manager ${this.manager}\n${version === undefined ? half : `${line}\n`}`;
  }

  execute(command: Command): void {
    const { install, remove } = managerOf({ managers: [this.manager] }, undefined);
    const [name = ""] = argsOf(command);
    // An installation has more around it.
    const is = (made: typeof install) => shellOf(command).endsWith(shellOf(made(name, 120).command));
    if (is(install)) this.installed.set(name, "1.31-1");
    else if (is(remove)) this.installed.delete(name);
    else return;
    this.half.delete(name);
    this.told.push(`${is(install) ? "install" : "remove"} ${name}`);
  }
}
