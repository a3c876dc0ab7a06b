import { type Place, placeOf } from "../../dialects/network/declaration";
import { IGNORED_SUFFIX, isFalse, SCRIPTS } from "../../dialects/network/ifcfg/ifcfg-files";
import type { Stanza } from "../../dialects/network/ifupdown/interfaces";
import { isProgram, wordsOfCommand } from "../../dialects/network/ip-command";
import { readAssignments } from "../../facts/files/assignments";
import { trim, wordsOf } from "../../facts/files/blanks";
import type { Line } from "../../facts/files/lines";
import type { NetworkConfig } from "../../facts/network/managers";

/** A line of the host's own that brings up a default gateway of IPv4 at boot. */
export interface OtherGateway extends Place {
  readonly text: string;
  /** We cannot say what it does. */
  readonly isUnclear?: boolean;
}

/** Why ours would fail beside it, and what to do. */
export function besideOther({ path, line, text, isUnclear = false }: OtherGateway): string {
  return (
    `${placeOf({ path, line })}, ${isUnclear ? "may have" : "has"} a default gateway of its own ("${text}"), and the second one would fail at boot. ` +
    'Remove that line, use mode "policy", or set "boot: false"'
  );
}

type Found = Pick<OtherGateway, "line" | "isUnclear">;

/** An older file of network-scripts. Each line is a device, or "any", and arguments of `route add`, of which the first lacks its hyphen. */
export const STATIC_ROUTES = "/etc/sysconfig/static-routes";

/** Of network-scripts: GATEWAY in a file of an interface or of all, a route of `route-eth0`, in any of its two forms, or of static-routes. */
export function gatewayOfIfcfg({ files }: NetworkConfig): OtherGateway | undefined {
  for (const [path, lines] of files) {
    if (IGNORED_SUFFIX.test(path)) continue;
    const found =
      path === STATIC_ROUTES
        ? staticRouteIn(lines)
        : path.startsWith(`${SCRIPTS}/route-`)
          ? routeIn(lines)
          : variableIn(path, lines);
    const text = lines.find(({ number }) => number === found?.line)?.text ?? "";
    if (found !== undefined) return { path, ...found, text: trim(text).slice(0, 80) };
  }
  return undefined;
}

function variableIn(path: string, lines: readonly Line[]): Found | undefined {
  const isOfInterface = path.startsWith(`${SCRIPTS}/ifcfg-`);
  if (!isOfInterface && path !== "/etc/sysconfig/network") return undefined;
  const { values, problem } = readAssignments(lines);
  const isDown = isOfInterface && !path.includes(":") && isFalse(values.get("ONBOOT")?.value);
  if (isDown || isFalse(values.get("DEFROUTE")?.value)) return undefined;
  // Behind a command, anything may be assigned.
  const unread = problem && lines.find(({ number, text }) => number >= problem.line && text.includes("GATEWAY"));
  if (unread !== undefined) return { line: unread.number, isUnclear: true };
  const found = [values.get("GATEWAY"), values.get("GATEWAYDEV")].find(
    (one) => one !== undefined && one.value !== "" && one.value !== "none",
  );
  return found && { line: found.line, isUnclear: found.value === undefined };
}

/** `any net default gw 192.0.2.1`. The scripts look at the first column alone: a line that begins with a blank is none. */
function staticRouteIn(lines: readonly Line[]): Found | undefined {
  const line = lines.find(({ text }) => {
    const [device = "", sort = "", to = "", ...rest] = wordsOf(text);
    const isRoute = device !== "" && text.startsWith(device) && !device.startsWith("#") && sort === "net";
    const netmask = rest[rest.indexOf("netmask") + 1] ?? "";
    const isDefault =
      /^(?:default|0(?:\.0){0,3}\/0)$/.test(to) || (/^0(?:\.0){0,3}$/.test(to) && /^0(?:\.0){0,3}$/.test(netmask));
    return isRoute && isDefault && !hasMetric(rest);
  });
  return line && { line: line.number };
}

/** The scripts look for a line with ADDRESS0= or the like to tell the two forms apart. The whole file is read in one of them. */
export function isAddressForm(lines: readonly Line[]): boolean {
  return lines.some(({ text }) => /^[ \t\v\f\r]*ADDRESS\d+=/.test(text));
}

function routeIn(lines: readonly Line[]): Found | undefined {
  if (!isAddressForm(lines)) {
    const line = ipLines(lines).find(({ text }) => isDefaultRoute(wordsOf(text)));
    return line && { line: line.number };
  }
  const { values, problem } = readAssignments(lines);
  if (problem !== undefined) return { line: problem.line, isUnclear: true };
  // The scripts count from 0, and the first that is missing ends the list.
  for (let index = 0; ; index++) {
    const { value = "$", line } = values.get(`ADDRESS${index}`) ?? { value: "", line: 0 };
    if (value === "") return undefined;
    if (value === "$" || /^0[.0]*$/.test(value)) return { line, isUnclear: value === "$" };
  }
}

/** Each line becomes arguments of `ip route add`. Ours are left out. To the shell's `read`, a backslash at its end continues a line. */
function ipLines(lines: readonly Line[]): Line[] {
  const joined: Line[] = [];
  let start: Line | undefined;
  let isOurs = false;
  for (const { number, text } of lines) {
    if (text.startsWith("# pulumi-lvs ")) isOurs = text.startsWith("# pulumi-lvs begin default");
    const whole: Line = { number: start?.number ?? number, text: `${start?.text ?? ""}${text}` };
    const isContinued = text.endsWith("\\");
    start = isContinued ? { ...whole, text: whole.text.slice(0, -1) } : undefined;
    if (!isContinued && !isOurs && !/^#/.test(trim(whole.text))) joined.push(whole);
  }
  return start === undefined ? joined : [...joined, start];
}

/** Of ifupdown: the option `gateway`, or a command of a stanza. */
export function gatewayOfStanzas(stanzas: readonly Stanza[]): OtherGateway | undefined {
  for (const { name: device, options } of stanzas) {
    const metric = options.find(({ name }) => name === "metric")?.value ?? "0";
    for (const { name, value, path, line } of options) {
      const isGateway = name === "gateway" && !value.includes(":") && Number(metric) === 0;
      const added = isGateway || (["up", "pre-up"].includes(name) && addsGateway(value, device));
      if (added !== false) return { path, line, text: `${name} ${value}`.slice(0, 80), isUnclear: added === "unclear" };
    }
  }
  return undefined;
}

function addsGateway(command: string, device: string): boolean | "unclear" {
  const words = wordsOfCommand(command, { IFACE: device, LOGICAL: device });
  if (words === undefined) {
    return /\broute\b/.test(command) && /\bdefault\b|\b0\.0\.0\.0\b/.test(command) && "unclear";
  }
  const [program = "", ...args] = words;
  if (isProgram(program, "route")) {
    const isDefault = args.some((word) => word === "default" || word.startsWith("0.0.0.0"));
    return args.includes("add") && isDefault && !hasMetric(args) && !args.includes("inet6");
  }
  const start = args.findIndex((word) => !word.startsWith("-"));
  const [object = "", verb = "", ...route] = args.slice(Math.max(start, 0));
  if (!isProgram(program, "ip") || args.slice(0, start).includes("-6")) return false;
  return /^r(?:o(?:u(?:te?)?)?)?$/.test(object) && VERBS.includes(verb) && isDefaultRoute(route);
}

const VERBS = ["add", "a", "replace", "change", "append", "prepend"];

/** Whether these arguments of `ip route add` make a default route as ours: in the main table, and without a metric. */
function isDefaultRoute(words: readonly string[]): boolean {
  const [to, ...rest] = words.filter((word, index) => index > 1 || !["to", "unicast"].includes(word));
  if (!["default", "any", "all", "0/0", "0.0.0.0/0", "0.0.0.0"].includes(to ?? "")) return false;
  const table = rest.includes("table") ? rest[rest.indexOf("table") + 1] : "main";
  return (table === "main" || table === "254") && !hasMetric(rest);
}

function hasMetric(words: readonly string[]): boolean {
  return words.some(
    (word, index) => ["metric", "preference", "priority"].includes(words[index - 1] ?? "") && Number(word) !== 0,
  );
}
