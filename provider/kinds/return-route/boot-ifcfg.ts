import { significantLines } from "../../dialects/network/dialect";
import { IGNORED, parentObstacle, SCRIPTS } from "../../dialects/network/ifcfg-files";
import { type Network, textOf } from "../../facts/network/managers";
import type { FileStep } from "../../step";
import type { BootRoute, RouteDialect } from "./boot-dialect";

/** What this dialect has to see beside the files of interfaces. */
export const IFCFG_ROUTE_FILES = [`${SCRIPTS}/route*-*`, `${SCRIPTS}/rule*-*`, "/etc/sysconfig/network"];

/**
 * network-scripts: `route-eth1` and `rule-eth1` (`route6-`, `rule6-`), a line each, which ifup hands to `ip route add` and
 * `ip rule add`. They may be the operator's: ours are a block between two comments, that the scripts pass over.
 */
export const ifcfgRoutes: RouteDialect = {
  isRight: (route, network) => {
    const wanted = filesOf(route);
    const elsewhere = blocks(route.id, network).filter((path) => !wanted.some((file) => file.path === path));
    return elsewhere.length === 0 && wanted.every((file) => isRight(route.id, file, network));
  },
  write: (route, network) =>
    filesOf(route)
      .filter((file) => !isRight(route.id, file, network))
      .map(({ path, lines }) => ({
        file: path,
        edit: (text) => put(text, route.id, lines),
        summary: lines.join("; "),
      })),
  remove: (id, network) => blocks(id, network).map((path) => take(path, id)),
  blockedBy: (route, network) => {
    const [routes] = filesOf(route);
    if (routes && (textOf(network, routes.path) ?? []).some((line) => /^\s*ADDRESS\d+=/.test(line))) {
      return (
        `${routes.path} has routes as ADDRESS0=, and a file has one way of writing them or the other. Write them as ` +
        '"NETWORK via GATEWAY dev DEVICE", or set "boot: false"'
      );
    }
    const down = parentObstacle(route.device, "routes come up with their interface", network);
    return down ?? (route.id === "default" ? otherGateway(network) : undefined);
  },
};

interface Part {
  readonly path: string;
  readonly lines: readonly string[];
}

function filesOf({ family, device, routes, rules }: BootRoute): Part[] {
  const six = family === "ipv4" ? "" : "6";
  return [
    { path: `${SCRIPTS}/route${six}-${device}`, lines: routes },
    { path: `${SCRIPTS}/rule${six}-${device}`, lines: rules },
  ].filter(({ lines }) => lines.length > 0);
}

/** What has to be undone when the block goes. */
const NO_NEWLINE = " (no newline before)";

const isBegin = (id: string) => (line: string) => line.replace(NO_NEWLINE, "") === `# pulumi-lvs begin ${id}`;
const end = (id: string) => `# pulumi-lvs end ${id}`;

function isRight(id: string, { path, lines }: Part, network: Network): boolean {
  const all = textOf(network, path) ?? [];
  const [from, to] = [all.findIndex(isBegin(id)), all.indexOf(end(id))];
  if (from < 0 || to < from) return false;
  return significantLines(all.slice(from, to)).join("\n") === lines.join("\n");
}

function blocks(id: string, { files }: Network): string[] {
  return [...files].filter(([, lines]) => lines.some(({ text }) => isBegin(id)(text))).map(([path]) => path);
}

function put(text: string | undefined, id: string, lines: readonly string[]): string {
  const rest = without(text, id) ?? "";
  const open = rest !== "" && !rest.endsWith("\n");
  const begin = `# pulumi-lvs begin ${id}${open ? NO_NEWLINE : ""}`;
  return `${rest}${open ? "\n" : ""}${[begin, ...lines, end(id), ""].join("\n")}`;
}

function take(path: string, id: string): FileStep {
  return { file: path, edit: (text) => without(text, id), summary: "remove our lines" };
}

/** With nothing left the file goes: only we would have written one. */
function without(text: string | undefined, id: string): string | undefined {
  const lines = (text ?? "").split("\n");
  const [from, to] = [lines.findIndex(isBegin(id)), lines.indexOf(end(id))];
  if (from < 0 || to < from) return text;
  const after = lines.slice(to + 1);
  const rest = [...lines.slice(0, from), ...after].join("\n");
  if (rest === "") return undefined;
  const wasOpen = lines[from]?.endsWith(NO_NEWLINE) === true && after.join("") === "";
  return wasOpen ? rest.replace(/\n$/, "") : rest;
}

function otherGateway({ files }: Network): string | undefined {
  for (const [path, lines] of files) {
    const line = lines.find(({ text }) => /^\s*GATEWAY=./.test(text));
    if (line === undefined || IGNORED.test(path) || !/\/(?:ifcfg-[^/]*|network)$/.test(path)) continue;
    return (
      `${path}, line ${line.number}, has a default gateway of its own ("${line.text.trim()}"), and the second one would fail at boot. ` +
      'Remove that line, use mode "policy", or set "boot: false"'
    );
  }
  return undefined;
}
