import { DEFAULTS, DROP_IN, DROP_IN_DIRECTORY, type IpvsLoader, ipvsLoader } from "../../provider/facts/ipvs/loader";
import { tableLines } from "../../provider/facts/ipvs/table-lines";
import { keyOf } from "../../provider/host/session/fact-cache";
import { type Command, describeCommand } from "../../provider/step";
import { argsOf, shellOf } from "./fake-host";

/** What is seen of a host with ipvsadm and systemd that loads no rules. */
export const NO_LOADER: IpvsLoader = {
  seen: [],
  installed: true,
  initScript: false,
  defaults: false,
  links: "absent",
  systemd: true,
  runsInitScripts: true,
  texts: [],
  pulledInBy: [],
  target: "multi-user",
  paths: [],
  environment: [],
  nulls: [],
};

/**
 * `debian unit`: ipvsadm 1.31-5 of Debian 13, which has a unit and an init script. `own unit`: one that an operator wrote, of which only the
 * operator knows whose files it reads.
 */
export type LoaderLayout = "debian" | "debian unit" | "rhel" | "own unit" | "none";

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
    if (!this.#hasScript) return;
    files.set(DEFAULTS, DEBIAN_DEFAULTS).set("/etc/ipvsadm.rules", DEBIAN_RULES);
    this.links = "enabled";
    this.unitEnabled = layout === "debian unit";
  }

  get #hasScript(): boolean {
    return this.#layout === "debian" || this.#layout === "debian unit";
  }

  answer(command: Command): string | undefined {
    if (keyOf(command) === keyOf(tableLines.command)) return "";
    if (shellOf(command) !== shellOf(ipvsLoader.command)) return undefined;
    const dropIn = this.#files.get(DROP_IN);
    const unit = UNITS[this.#layout];
    const link = this.links === "enabled" ? "S01" : "K01";
    return [
      ...(this.#layout === "none" ? [] : ["installed"]),
      "systemd",
      ...(this.#hasScript ? ["seen /etc/init.d/ipvsadm"] : []),
      ...(this.#files.has(DEFAULTS) ? [`seen ${DEFAULTS}`] : []),
      ...(this.links === "absent" ? [] : [`link /etc/rc2.d/${link}ipvsadm`]),
      ...(this.#hasScript ? ["generator"] : []),
      "target multi-user",
      ...(unit === undefined ? [] : [`seen ${UNIT}`]),
      ...(this.unitEnabled ? ["wanted /etc/systemd/system/multi-user.target.wants/ipvsadm.service"] : []),
      ...(unit === undefined ? [] : textOf(UNIT, unit)),
      ...(dropIn === undefined ? [] : textOf(DROP_IN, dropIn)),
    ]
      .map((line) => `${line}\n`)
      .join("");
  }

  /** Whether the command was one of the loader's. */
  execute(command: Command): boolean {
    if (this.#layout === "rhel") return this.#unit(shellOf(command), argsOf(command));
    if (this.#layout === "own unit") return this.#wants(command) || this.#unit(shellOf(command), argsOf(command));
    return this.#layout === "debian unit" ? this.#wants(command) : this.#initScript(command);
  }

  #initScript(command: Command): boolean {
    const links = LINKS[describeCommand(command)];
    if (links !== undefined) this.links = links;
    return links !== undefined;
  }

  #wants(command: Command): boolean {
    const text = describeCommand(command);
    if (text.includes("add-wants multi-user.target ipvsadm.service")) this.unitEnabled = true;
    else if (text.includes("multi-user.target.wants/ipvsadm.service")) this.unitEnabled = false;
    else return false;
    return true;
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

const UNIT = "/usr/lib/systemd/system/ipvsadm.service";

function textOf(path: string, text: string): readonly string[] {
  return [
    `text ${path}`,
    ...text
      .replace(/\n$/, "")
      .split("\n")
      .map((line) => `| ${line}`),
  ];
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

/** The unit of CentOS 7 and its relatives, as the lab's rhel1 has it. */
export const RHEL_UNIT = `[Unit]
Description=Initialise the Linux Virtual Server
After=syslog.target network.target

[Service]
Type=oneshot
ExecStart=/bin/bash -c "exec /sbin/ipvsadm-restore < /etc/sysconfig/ipvsadm"
ExecStop=/bin/bash -c "exec /sbin/ipvsadm-save -n > /etc/sysconfig/ipvsadm"
ExecStop=/sbin/ipvsadm -C
RemainAfterExit=yes

[Install]
WantedBy=multi-user.target
`;

/** The unit of ipvsadm 1:1.31-5, in Debian 13. */
export const DEBIAN_UNIT = `[Unit]
Description=Linux Virtual Server administration daemon
Documentation=man:ipvsadm(8) man:ipvsadm-restore(8) man:ipvsadm-save(8)
After=network.target

[Service]
Type=oneshot
EnvironmentFile=-/etc/default/ipvsadm
ExecStartPre=/usr/libexec/ipvsadm/ipvsadm-load
ExecStart=/usr/libexec/ipvsadm/ipvsadm-start
ExecReload=/usr/libexec/ipvsadm/ipvsadm-load
ExecStop=/usr/libexec/ipvsadm/ipvsadm-stop
ExecStopPost=/usr/libexec/ipvsadm/ipvsadm-flush
RemainAfterExit=yes

[Install]
WantedBy=multi-user.target
`;

const OWN_UNIT = `[Service]
Type=oneshot
EnvironmentFile=-/etc/default/ipvsadm
ExecStart=/usr/local/sbin/load-rules
RemainAfterExit=yes

[Install]
WantedBy=multi-user.target
`;

const UNITS: Partial<Record<LoaderLayout, string>> = {
  rhel: RHEL_UNIT,
  "debian unit": DEBIAN_UNIT,
  "own unit": OWN_UNIT,
};
