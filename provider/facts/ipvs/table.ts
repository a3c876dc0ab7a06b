import type { ServerSettings } from "../../model/ipvs/real-server";
import { serviceKey } from "../../model/ipvs/service-key";
import type { Service } from "../../model/ipvs/virtual-service";
import type { Advice } from "../../step";
import type { Fact } from "../fact";
import { type Listed, parseList } from "./listing";
import { ruleTarget, targetKey } from "./rule-target";
import { parseRule } from "./saved-rule";

/** The kernel's IPVS table. */
export interface IpvsTable {
  readonly services: ReadonlyMap<string, Service>;
  /** By key of the service, then by address of the server. */
  readonly servers: ReadonlyMap<string, ReadonlyMap<string, ServerSettings>>;
  /** Established connections and those being opened, by `service -> server`. */
  readonly active: ReadonlyMap<string, number>;
  /** Rules that cannot be parsed (none of ours are like that): rule key -> parse error. */
  readonly unreadable: ReadonlyMap<string, string>;
}

export const INSTALL_IPVSADM =
  'ipvsadm is not installed on the host. Install it: "apt-get install ipvsadm", "dnf install ipvsadm" or "yum install ipvsadm".';

/** Advice for errors of ipvsadm. */
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
 * The whole table. If IPVS is not loaded, the table is empty and ipvsadm is not called, because it would load the module. Numeric,
 * because names would depend on DNS. Two listings, because `--save` omits the thresholds.
 */
export const ipvsTable: Fact<IpvsTable> = {
  command: {
    sh: "if [ -e /proc/net/ip_vs ]; then ipvsadm -Sn && echo -- && ipvsadm -Ln --thresholds; fi",
    inShell: true,
    changedOnlyBy: ["rules"],
  },
  parse: parseTable,
};

/** Parses both listings. A rule that cannot be parsed is recorded; any other unexpected line is an error. */
export function parseTable(output: string): IpvsTable {
  const services = new Map<string, Service>();
  const servers = new Map<string, Map<string, ServerSettings>>();
  const unreadable = new Map<string, string>();
  if (output === "") return { services, servers, active: new Map(), unreadable };

  const [saved, listing] = output.split(/^--\n/m);
  if (saved === undefined || listing === undefined) throw new Error("the second listing of the table is missing");
  const listed = parseList(listing);
  for (const line of saved.split("\n").filter((text) => text !== "")) {
    const target = ruleTarget(line);
    if (target === undefined) throw new Error(`cannot read "${line}" as a rule, from ipvsadm --save`);
    try {
      const rule = parseRule(line);
      if ("service" in rule) services.set(serviceKey(rule.service), rule.service);
      else {
        const { service, address, ...settings } = rule.server;
        const siblings = servers.get(service) ?? new Map<string, ServerSettings>();
        servers.set(
          service,
          siblings.set(address, { ...settings, ...thresholds(listed.get(`${service} -> ${address}`)) }),
        );
      }
    } catch (error) {
      unreadable.set(
        targetKey(target),
        `cannot read "${line.trim()}", from ipvsadm --save: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }
  return { services, servers, active: new Map([...listed].map(([key, { active }]) => [key, active])), unreadable };
}

/** Throws the parse error of a rule whose key matches. */
export function refuseUnreadable({ unreadable }: IpvsTable, matches: (key: string) => boolean): void {
  for (const [key, reason] of unreadable) if (matches(key)) throw new Error(reason);
}

function thresholds(listed: Listed | undefined): Pick<ServerSettings, "upperThreshold" | "lowerThreshold"> {
  if (listed === undefined)
    throw new Error("the second listing does not have it, because the table was changed meanwhile; run again");
  return { upperThreshold: listed.upperThreshold, lowerThreshold: listed.lowerThreshold };
}
