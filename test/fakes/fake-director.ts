import { DROP_IN } from "../../provider/facts/ipvs/loader";
import { ruleTarget, splitRule, targetKey } from "../../provider/facts/ipvs/rule-words";
import { parseTable } from "../../provider/facts/ipvs/table";
import type { Seen } from "../../provider/kinds/real-server/kind";
import { describeStep, type Step } from "../../provider/step";

const DEBIAN_DEFAULTS = '# ipvsadm\n\n# if you want to start ipvsadm on boot set this to true\nAUTO="false"\n';

/** A director as far as the IPVS kinds can see one: a kernel table with the kernel's rules, and the files of the loader. */
export class FakeDirector {
  readonly files = new Map<string, string>();
  wanted = false;
  links: "enabled" | "disabled" | "absent" = "absent";
  /** Connections that are open, or being opened, by `service -> server`. */
  readonly active = new Map<string, number>();
  readonly #rules = new Map<string, readonly string[]>();

  constructor(readonly layout: "debian" | "rhel" | "none") {
    if (layout === "debian") {
      this.files
        .set("/etc/default/ipvsadm", DEBIAN_DEFAULTS)
        .set("/etc/ipvsadm.rules", "# empty rules file for ipvsadm\n");
      this.links = "enabled";
    }
  }

  /** As an operator would, by hand. Throws what the kernel says. */
  ipvsadm(line: string): void {
    const words = splitRule(line);
    const [operation = ""] = words;
    const subject = ruleTarget(["-a", ...words.slice(1)].join(" ")) ?? ruleTarget(["-A", ...words.slice(1)].join(" "));
    if (subject === undefined) throw new Error(`unexpected argument in ${line}`);
    const isServer = operation === operation.toLowerCase();
    const key = targetKey(isServer ? subject : { service: subject.service });
    if (isServer && !this.#rules.has(subject.service)) throw new Error("Service not defined");
    const exists = this.#rules.has(key);
    if (operation.toLowerCase() === "-a" && exists)
      throw new Error(isServer ? "Destination already exists" : "Service already exists");
    if (operation.toLowerCase() !== "-a" && !exists)
      throw new Error(isServer ? "No such destination" : "No such service");
    if (operation === "-d") this.#rules.delete(key);
    else if (operation === "-D") this.#deleteService(key);
    else this.#rules.set(key, [isServer ? "-a" : "-A", ...words.slice(1)]);
  }

  run(steps: readonly Step[]): void {
    for (const step of steps) {
      if ("rule" in step) this.ipvsadm(step.rule.join(" "));
      else if ("file" in step) this.#write(step.file, step.edit(this.files.get(step.file)));
      else this.#command(describeStep(step));
    }
  }

  seen(): Seen {
    return {
      ipvs: parseTable(this.#print()),
      loader: {
        seen: [],
        installed: this.layout !== "none",
        initScript: this.layout === "debian",
        defaults: this.layout === "debian",
        links: this.links,
        unit: this.layout === "rhel",
        wanted: this.wanted,
        ...(this.files.has(DROP_IN) ? { dropIn: this.files.get(DROP_IN) ?? "" } : {}),
      },
      debianRules: this.files.get("/etc/ipvsadm.rules"),
      debianDefaults: this.files.get("/etc/default/ipvsadm"),
      rhelRules: this.files.get("/etc/sysconfig/ipvsadm"),
      rulesRecord: this.files.get("/etc/modules-load.d/pulumi-lvs.conf"),
    };
  }

  /** All that may be different after a destroy, and must not be. */
  state(): unknown {
    return { files: [...this.files].sort(), wanted: this.wanted, links: this.links, rules: [...this.#rules].sort() };
  }

  #deleteService(key: string): void {
    for (const each of [...this.#rules.keys()])
      if (each === key || each.startsWith(`${key} -> `)) this.#rules.delete(each);
  }

  #write(file: string, text: string | undefined): void {
    if (text === undefined) this.files.delete(file);
    else this.files.set(file, text);
  }

  #command(command: string): void {
    if (command.includes("update-rc.d ipvsadm enable")) this.links = "enabled";
    else if (command === "update-rc.d ipvsadm disable") this.links = "disabled";
    else if (command === "update-rc.d -f ipvsadm remove") this.links = "absent";
    else if (command.includes("ExecStop=")) {
      this.files.set(
        DROP_IN,
        command.slice(command.indexOf("# Written"), command.indexOf("ExecStop=\n") + "ExecStop=\n".length),
      );
      this.wanted = true;
    } else if (command.includes(`rm -f -- ${DROP_IN}`)) {
      this.files.delete(DROP_IN);
      if (command.endsWith(" disable")) this.wanted = false;
    } else throw new Error(`the fake does not know ${command}`);
  }

  /** Both listings, as ipvsadm 1.31 prints them. */
  #print(): string {
    const sorted = [...this.#rules].sort(([a], [b]) => (a < b ? -1 : 1));
    const saved = sorted.map(([, words]) => printSaved(words));
    const listed = sorted.map(([key, words]) => {
      const [protocol = "", name = "", family] = key.split(" ");
      if (words[0] === "-A")
        return `${({ tcp: "TCP", udp: "UDP", sctp: "SCTP" })[protocol] ?? "FWM"}  ${name}${family === "ipv6" ? " IPv6" : ""} rr`;
      return `  -> ${after(words, "-r") ?? ""}  ${after(words, "-x") ?? "0"} ${after(words, "-y") ?? "0"} ${this.active.get(key) ?? 0} 0         `;
    });
    const heading =
      "IP Virtual Server version 1.2.1 (size=4096)\nProt LocalAddress:Port            Uthreshold Lthreshold ActiveConn InActConn\n  -> RemoteAddress:Port\n";
    return `${saved.map((line) => `${line}\n`).join("")}--\n${heading}${listed.map((line) => `${line}\n`).join("")}`;
  }
}

/** `--save` leaves thresholds out, says ipip, and prints a service's options in an order of its own. */
function printSaved(words: readonly string[]): string {
  const at = (option: string) => (words.includes(option) ? [option, after(words, option) ?? ""] : []);
  if (words[0] === "-A") {
    const name = words.slice(1, words.indexOf("-s"));
    const flag = (option: string) => (words.includes(option) ? [option] : []);
    return ["-A", ...name, ...at("-s"), ...at("-p"), ...at("-M"), ...at("--pe"), ...flag("-o"), ...at("-b")].join(" ");
  }
  const kept = words.filter((word, index) => ![word, words[index - 1]].some((one) => one === "-x" || one === "-y"));
  return (kept.includes("-i") && !kept.includes("--tun-type") ? [...kept, "--tun-type", "ipip"] : kept).join(" ");
}

function after(words: readonly string[], option: string): string | undefined {
  const at = words.indexOf(option);
  return at < 0 ? undefined : words[at + 1];
}
