import {
  emptyBlock,
  findBlock,
  formatBlock,
  hasBlock,
  type MarkedFile,
  type Marks,
  withoutBlock,
} from "../../dialects/files/block";
import { significantLines } from "../../dialects/network/boot-file";
import { parentProblem, SCRIPTS } from "../../dialects/network/ifcfg/ifcfg-files";
import { linesAt, type NetworkConfig } from "../../facts/network/managers";
import type { FileStep } from "../../step";
import type { RouteDialect } from "./boot-dialect";
import type { BootRoute } from "./boot-route";
import { besideOther, gatewayOfIfcfg, isAddressForm, STATIC_ROUTES } from "./other-gateway";

/** The files that this dialect reads, besides those of interfaces. */
export const IFCFG_ROUTE_FILES = [`${SCRIPTS}/route*-*`, `${SCRIPTS}/rule*-*`, "/etc/sysconfig/network", STATIC_ROUTES];

/**
 * network-scripts: `route-eth1` and `rule-eth1` (`route6-`, `rule6-`). ifup passes each line to `ip route add` or `ip rule add`.
 * The files may have lines of the operator's: ours are a block between two comments, which the scripts ignore.
 */
export const ifcfgRoutes: RouteDialect = {
  edits: (id, route, config) => {
    const wanted = route === undefined ? [] : filesOf(route);
    const strays = blocks(id, config).filter((path) => !wanted.some((file) => file.path === path));
    return [
      ...strays.map((path): FileStep => ({ file: path, edit: (text) => take(text, id), summary: "remove our lines" })),
      ...wanted
        .filter((file) => !isRight(id, file, config))
        .map(({ path, lines }): FileStep => {
          return { file: path, edit: (text) => put(text, id, lines), summary: lines.join("; ") };
        }),
    ];
  },
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
  const file = all.includes(marks.end) ? findBlock(all.join("\n"), marks) : undefined;
  if (file === undefined || hasBlock(file.below.join(""), marks)) return false;
  return significantLines(file.block.map((line) => line.trimEnd())).join("\n") === lines.join("\n");
}

function blocks(id: string, { files }: NetworkConfig): string[] {
  return [...files]
    .filter(([, lines]) => hasBlock(lines.map(({ text }) => text).join("\n"), marksOf(id)))
    .map(([path]) => path);
}

function put(text: string | undefined, id: string, lines: readonly string[]): string {
  const file = findOnly(text, id) ?? emptyBlock(text ?? "");
  return formatBlock({ ...file, block: lines.map((line) => `${line}\n`) }, marksOf(id));
}

/** Removes an empty file: only we would have created it. */
function take(text: string | undefined, id: string): string | undefined {
  const file = findOnly(text, id);
  if (file === undefined) return text;
  const rest = withoutBlock(file);
  return rest === "" ? undefined : rest;
}

/** Our block, and the file without further ones of the same id, as a copied file has them: ifup would take their lines as well. */
function findOnly(text: string | undefined, id: string): MarkedFile | undefined {
  const file = findBlock(text, marksOf(id));
  const again = file && findOnly(file.below.join(""), id);
  return again === undefined ? file : file && { ...file, below: [...again.above, ...again.below] };
}
