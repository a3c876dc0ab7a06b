import { significantLines } from "../../dialects/network/dialect";
import { isSourced } from "../../dialects/network/ifupdown";
import { textOf } from "../../facts/network/managers";
import type { BootRoute, RouteDialect } from "./boot-dialect";

const MAIN = "/etc/network/interfaces";
const OWN = `${MAIN}.d`;

/** Debian's ifupdown: a further stanza for the interface, in a file of its own, with commands for when it comes up. */
export const ifupdownRoutes: RouteDialect = {
  isRight: (route, network) => {
    const lines = textOf(network, pathOf(route.id));
    return lines !== undefined && squeezed(lines) === squeezed(stanza(route));
  },
  write: (route) => [
    {
      file: pathOf(route.id),
      edit: () => [`# return route of ${route.id}, by pulumi-lvs`, ...stanza(route), ""].join("\n"),
      summary: stanza(route)
        .map((line) => line.trim())
        .join("; "),
    },
  ],
  remove: (id, network) =>
    network.files.has(pathOf(id)) ? [{ file: pathOf(id), edit: () => undefined, summary: "remove it" }] : [],
  blockedBy: (route, network) => {
    if (!isSourced(pathOf(route.id), network)) {
      return `${MAIN} does not read ${OWN}: add the line "source ${OWN}/*" to it, or set "boot: false"`;
    }
    const own = pathOf(route.id);
    const others = [...network.files].filter(([path]) => path !== own && path.startsWith(MAIN));
    const opens = new RegExp(`^iface\\s+${route.device.replaceAll(".", "\\.")}\\s`);
    if (!others.some(([, lines]) => lines.some(({ text }) => opens.test(text.trim())))) {
      return `${MAIN} does not bring ${route.device} up: give it a stanza, or set "boot: false"`;
    }
    if (route.id !== "default") return undefined;
    const [path, lines = []] = others.find(([, all]) => all.some(({ text }) => GATEWAY.test(text))) ?? [];
    const line = lines.find(({ text }) => GATEWAY.test(text));
    if (path === undefined || line === undefined) return undefined;
    return (
      `${path}, line ${line.number}, has a default gateway of its own ("${line.text.trim()}"), and two of them would fail at boot. ` +
      'Remove that line, use mode "policy", or set "boot: false"'
    );
  },
};

const GATEWAY = /^\s*gateway\s+\d/;

/** `manual`: the stanza adds nothing by itself to the interface that is there. What is there already is no failure of an ifup. */
function stanza({ family, device, routes, rules }: BootRoute): string[] {
  const ip = family === "ipv4" ? "ip" : "ip -6";
  return [
    `iface ${device} ${family === "ipv4" ? "inet" : "inet6"} manual`,
    ...routes.map((route) => `    up ${ip} route replace ${route} || true`),
    // Kernels before 4.17 take one rule twice.
    ...rules.flatMap((rule) => [
      `    up ${ip} rule del ${rule} 2>/dev/null || true`,
      `    up ${ip} rule add ${rule} || true`,
    ]),
    ...rules.map((rule) => `    down ${ip} rule del ${rule} || true`),
  ];
}

/** Patterns such as source-directory's take names of A-Z a-z 0-9 _ -. */
function pathOf(id: string): string {
  return `${OWN}/pulumi-lvs-route-${id.replaceAll(/[^\w-]/g, "-")}`;
}

function squeezed(lines: readonly string[]): string {
  return significantLines(lines)
    .map((line) => line.replaceAll(/[ \t]+/g, " "))
    .join("\n");
}
