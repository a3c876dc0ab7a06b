import { isIPv4, isIPv6 } from "node:net";
import { ownValue } from "../../model/own-value";
import { readNumber } from "./restore-address";

/** Why ipvsadm ends at the value of an option. Undefined: it takes it. */
export function valueProblem(name: string, value: string | undefined, six: boolean): string | undefined {
  const range = ownValue(RANGES, name);
  if (range !== undefined) {
    const [min, max] = range;
    // -p without a value is 360 seconds.
    const fits = value === undefined || readNumber(value, min, max) !== undefined;
    return fits ? undefined : `illegal ${name} "${value}"`;
  }
  if (name === "netmask" && six) {
    const length = Number.parseInt(value ?? "", 10);
    return length >= 1 && length <= 128 ? undefined : "illegal ipv6 netmask specified";
  }
  if (name === "mcast-group") return isMulticast(value ?? "") ? undefined : `invalid mcast-group \`${value}'`;
  if (name === "tun-type" && !["ipip", "gue", "gre"].includes(value ?? "")) return "illegal tunnel type specified";
  return COMMANDS.includes(name) ? `invalid option \`--${name}'` : undefined;
}

const MAX = 2147483647;

/** Packages of Debian and its relatives take weights up to the largest; the original ends at 65535. */
const RANGES: Readonly<Record<string, readonly [number, number]>> = {
  "fwmark-service": [1, 4294967295],
  persistent: [1, 2678400],
  weight: [0, MAX],
  "u-threshold": [0, MAX],
  "l-threshold": [0, MAX],
  syncid: [0, 255],
  "mcast-port": [1, 65535],
  "mcast-ttl": [1, 255],
  "sync-maxlen": [1, 65507],
  "tun-port": [1, 65535],
};

/** A second command on a line. */
const COMMANDS =
  "add-service edit-service delete-service clear list zero add-server edit-server delete-server set help version restore save start-daemon stop-daemon".split(
    " ",
  );

function isMulticast(group: string): boolean {
  if (group.includes(":")) return isIPv6(group) && !group.includes("%") && /^ff/i.test(group);
  return isIPv4(group) && /^2(?:2[4-9]|3\d)\./.test(group);
}

const SERVICE = ["service-address", "scheduler", "persistent", "netmask", "ops", "pe", "sched-flags"];
const TUNNEL = ["tun-type", "tun-port", "tun-nocsum", "tun-csum", "tun-remcsum"];
const SERVER = [
  "service-address",
  "real-server",
  "forwarding-method",
  "weight",
  "u-threshold",
  "l-threshold",
  ...TUNNEL,
];

/** The options that a command may have. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  "add-service": SERVICE,
  "edit-service": SERVICE,
  "delete-service": ["service-address"],
  "add-server": SERVER,
  "edit-server": SERVER,
  "delete-server": ["service-address", "real-server"],
  zero: ["service-address"],
  list: ["service-address", "numeric"],
  save: ["numeric"],
  "start-daemon": ["mcast-interface", "syncid", "mcast-group", "mcast-port", "mcast-ttl", "sync-maxlen"],
  "stop-daemon": ["syncid"],
};

/** Why ipvsadm ends at the options of a command as a whole. `given`: option -> value. */
export function commandProblem(
  command: string,
  given: ReadonlyMap<string, string | undefined>,
  protocol: string | undefined,
): string | undefined {
  const illegal = [...given.keys()].find((name) => !(ownValue(ALLOWED, command) ?? []).includes(name));
  if (illegal !== undefined) return `Illegal '${illegal}' option with the '${command}' command`;
  const needed = /-service$/.test(command)
    ? ["service-address"]
    : /-server$/.test(command)
      ? ["service-address", "real-server"]
      : [];
  const missing = needed.find((name) => !given.has(name));
  if (missing !== undefined) return `You need to supply the '${missing}' option for the '${command}' command`;
  if (given.has("ops") && protocol !== "udp" && protocol !== "fwmark")
    return "One-Packet Scheduling is only for UDP virtual services";
  return flagProblem(given) ?? tunnelProblem(given);
}

function flagProblem(given: ReadonlyMap<string, string | undefined>): string | undefined {
  const scheduler = given.get("scheduler") ?? "";
  const flags = (given.get("sched-flags") ?? "").slice(0, 127);
  if (flags === "") return undefined;
  // strtok(3) skips empty ones; a list of nothing else ends ipvsadm as well.
  const named = flags.split(",").filter((flag) => flag !== "");
  const odd = named.find((flag) => {
    const [, of] = /^(sh|mh)-(?:fallback|port)$/.exec(flag) ?? [];
    return of === undefined ? !/^flag-[123]$/.test(flag) : of !== scheduler.slice(0, 15);
  });
  return odd === undefined && named.length > 0 ? undefined : `invalid scheduler flag \`${odd ?? flags}'`;
}

function tunnelProblem(given: ReadonlyMap<string, string | undefined>): string | undefined {
  if (!TUNNEL.some((name) => given.has(name))) return undefined;
  if (given.get("forwarding-method") !== "ipip") return "Tunnel options conflict with forward method";
  const type = given.get("tun-type") ?? "ipip";
  const sums = ["tun-nocsum", "tun-csum", "tun-remcsum"].filter((name) => given.has(name));
  if (type === "ipip" && (given.has("tun-port") || sums.length > 0))
    return "Illegal option with the 'ipip' tunnel type";
  if (type === "gue" && !given.has("tun-port"))
    return "You need to supply the 'tun-port' option for the 'gue' tunnel type";
  if (type === "gre" && (given.has("tun-port") || given.has("tun-remcsum")))
    return "Illegal option with the 'gre' tunnel type";
  return sums.length > 1 ? "the options for checksums conflict" : undefined;
}
