import type { ServerSettings } from "../../model/ipvs/real-server";
import { serviceKey } from "../../model/ipvs/service-key";
import type { Service } from "../../model/ipvs/virtual-service";
import type { Advice } from "../../step";
import type { Fact } from "../fact";
import { type Listed, parseList } from "./listing";
import { ruleTarget, targetKey } from "./rule-words";
import { parseRule } from "./saved-rule";

/** What is loaded in the kernel's IPVS table. */
export interface IpvsTable {
  readonly services: ReadonlyMap<string, Service>;
  /** By the key of the service, then by address. */
  readonly servers: ReadonlyMap<string, ReadonlyMap<string, ServerSettings>>;
  /** Connections that are open, or being opened, by `service -> server`. */
  readonly active: ReadonlyMap<string, number>;
  /** Rules that nobody of us can have written, and why they cannot be read: by whose rule it is. */
  readonly unreadable: ReadonlyMap<string, string>;
}

export const INSTALL_IPVSADM =
  'ipvsadm is not installed on the host. Install it: "apt-get install ipvsadm", "dnf install ipvsadm" or "yum install ipvsadm".';

/** What to tell the operator when ipvsadm fails. */
export const ipvsAdvice: readonly Advice[] = [
  {
    when: /ipvsadm: (?:\S+ )?not found|ipvsadm: No such file/,
    say: INSTALL_IPVSADM,
  },
  {
    when: /Protocol not available|Module ip_vs not found/,
    say: 'The kernel of the host has no IPVS. Try "modprobe ip_vs" there: minimal images keep the module in another package (linux-modules-extra, kernel-modules).',
  },
  {
    when: /you must be root/,
    say: "Only root may use IPVS. Log in as root, or set sudo: true in the host's connection.",
  },
  {
    when: /Scheduler or persistence engine not found/,
    say: "The kernel of the host has no module for this scheduler (ip_vs_NAME) or persistence engine (ip_vs_pe_NAME).",
  },
  {
    when: /Service not defined/,
    say: 'There is no such virtual service on the host. Declare it as a VirtualService and give its "key" as the real server\'s service, so that it comes first.',
  },
  {
    when: /Invalid operation\. {2}Possibly wrong module version/,
    say: "The kernel refuses an address that is not unicast, a tunnel that it is too old for (gue: Linux 5.2, gre: 5.3), or mixed families while a sync daemon runs.",
  },
  {
    when: /unknown option/,
    say: "The ipvsadm of the host is too old for an option: -b needs 1.27, --sctp-service 1.28, --tun-type 1.31.",
  },
];

/**
 * The whole table. Where IPVS is not loaded the table is empty, and ipvsadm is not even started: it would load the module, and a
 * look changes nothing. Numeric, because resolving names would make the answer depend on DNS. Two listings, because
 * `--save` leaves out the thresholds.
 */
export const ipvsTable: Fact<IpvsTable> = {
  command: {
    sh: "if [ -e /proc/net/ip_vs ]; then ipvsadm -Sn && echo -- && ipvsadm -Ln --thresholds; fi",
    inShell: true,
    changedOnlyBy: ["rules"],
  },
  parse: remember(parseTable),
};

/** Reads both listings. Other people's rules may be strange; a table that is strange as a whole is an error. */
export function parseTable(output: string): IpvsTable {
  const services = new Map<string, Service>();
  const servers = new Map<string, Map<string, ServerSettings>>();
  const unreadable = new Map<string, string>();
  if (output === "") return { services, servers, active: new Map(), unreadable };

  const [saved, listing] = output.split(/^--\n/m);
  if (saved === undefined || listing === undefined) throw new Error("the second listing of the table is missing");
  const listed = parseList(listing);
  for (const line of saved.split("\n").filter((text) => text !== "")) {
    const subject = ruleTarget(line);
    if (subject === undefined) throw new Error(`cannot tell what "${line}" is about, from ipvsadm --save`);
    try {
      const rule = parseRule(line);
      if ("service" in rule) services.set(serviceKey(rule.service), rule.service);
      else {
        const { service, address, ...settings } = rule.server;
        const among = servers.get(service) ?? new Map<string, ServerSettings>();
        servers.set(
          service,
          among.set(address, { ...settings, ...thresholds(listed.get(`${service} -> ${address}`)) }),
        );
      }
    } catch (error) {
      unreadable.set(
        targetKey(subject),
        `cannot read "${line.trim()}", from ipvsadm --save: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }
  return { services, servers, active: new Map([...listed].map(([key, { active }]) => [key, active])), unreadable };
}

/** All resources of a host are planned from the same answer. */
function remember<T>(parse: (output: string) => T): (output: string) => T {
  let last: { readonly output: string; readonly value: T } | undefined;
  return (output) => {
    if (last?.output !== output) last = { output, value: parse(output) };
    return last.value;
  };
}

/** Throws if a rule with this key is there and cannot be read. Guessing would be worse. */
export function refuseUnreadable({ unreadable }: IpvsTable, concerns: (key: string) => boolean): void {
  for (const [key, why] of unreadable) if (concerns(key)) throw new Error(why);
}

function thresholds(listed: Listed | undefined): Pick<ServerSettings, "upperThreshold" | "lowerThreshold"> {
  if (listed === undefined)
    throw new Error("it is not in the second listing: somebody changed the table meanwhile; run again");
  return { upperThreshold: listed.upperThreshold, lowerThreshold: listed.lowerThreshold };
}
