import { significantText } from "../../dialects/network/boot-file";
import { INTERFACES, INTERFACES_DIR, isIfupdown2 } from "../../dialects/network/ifupdown/ifupdown-files";
import { readInterfaces } from "../../dialects/network/ifupdown/read-interfaces";
import { unreadProblem } from "../../dialects/network/ifupdown/unread";
import { methodProblem } from "../../dialects/network/ifupdown2/problem";
import { linesAt, type NetworkConfig } from "../../facts/network/managers";
import type { RouteDialect } from "./boot-dialect";
import type { BootRoute } from "./boot-route";
import { besideOther, gatewayOfStanzas } from "./other-gateway";

/** Debian's ifupdown: one more stanza for the interface, in a file of ours, with commands that run when it comes up. */
export const ifupdownRoutes: RouteDialect = {
  edits: (id, route, config) => {
    const file = pathOf(id);
    const lines = linesAt(config, file);
    if (route === undefined) return lines === undefined ? [] : [{ file, edit: () => undefined, summary: "remove it" }];
    const wanted = stanza(route, config);
    if (lines !== undefined && significantText(lines) === significantText(wanted)) return [];
    return [
      {
        file,
        edit: () => [`# return route of ${id}, by pulumi-lvs`, ...wanted, ""].join("\n"),
        summary: wanted.map((line) => line.trim()).join("; "),
      },
    ];
  },
  blockedBy: ({ id, device }, config) => {
    const path = pathOf(id);
    const interfaces = readInterfaces(config);
    const unread = unreadProblem(path, interfaces, config);
    if (unread !== undefined) return unread;
    const stanzas = interfaces.stanzas.filter((one) => one.path !== path);
    if (!stanzas.some(({ name }) => name === device)) {
      return `${INTERFACES} does not bring ${device} up: give it a stanza, or set "boot: false"`;
    }
    const harm = isIfupdown2(config) ? methodProblem(path, device, interfaces) : undefined;
    if (harm !== undefined) return harm;
    const other = id === "default" ? gatewayOfStanzas(stanzas) : undefined;
    return other && besideOther(other);
  },
};

/**
 * `manual`: the stanza adds nothing else to the interface. For ifupdown2 it has no method, which would be that of the host's own stanza, too.
 * `|| true`: ifup does not fail when a route or rule exists already.
 */
function stanza({ family, device, routes, rules }: BootRoute, config: NetworkConfig): string[] {
  const ip = family === "ipv4" ? "ip" : "ip -6";
  return [
    isIfupdown2(config) ? `iface ${device}` : `iface ${device} ${family === "ipv4" ? "inet" : "inet6"} manual`,
    ...routes.map((route) => `    up ${ip} route replace ${route} || true`),
    // Kernels before 4.17 accept the same rule twice, so it is deleted first.
    ...rules.flatMap((rule) => [
      `    up ${ip} rule del ${rule} 2>/dev/null || true`,
      `    up ${ip} rule add ${rule} || true`,
    ]),
    ...rules.map((rule) => `    down ${ip} rule del ${rule} || true`),
  ];
}

/** ifupdown's source-directory reads names of A-Z a-z 0-9 _ - only. */
function pathOf(id: string): string {
  return `${INTERFACES_DIR}/pulumi-lvs-route-${id.replaceAll(/[^\w-]/g, "-")}`;
}
