import { DEFAULTS, DROP_IN, DROP_IN_DIRECTORY, ipvsLoader } from "../../provider/facts/ipvs/loader";
import { type Command, describeCommand } from "../../provider/step";
import { argsOf, shellOf } from "./fake-host";

export type LoaderLayout = "debian" | "rhel" | "none";

/** What loads IPVS rules at boot on a fake host: links of the init script, or ipvsadm.service with its drop-in. */
export class FakeLoader {
  /** Whether ipvsadm.service is enabled. */
  unitEnabled = false;
  /** The links of Debian's init script. */
  links: "enabled" | "disabled" | "absent" = "absent";
  readonly #layout: LoaderLayout;
  readonly #files: Map<string, string>;

  /** `files` are those of the host: some of the loader's state is in them. */
  constructor(layout: LoaderLayout, files: Map<string, string>) {
    this.#layout = layout;
    this.#files = files;
    if (layout !== "debian") return;
    files.set(DEFAULTS, DEBIAN_DEFAULTS).set("/etc/ipvsadm.rules", DEBIAN_RULES);
    this.links = "enabled";
  }

  answer(command: Command): string | undefined {
    if (shellOf(command) !== shellOf(ipvsLoader.command)) return undefined;
    const dropIn = this.#files.get(DROP_IN);
    return [
      ...(this.#layout === "none" ? [] : ["installed"]),
      ...(this.#layout === "debian" ? ["seen /etc/init.d/ipvsadm"] : []),
      ...(this.#files.has(DEFAULTS) ? [`seen ${DEFAULTS}`] : []),
      ...(this.links === "absent" ? [] : [`links ${this.links}`]),
      ...(this.unitEnabled ? ["enabled"] : []),
      ...(this.#layout === "rhel" ? ["seen /usr/lib/systemd/system/ipvsadm.service", "unit"] : []),
      ...(dropIn === undefined ? [] : dropIn.trimEnd().split("\n")).map((line) => `drop-in ${line}`),
    ]
      .map((line) => `${line}\n`)
      .join("");
  }

  /** Whether the command was one of the loader's. */
  execute(command: Command): boolean {
    return this.#layout === "rhel" ? this.#unit(shellOf(command), argsOf(command)) : this.#initScript(command);
  }

  #initScript(command: Command): boolean {
    const links = LINKS[describeCommand(command)];
    if (links !== undefined) this.links = links;
    return links !== undefined;
  }

  /** As systemd would: the unit of a new fake is neither enabled nor active. */
  #unit(shell: string, args: readonly string[]): boolean {
    const [first = ""] = args;
    if (shell.includes("systemctl --quiet enable ipvsadm.service")) {
      const [, inactive = ""] = /was='([^']*)'/.exec(shell) ?? [];
      this.#files.set(DROP_IN, `${first}${inactive}\n`);
      this.unitEnabled = true;
      return true;
    }
    if (!shell.includes(`rmdir -- ${DROP_IN_DIRECTORY}`)) return false;
    this.#files.delete(DROP_IN);
    if (first === "disable") this.unitEnabled = false;
    return true;
  }
}

const LINKS: Readonly<Record<string, FakeLoader["links"]>> = {
  "sh -c 'update-rc.d ipvsadm defaults && update-rc.d ipvsadm enable' sh": "enabled",
  "update-rc.d ipvsadm disable": "disabled",
  "update-rc.d -f ipvsadm remove": "absent",
};

/** The two files of Debian's package, as Debian 12 installs them. */
export const DEBIAN_RULES = "# emtpy rules file for ipvsadm\n";
export const DEBIAN_DEFAULTS = `# ipvsadm

# if you want to start ipvsadm on boot set this to true
AUTO="false"

# daemon method (none|master|backup)
DAEMON="none"

# use interface (eth0,eth1...)
IFACE="eth0"\t

# syncid to use 
# (0 means no filtering of syncids happen, that is the default)
# SYNCID="0"

`;
