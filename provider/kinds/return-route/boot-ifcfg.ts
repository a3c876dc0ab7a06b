import { emptyBlock, findBlock, formatBlock, hasBlock, type Marks, withoutBlock } from "../../dialects/files/block";
import { significantLines } from "../../dialects/network/boot-file";
import { parentProblem, SCRIPTS } from "../../dialects/network/ifcfg/ifcfg-files";
import { linesAt, type NetworkConfig } from "../../facts/network/managers";
import type { FileStep } from "../../step";
import type { RouteDialect } from "./boot-dialect";
import type { BootRoute } from "./boot-route";
import { besideOther, gatewayOfIfcfg, isAddressForm } from "./other-gateway";

/** The files that this dialect reads, besides those of interfaces. */
export const IFCFG_ROUTE_FILES = [`${SCRIPTS}/route*-*`, `${SCRIPTS}/rule*-*`, "/etc/sysconfig/network"];

/**
 * network-scripts: `route-eth1` and `rule-eth1` (`route6-`, `rule6-`). ifup passes each line to `ip route add` or `ip rule add`.
 * The files may have lines of the operator's: ours are a block between two comments, which the scripts ignore.
 */
export const ifcfgRoutes: RouteDialect = {
  isCurrent: (route, config) => {
    const wanted = filesOf(route);
    const others = blocks(route.id, config).filter((path) => !wanted.some((file) => file.path === path));
    return others.length === 0 && wanted.every((file) => isRight(route.id, file, config));
  },
  write: (route, config) =>
    filesOf(route)
      .filter((file) => !isRight(route.id, file, config))
      .map(({ path, lines }) => ({
        file: path,
        edit: (text) => put(text, route.id, lines),
        summary: lines.join("; "),
      })),
  remove: (id, config) => blocks(id, config).map((path) => take(path, id)),
  blockedBy: (route, config) => {
    const [routes] = filesOf(route);
    if (routes && isAddressForm(config.files.get(routes.path) ?? [])) {
      return (
        `${routes.path} defines routes as ADDRESS0=, and a file can use only one of the two formats. Rewrite them as ` +
        '"NETWORK via GATEWAY dev DEVICE", or set "boot: false"'
      );
    }
    const down = parentProblem(route.device, "routes come up with their interface", config);
    const other = down === undefined && route.id === "default" ? gatewayOfIfcfg(config) : undefined;
    return down ?? (other && besideOther(other));
  },
};

interface RouteFile {
  readonly path: string;
  readonly lines: readonly string[];
}

function filesOf({ family, device, routes, rules }: BootRoute): RouteFile[] {
  const six = family === "ipv4" ? "" : "6";
  return [
    { path: `${SCRIPTS}/route${six}-${device}`, lines: routes },
    { path: `${SCRIPTS}/rule${six}-${device}`, lines: rules },
  ].filter(({ lines }) => lines.length > 0);
}

function marksOf(id: string): Marks {
  return { begin: `# pulumi-lvs begin ${id}`, end: `# pulumi-lvs end ${id}` };
}

function isRight(id: string, { path, lines }: RouteFile, config: NetworkConfig): boolean {
  const marks = marksOf(id);
  const all = linesAt(config, path) ?? [];
  // A block without an end is not right; the edit that is to repair it fails with the reason.
  const block = all.includes(marks.end) ? findBlock(all.join("\n"), marks)?.block : undefined;
  return block !== undefined && significantLines(block.map((line) => line.trimEnd())).join("\n") === lines.join("\n");
}

function blocks(id: string, { files }: NetworkConfig): string[] {
  return [...files]
    .filter(([, lines]) => hasBlock(lines.map(({ text }) => text).join("\n"), marksOf(id)))
    .map(([path]) => path);
}

function put(text: string | undefined, id: string, lines: readonly string[]): string {
  const marks = marksOf(id);
  const file = findBlock(text, marks) ?? emptyBlock(text ?? "");
  return formatBlock({ ...file, block: lines.map((line) => `${line}\n`) }, marks);
}

function take(path: string, id: string): FileStep {
  return { file: path, edit: (text) => without(text, id), summary: "remove our lines" };
}

/** Removes an empty file: only we would have created it. */
function without(text: string | undefined, id: string): string | undefined {
  const file = findBlock(text, marksOf(id));
  if (file === undefined) return text;
  const rest = withoutBlock(file);
  return rest === "" ? undefined : rest;
}
